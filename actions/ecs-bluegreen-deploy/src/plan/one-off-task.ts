import { createHash } from 'node:crypto';
import type {
  CapacityProviderStrategyItem,
  NetworkConfiguration,
  RunTaskRequest,
  Service,
  TaskDefinition,
  TaskOverride,
} from '@aws-sdk/client-ecs';
import type { Finding } from '../../../../shared/errors';
import { cut, someOf } from '../../../../shared/excerpt';
import type { Request } from '../inputs';
import type { TaskSettings } from '../run-task-inputs';
import { type AppSpec, isRecord, memberOf } from './appspec';
import { type CurrentState, desiredTaskDefinition } from './current-state';

/** A task of the new revision that runs once, before the deployment. */
export interface OneOffTask {
  /** The input that asks for it. */
  readonly input: 'pre-deploy-command' | 'run-task';
  /** The container whose exit code decides, and whose log is shown. */
  readonly container: string;
  readonly overrides: TaskOverride;
  /** What differs from how the service runs. */
  readonly settings: TaskSettings;
  /** A name that the user gave; another run may have the same. */
  readonly startedBy: string | undefined;
  /** Whether its end is waited for. */
  readonly waits: boolean;
  /** It is asked for in every run, also where nothing is deployed, or an earlier run has done it already. */
  readonly always: boolean;
}

/** The one-off task that is asked for. */
export function oneOffTask(
  { preDeploy, runTask }: Pick<Request, 'preDeploy' | 'runTask'>,
  taskDefinition: Pick<TaskDefinition, 'containerDefinitions'> | undefined,
): OneOffTask | undefined {
  if (runTask) {
    return {
      ...runTask,
      input: 'run-task',
      container: decisiveContainer(runTask.overrides, taskDefinition),
      always: true,
    };
  }
  return (
    preDeploy && {
      input: 'pre-deploy-command',
      container: preDeploy.container,
      overrides: { containerOverrides: [{ name: preDeploy.container, command: [...preDeploy.command] }] },
      settings: {},
      startedBy: undefined,
      waits: true,
      always: false,
    }
  );
}

/** The one that is given a command, else another override, else the first essential one: when it ends, so does the task. */
function decisiveContainer(
  { containerOverrides = [] }: TaskOverride,
  taskDefinition: Pick<TaskDefinition, 'containerDefinitions'> | undefined,
): string {
  const containers = taskDefinition?.containerDefinitions ?? [];
  const given = containerOverrides.find(({ command }) => command !== undefined) ?? containerOverrides[0];
  return (given ?? containers.find(({ essential }) => essential !== false) ?? containers[0])?.name ?? '';
}

/** Checks that the task definition has the container. */
export function checkOneOffTask({ desired }: Pick<CurrentState, 'desired'>, request: Request): Finding[] {
  const taskDefinition =
    desired.kind === 'file' && desired.errors.length > 0 ? undefined : desiredTaskDefinition(desired);
  const task = oneOffTask(request, taskDefinition);
  if (!task || !taskDefinition) return [];
  const names = (taskDefinition.containerDefinitions ?? []).map(({ name }) => name);
  const asked = [task.container, ...(task.overrides.containerOverrides ?? []).map(({ name = '' }) => name)];
  return [...new Set(asked)]
    .filter((name) => !names.includes(name))
    .map((name) => ({
      where: task.input,
      problem: `container ${cut(name, 100)} is not in the task definition; it has ${someOf(names) || 'none'}`,
    }));
}

/**
 * A task without a service, whose settings are all in the inputs. It runs on Fargate unless they or the task definition say
 * otherwise, as in amazon-ecs-deploy-task-definition.
 */
export function withoutService(task: OneOffTask, taskDefinition: TaskDefinitionFacts | undefined): OneOffTask {
  const { launchType, capacityProviderStrategy } = task.settings;
  const { requiresCompatibilities: fits = [] } = taskDefinition ?? {};
  if (launchType || capacityProviderStrategy) return task;
  const isForEc2 = fits.length > 0 && !fits.includes('FARGATE');
  return { ...task, settings: { ...task.settings, launchType: isForEc2 ? fits[0]! : 'FARGATE' } };
}

type TaskDefinitionFacts = Pick<TaskDefinition, 'networkMode' | 'requiresCompatibilities'>;

/** Checks that the inputs say all that a service would: ECS refuses a task in a network of its own without subnets. */
export function checkWithoutService(
  { settings }: OneOffTask,
  taskDefinition: TaskDefinitionFacts | undefined,
): Finding[] {
  if (taskDefinition?.networkMode !== 'awsvpc' || settings.subnets) return [];
  const problem = 'is required without a service, as the task definition has network mode awsvpc; specify its subnets';
  return [{ where: 'run-task-subnets', problem }];
}

/** What RunTask gets: the revision, and the network, launch type or capacity providers, and platform of the service. */
export function taskRequest(
  { overrides, settings }: OneOffTask,
  {
    cluster,
    service,
    appSpec,
    startedBy,
    revision,
  }: {
    readonly cluster: string;
    readonly service: Service;
    readonly appSpec: AppSpec | undefined;
    readonly startedBy: string;
    readonly revision: string;
  },
): RunTaskRequest {
  const {
    launchType,
    capacityProviderStrategy = [],
    networkConfiguration,
    platformVersion,
  } = {
    ...settingsOf(service),
    ...(appSpec && settingsIn(appSpec)),
    ...withoutTheOther(settings),
  };
  return {
    cluster,
    taskDefinition: revision,
    count: 1,
    startedBy,
    overrides,
    ...networkFor(settings, networkConfiguration),
    // ECS takes one of the two.
    ...(capacityProviderStrategy.length > 0 ? { capacityProviderStrategy } : launchType && { launchType }),
    ...(platformVersion && { platformVersion }),
    ...(service.enableECSManagedTags && { enableECSManagedTags: true }),
    ...(service.propagateTags === 'TASK_DEFINITION' && { propagateTags: 'TASK_DEFINITION' as const }),
    ...volumesOf(service),
    ...beside(settings),
  };
}

/** A launch type or strategy that is given replaces both, and the platform of the other one. */
function withoutTheOther({ launchType, capacityProviderStrategy }: TaskSettings): Settings {
  if (!launchType && !capacityProviderStrategy) return {};
  return { launchType, capacityProviderStrategy, platformVersion: undefined };
}

/** Subnets that are given may lie in another network than the groups of the service. */
function networkFor(
  { subnets, securityGroups, assignPublicIp }: TaskSettings,
  ofService: NetworkConfiguration | undefined,
): Pick<RunTaskRequest, 'networkConfiguration'> {
  const base = subnets ? { subnets, assignPublicIp: 'DISABLED' as const } : ofService?.awsvpcConfiguration;
  if (!base) return {};
  const given = { ...(securityGroups && { securityGroups }), ...(assignPublicIp && { assignPublicIp }) };
  return { networkConfiguration: { awsvpcConfiguration: { ...base, ...given } } };
}

const beside = ({ tags, enableECSManagedTags, volumeConfigurations }: TaskSettings): Partial<RunTaskRequest> => ({
  ...(tags && { tags }),
  ...(enableECSManagedTags !== undefined && { enableECSManagedTags }),
  ...(volumeConfigurations && { volumeConfigurations }),
});

type Settings = Pick<
  RunTaskRequest,
  'launchType' | 'capacityProviderStrategy' | 'networkConfiguration' | 'platformVersion'
>;

/** Under CODE_DEPLOY, the settings are those of the task set that receives the traffic. */
function settingsOf(service: Service): Settings {
  const { launchType, capacityProviderStrategy, networkConfiguration, platformVersion } =
    service.taskSets?.find(({ status }) => status === 'PRIMARY') ?? service;
  return {
    launchType,
    capacityProviderStrategy,
    networkConfiguration: networkConfiguration ?? service.networkConfiguration,
    platformVersion: service.platformVersion ?? platformVersion,
  };
}

/** What an AppSpec says about the new tasks wins over what the old ones have. */
function settingsIn({ properties }: AppSpec): Settings {
  const strategy = memberOf(properties, 'CapacityProviderStrategy');
  const platformVersion = memberOf(properties, 'PlatformVersion');
  const network = memberOf(properties, 'NetworkConfiguration');
  const vpc = isRecord(network) ? memberOf(network, 'AwsvpcConfiguration') : undefined;
  return {
    ...(Array.isArray(strategy) &&
      strategy.length > 0 && { capacityProviderStrategy: strategy.filter(isRecord).map(itemOf) }),
    ...(typeof platformVersion === 'string' && { platformVersion }),
    ...(isRecord(vpc) && { networkConfiguration: networkOf(vpc) }),
  };
}

const itemOf = (item: Record<string, unknown>): CapacityProviderStrategyItem => ({
  capacityProvider: String(memberOf(item, 'CapacityProvider') ?? ''),
  base: Number(memberOf(item, 'Base') ?? 0),
  weight: Number(memberOf(item, 'Weight') ?? 0),
});

function networkOf(vpc: Record<string, unknown>): NetworkConfiguration {
  const listOf = (name: string) => {
    const list = memberOf(vpc, name);
    return Array.isArray(list) ? list.map(String) : undefined;
  };
  const assignPublicIp = memberOf(vpc, 'AssignPublicIp') === 'ENABLED' ? 'ENABLED' : 'DISABLED';
  return {
    awsvpcConfiguration: {
      subnets: listOf('Subnets'),
      ...(listOf('SecurityGroups') && { securityGroups: listOf('SecurityGroups') }),
      assignPublicIp,
    },
  };
}

/** A volume that is configured at launch must be so for every task. */
function volumesOf({ deployments = [], taskSets = [] }: Service): Pick<RunTaskRequest, 'volumeConfigurations'> {
  const [primary] = [...deployments, ...taskSets].filter(({ status }) => status === 'PRIMARY');
  const volumes = primary && 'volumeConfigurations' in primary ? (primary.volumeConfigurations ?? []) : [];
  return volumes.length > 0 ? { volumeConfigurations: volumes as RunTaskRequest['volumeConfigurations'] } : {};
}

/**
 * Names the run that a task belongs to: the same for a run that is repeated, another one for another revision, command or
 * service. ECS takes letters, digits, hyphens, slashes and underscores.
 */
export function nameOfRun(
  task: OneOffTask,
  { cluster, service }: Pick<Request, 'cluster' | 'service'>,
  revision: string,
) {
  if (task.startedBy !== undefined) return task.startedBy;
  const what = JSON.stringify([cluster, service, revision, task.overrides]);
  return `${task.input}/${createHash('sha256').update(what).digest('hex').slice(0, 16)}`;
}

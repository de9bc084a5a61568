import { createHash } from 'node:crypto';
import type {
  CapacityProviderStrategyItem,
  NetworkConfiguration,
  RunTaskRequest,
  Service,
  TaskOverride,
} from '@aws-sdk/client-ecs';
import type { Finding } from '../../../../shared/errors';
import { someOf } from '../../../../shared/excerpt';
import type { Request } from '../inputs';
import { type AppSpec, isRecord, memberOf } from './appspec';
import { type CurrentState, desiredTaskDefinition } from './current-state';

/** A task of the new revision that runs once, before the deployment. */
export interface OneOffTask {
  /** The input that asks for it. */
  readonly input: 'pre-deploy-command';
  /** The container whose exit code decides, and whose log is shown. */
  readonly container: string;
  readonly overrides: TaskOverride;
}

/** The one-off task that is asked for. */
export const oneOffTask = ({ preDeploy }: Pick<Request, 'preDeploy'>): OneOffTask | undefined =>
  preDeploy && {
    input: 'pre-deploy-command',
    container: preDeploy.container,
    overrides: { containerOverrides: [{ name: preDeploy.container, command: [...preDeploy.command] }] },
  };

/** Checks that the task definition has the container. */
export function checkOneOffTask({ desired }: CurrentState, request: Request): Finding[] {
  const task = oneOffTask(request);
  const taskDefinition =
    desired.kind === 'file' && desired.errors.length > 0 ? undefined : desiredTaskDefinition(desired);
  if (!task || !taskDefinition) return [];
  const names = (taskDefinition.containerDefinitions ?? []).map(({ name }) => name);
  if (names.includes(task.container)) return [];
  const problem = `container ${task.container} is not in the task definition; it has ${someOf(names) || 'none'}`;
  return [{ where: task.input, problem }];
}

/** What RunTask gets: the revision, and the network, launch type or capacity providers, and platform of the service. */
export function taskRequest(
  { overrides }: OneOffTask,
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
  };
  return {
    cluster,
    taskDefinition: revision,
    count: 1,
    startedBy,
    overrides,
    ...(networkConfiguration && { networkConfiguration }),
    // ECS takes one of the two.
    ...(capacityProviderStrategy.length > 0 ? { capacityProviderStrategy } : launchType && { launchType }),
    ...(platformVersion && { platformVersion }),
    ...(service.enableECSManagedTags && { enableECSManagedTags: true }),
    ...(service.propagateTags === 'TASK_DEFINITION' && { propagateTags: 'TASK_DEFINITION' as const }),
    ...volumesOf(service),
  };
}

type Settings = Pick<
  RunTaskRequest,
  'launchType' | 'capacityProviderStrategy' | 'networkConfiguration' | 'platformVersion'
>;

/** Under CODE_DEPLOY the settings stand at the task set that takes the traffic. */
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

/** What an AppSpec says of the new tasks wins over what the old ones have. */
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
  const what = JSON.stringify([cluster, service, revision, task.overrides]);
  return `${task.input}/${createHash('sha256').update(what).digest('hex').slice(0, 16)}`;
}

import { createHash } from 'node:crypto';
import type { CapacityProviderStrategyItem, NetworkConfiguration, RunTaskRequest, Service } from '@aws-sdk/client-ecs';
import type { Request } from '../inputs';
import type { TaskSettings } from '../run-task-inputs';
import { type AppSpec, isRecord, memberOf } from './appspec';
import type { OneOffTask } from './one-off-task';

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

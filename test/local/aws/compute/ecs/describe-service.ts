import type { Deployment, NetworkConfiguration, Service, TaskSet } from '@aws-sdk/client-ecs';
import type { Fleet, ServiceRecord } from '../state';
import { arnOf, roleArnOf, type World } from '../world';
import { isSteady, pendingCount, runningCount } from './fleets';

/** A service as DescribeServices and UpdateService answer it. */
export function toService(world: World, service: ServiceRecord): Service {
  const { fleets, cluster, controller } = service;
  const primary = fleets.find(({ status }) => status === 'PRIMARY');
  const isCodeDeploy = controller === 'CODE_DEPLOY';
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: cluster.arn,
    status: service.status,
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    deploymentController: { type: controller },
    loadBalancers: primary && isCodeDeploy ? balancersOf(primary) : service.loadBalancers,
    serviceRegistries: [],
    desiredCount: service.desiredCount,
    runningCount: sum(fleets.map((fleet) => runningCount(world, fleet))),
    pendingCount: sum(fleets.map((fleet) => pendingCount(world, fleet))),
    launchType: service.capacityProviderStrategy ? undefined : 'FARGATE',
    capacityProviderStrategy: service.capacityProviderStrategy,
    platformVersion: service.platformVersion,
    platformFamily: 'Linux',
    taskDefinition: primary?.definition.taskDefinitionArn,
    deploymentConfiguration: service.deploymentConfiguration,
    networkConfiguration: networkOf(service.network),
    ...(isCodeDeploy ? { taskSets: fleets.map((fleet) => toTaskSet(world, fleet)) } : {}),
    deployments: isCodeDeploy ? [] : fleets.map((fleet) => toDeployment(world, fleet)),
    ...currentRevisions(world, service),
    roleArn: roleArnOf(world, 'iam', 'role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
    events: [...service.events],
    createdAt: service.createdAt,
    placementConstraints: [],
    placementStrategy: [],
    healthCheckGracePeriodSeconds: 0,
    enableECSManagedTags: service.managedTags ?? false,
    enableExecuteCommand: false,
    propagateTags: service.propagateTags ?? 'NONE',
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const networkOf = (awsvpcConfiguration: ServiceRecord['network']): NetworkConfiguration => ({ awsvpcConfiguration });

function balancersOf({ service, targetGroupArn }: Fleet) {
  return service.loadBalancers.map((balancer) => ({ ...balancer, targetGroupArn }));
}

/** A task set as DescribeTaskSets answers it. */
export function toTaskSet(world: World, fleet: Fleet): TaskSet {
  const { service } = fleet;
  return {
    id: fleet.id,
    taskSetArn: arnOf(world, 'ecs', `task-set/${service.cluster.name}/${service.name}/${fleet.id}`),
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    startedBy: 'CODE_DEPLOY',
    externalId: fleet.externalId,
    status: fleet.status,
    taskDefinition: fleet.definition.taskDefinitionArn,
    computedDesiredCount: fleet.desiredCount,
    pendingCount: pendingCount(world, fleet),
    runningCount: runningCount(world, fleet),
    createdAt: fleet.createdAt,
    updatedAt: fleet.updatedAt,
    ...launchOf(fleet),
    networkConfiguration: networkOf(fleet.network),
    loadBalancers: balancersOf(fleet),
    serviceRegistries: [],
    scale: { value: fleet.status === 'DRAINING' ? 0 : 100, unit: 'PERCENT' },
    stabilityStatus: isSteady(world, fleet) ? 'STEADY_STATE' : 'STABILIZING',
    stabilityStatusAt: fleet.steadyAt ?? fleet.updatedAt,
    tags: [],
  };
}

const launchOf = (fleet: Fleet) => ({
  ...(fleet.capacityProviderStrategy
    ? { capacityProviderStrategy: fleet.capacityProviderStrategy }
    : { launchType: 'FARGATE' as const }),
  platformVersion: fleet.platformVersion === 'LATEST' ? '1.4.0' : fleet.platformVersion,
  platformFamily: 'Linux',
});

const toDeployment = (world: World, fleet: Fleet): Deployment => ({
  ...(fleet.service.serviceConnect && { serviceConnectConfiguration: fleet.service.serviceConnect }),
  ...(fleet.service.vpcLattice && { vpcLatticeConfigurations: [...fleet.service.vpcLattice] }),
  id: fleet.id,
  status: fleet.status,
  taskDefinition: fleet.definition.taskDefinitionArn,
  desiredCount: fleet.desiredCount,
  pendingCount: pendingCount(world, fleet),
  runningCount: runningCount(world, fleet),
  failedTasks: fleet.failedTasks,
  createdAt: fleet.createdAt,
  updatedAt: fleet.updatedAt,
  ...launchOf(fleet),
  networkConfiguration: networkOf(fleet.network),
  rolloutState: fleet.rollout?.state,
  rolloutStateReason: fleet.rollout?.reason,
  ...(fleet.service.volumes && { volumeConfigurations: fleet.service.volumes }),
});

/** Under the ECS controller: the service deployment that runs, and the revisions that have tasks. */
function currentRevisions(world: World, { serviceDeployments }: ServiceRecord): Partial<Service> {
  const newest = serviceDeployments[0];
  if (!newest) return {};
  const isOver = newest.finishedAt !== undefined || newest.stoppedAt !== undefined;
  const revisions = [newest.source, newest.target].flatMap((one) => one ?? []);
  return {
    ...(isOver ? {} : { currentServiceDeployment: newest.arn }),
    currentServiceRevisions: revisions
      .filter(({ fleet }) => fleet.status !== 'INACTIVE')
      .map(({ revision, fleet }) => ({
        arn: revision.serviceRevisionArn,
        requestedTaskCount: fleet.desiredCount,
        runningTaskCount: runningCount(world, fleet),
        pendingTaskCount: pendingCount(world, fleet),
      })),
  };
}

import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { Course } from '../course';
import type { Fleet, ServiceRecord } from '../state';
import { arnOf, dateOf, type World } from '../world';
import { createFleet, scheduleFleet } from './fleets';
import { isOver, type RevisionInDeployment, type ServiceDeploymentRecord, type ServiceRevisionRecord } from './record';
import { roll } from './rolling';
import { setDeploymentStatus, watchForFailure } from './service-deployment-end';
import { shift } from './shifting';

/** Starts a service deployment to a task definition; one that still runs is replaced by it. */
export function startServiceDeployment(world: World, service: ServiceRecord, definition: TaskDefinition): void {
  for (const other of service.serviceDeployments.filter((one) => !isOver(one))) supersede(world, other);
  const source = sourceOf(service);
  const fleet = createGreen(world, service, definition, source?.fleet);
  const record = addServiceDeployment(world, service, source, fleet);
  setDeploymentStatus(world, record, 'PENDING');
  void record.course.run(async () => {
    await record.course.wait(world.timing.queue);
    record.startedAt = dateOf(world);
    setDeploymentStatus(world, record, 'IN_PROGRESS');
    watchForFailure(world, record);
    // An alarm that is already on ends this course: then it takes no step.
    await record.course.wait(0);
    const isRolling = (record.configuration.strategy ?? 'ROLLING') === 'ROLLING';
    await (isRolling ? roll(world, record) : shift(world, record));
  });
  if ((record.configuration.strategy ?? 'ROLLING') === 'ROLLING') scheduleFleet(world, fleet);
}

function supersede(world: World, record: ServiceDeploymentRecord): void {
  record.course.interrupt();
  record.stoppedAt = dateOf(world);
  record.statusReason = 'Service deployment was stopped because a newer service deployment started.';
  setDeploymentStatus(world, record, 'STOPPED');
}

/** What ran before: the target of the newest service deployment that succeeded. */
function sourceOf(service: ServiceRecord): RevisionInDeployment | undefined {
  const newest = service.serviceDeployments.find(({ status }) => status === 'SUCCESSFUL');
  return newest && { ...newest.target, productionWeight: 100, testWeight: 0 };
}

/** The new revision's tasks are the PRIMARY deployment from now on; blue/green gives them the other target group. */
function createGreen(world: World, service: ServiceRecord, definition: TaskDefinition, blue: Fleet | undefined): Fleet {
  for (const fleet of service.fleets.filter(({ status }) => status === 'PRIMARY')) fleet.status = 'ACTIVE';
  const balancer = service.loadBalancers[0];
  const pair = [balancer?.targetGroupArn, balancer?.advancedConfiguration?.alternateTargetGroupArn];
  const isRolling = (service.deploymentConfiguration.strategy ?? 'ROLLING') === 'ROLLING';
  const other = pair.find((arn) => arn !== blue?.targetGroupArn);
  const fleet = createFleet(world, service, definition, {
    targetGroupArn: isRolling ? (blue?.targetGroupArn ?? balancer?.targetGroupArn) : other,
    status: 'PRIMARY',
    replacement: true,
  });
  fleet.rollout = { state: 'IN_PROGRESS', reason: `ECS deployment ${fleet.id} in progress.` };
  return fleet;
}

/** Records a service deployment and the revision that it deploys. */
export function addServiceDeployment(
  world: World,
  service: ServiceRecord,
  source: RevisionInDeployment | undefined,
  fleet: Fleet,
): ServiceDeploymentRecord {
  const revision = addRevision(world, service, fleet);
  const record: ServiceDeploymentRecord = {
    arn: arnOf(world, 'ecs', `service-deployment/${service.cluster.name}/${service.name}/${world.ids.hex(21)}`),
    service,
    createdAt: dateOf(world),
    course: new Course(world),
    configuration: service.deploymentConfiguration,
    source,
    target: { revision, fleet, productionWeight: 0, testWeight: 0 },
    status: 'PENDING',
    statusReason: undefined,
    stage: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    stoppedAt: undefined,
    updatedAt: dateOf(world),
    rollback: undefined,
    hooks: [],
    breakerTriggered: false,
    triggeredAlarms: [],
  };
  service.serviceDeployments.unshift(record);
  return record;
}

/** Milliseconds by which a revision is older than the deployment of it, as in the examples of the AWS CLI. */
const revisionAhead = 1_615;

function addRevision(world: World, service: ServiceRecord, fleet: Fleet): ServiceRevisionRecord {
  const { targetGroupArn } = fleet;
  const productionListenerRule = service.loadBalancers[0]?.advancedConfiguration?.productionListenerRule;
  const balancer = { targetGroupArn, ...(productionListenerRule ? { productionListenerRule } : {}) };
  const revision: ServiceRevisionRecord = {
    serviceRevisionArn: arnOf(
      world,
      'ecs',
      `service-revision/${service.cluster.name}/${service.name}/${world.ids.digits(19)}`,
    ),
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: fleet.definition.taskDefinitionArn ?? '',
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    loadBalancers: service.loadBalancers,
    networkConfiguration: { awsvpcConfiguration: fleet.network },
    containerImages: (fleet.definition.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: fleet.imageDigests.get(image ?? ''),
    })),
    guardDutyEnabled: false,
    createdAt: new Date(dateOf(world).getTime() - revisionAhead),
    resolvedConfiguration: { loadBalancers: [balancer] },
  };
  service.serviceRevisions.unshift(revision);
  return revision;
}

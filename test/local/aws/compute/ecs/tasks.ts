import type {
  Container,
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListTasksRequest,
  ListTasksResponse,
  Task,
} from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../service';
import { page } from '../paging';
import type { TaskContainer, TaskRecord } from '../state';
import { arnOf, type World } from '../world';
import { findCluster, findService, nameOf } from './find';

/** ECS forgets a stopped task after an hour. */
const remembered = 60 * 60_000;

export const taskOperations = (world: World) => ({
  ListTasks: (input: ListTasksRequest) => listTasks(world, input),
  DescribeTasks: (input: DescribeTasksRequest) => describeTasks(world, input),
});

const isRemembered = (world: World, task: TaskRecord): boolean =>
  !task.stoppedAt || world.clock.now() - task.stoppedAt.getTime() < remembered;

function listTasks(world: World, input: ListTasksRequest): ListTasksResponse {
  const cluster = findCluster(world, input.cluster);
  const { startedBy, serviceName, family, desiredStatus = 'RUNNING' } = input;
  if (startedBy && serviceName) {
    throw new AwsRefusal('InvalidParameterException', 'cannot specify both startedBy and serviceName in one request.');
  }
  const service = serviceName ? findService(world, cluster, serviceName) : undefined;
  if (serviceName && !service) throw new AwsRefusal('ServiceNotFoundException', 'Service not found.');
  const found = world.state.tasks.filter(
    (task) =>
      task.fleet.service.cluster === cluster &&
      task.desiredStatus === desiredStatus &&
      (!service || task.fleet.service === service) &&
      (!startedBy || task.fleet.id === startedBy) &&
      (!family || task.definition.family === family) &&
      isRemembered(world, task),
  );
  const arns = found.map(({ arn }) => arn);
  const { items, nextToken } = page(arns, input.nextToken, input.maxResults ?? 100);
  return { taskArns: items, nextToken };
}

function describeTasks(world: World, input: DescribeTasksRequest): DescribeTasksResponse {
  const cluster = findCluster(world, input.cluster);
  const named = input.tasks ?? [];
  if (named.length > 100)
    throw new AwsRefusal('InvalidParameterException', 'Tasks list cannot have more than 100 elements.');
  const there = world.state.tasks.filter((task) => task.fleet.service.cluster === cluster && isRemembered(world, task));
  const byId = new Map(there.map((task) => [task.id, task]));
  const ids = named.map(nameOf);
  return {
    tasks: ids.flatMap((id) => byId.get(id) ?? []).map((task) => toTask(world, task)),
    failures: ids
      .filter((id) => !byId.has(id))
      .map((id) => ({ arn: arnOf(world, 'ecs', `task/${cluster.name}/${id}`), reason: 'MISSING' })),
  };
}

/** The group that ECS puts a task in by default. */
const groupOf = ({ oneOff, definition, fleet }: TaskRecord): string =>
  oneOff ? (oneOff.request.group ?? `family:${definition.family}`) : `service:${fleet.service.name}`;

/** A task as DescribeTasks answers it. */
export function toTask(world: World, task: TaskRecord): Task {
  const { fleet, definition } = task;
  return {
    taskArn: task.arn,
    clusterArn: fleet.service.cluster.arn,
    taskDefinitionArn: definition.taskDefinitionArn,
    group: groupOf(task),
    startedBy: fleet.id || undefined,
    attachments: [
      {
        id: task.id,
        type: 'ElasticNetworkInterface',
        status: task.lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED',
        details: [{ name: 'privateIPv4Address', value: task.privateIp }],
      },
    ],
    containers: task.containers.map((container) => toContainer(world, task, container)),
    cpu: definition.cpu,
    memory: definition.memory,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    connectivity: 'CONNECTED',
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: 'UNKNOWN',
    createdAt: task.createdAt,
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    stoppingAt: task.stoppingAt,
    stoppedAt: task.stoppedAt,
    executionStoppedAt: task.startedAt ? task.stoppedAt : undefined,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    tags: [],
    version: 1,
  };
}

/** The id that the container engine gave a container. */
export const runtimeIdOf = (task: TaskRecord, container: string | undefined): string => `${task.id}-${container}`;

const toContainer = (world: World, task: TaskRecord, container: TaskContainer): Container => ({
  containerArn: arnOf(world, 'ecs', `container/${task.fleet.service.cluster.name}/${task.id}/${container.name}`),
  taskArn: task.arn,
  name: container.name,
  image: container.image,
  // It is known once the image is pulled.
  ...(task.pullStoppedAt && { imageDigest: container.imageDigest }),
  runtimeId: runtimeIdOf(task, container.name),
  lastStatus: container.lastStatus,
  exitCode: container.exitCode,
  reason: container.reason,
  networkBindings: [],
  networkInterfaces: [{ attachmentId: task.id, privateIpv4Address: task.privateIp }],
  healthStatus: 'UNKNOWN',
});

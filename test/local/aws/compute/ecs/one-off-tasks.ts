import type {
  RunTaskRequest,
  RunTaskResponse,
  StopTaskRequest,
  StopTaskResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../service';
import { writeLog } from '../logs';
import type { OneOffTask } from '../scenario';
import type { ClusterRecord, Fleet, TaskRecord } from '../state';
import { dateOf, type World } from '../world';
import { findCluster, nameOf } from './find';
import { digestsOf } from './fleets';
import { requireTaskDefinition } from './task-definitions';
import { endTask, setStatus, stopTask } from './task-end';
import { createTask, pullRefusal, startTask } from './task-life';
import { toTask } from './tasks';

/** RunTask and StopTask: tasks that belong to no service. */
export const oneOffTaskOperations = (world: World) => ({
  RunTask: (input: RunTaskRequest) => runTask(world, input),
  StopTask: (input: StopTaskRequest) => stopOneTask(world, input),
});

function refuse(message: string): never {
  throw new AwsRefusal('InvalidParameterException', message);
}

function runTask(world: World, input: RunTaskRequest): RunTaskResponse {
  const cluster = findCluster(world, input.cluster);
  const { definition } = requireTaskDefinition(world, input.taskDefinition ?? '');
  if (definition.status === 'INACTIVE') throw new AwsRefusal('ClientException', 'TaskDefinition is inactive');
  checkRequest(input, definition);
  // A request that is sent again with its token starts nothing (API model, clientToken).
  const { clientToken, count = 1 } = input;
  const before = world.state.tasks.filter(
    (task) => clientToken !== undefined && task.oneOff?.clientToken === clientToken,
  );
  if (before.length > 0) return { tasks: before.map((task) => toTask(world, task)), failures: [] };
  const { cannotPlace } = world.scenario.oneOffTask ?? {};
  if (cannotPlace) return { tasks: [], failures: [{ reason: cannotPlace }] };
  const tasks = Array.from({ length: count }, () => startOne(world, cluster, definition, input));
  return { tasks: tasks.map((task) => toTask(world, task)), failures: [] };
}

function checkRequest(input: RunTaskRequest, { networkMode, containerDefinitions = [] }: TaskDefinition): void {
  const { launchType, capacityProviderStrategy, networkConfiguration, overrides, startedBy = '' } = input;
  if (launchType && capacityProviderStrategy) {
    refuse('Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.');
  }
  if (networkMode === 'awsvpc' && !networkConfiguration) {
    refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (networkMode !== 'awsvpc' && networkConfiguration) {
    refuse('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  if (!/^[\w/-]{0,128}$/.test(startedBy)) refuse('Invalid startedBy.');
  for (const { name } of overrides?.containerOverrides ?? []) {
    if (containerDefinitions.some((container) => container.name === name)) continue;
    refuse(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
}

function startOne(world: World, cluster: ClusterRecord, definition: TaskDefinition, input: RunTaskRequest): TaskRecord {
  const fleet = fleetOf(world, cluster, definition, input);
  const task = Object.assign(createTask(world, fleet), { oneOff: { request: input, clientToken: input.clientToken } });
  void task.course.run(() => live(world, task, definition, world.scenario.oneOffTask ?? {}));
  return task;
}

/** What stands for the service of a task that has none. */
function fleetOf(world: World, cluster: ClusterRecord, definition: TaskDefinition, input: RunTaskRequest): Fleet {
  const at = dateOf(world);
  const network = input.networkConfiguration?.awsvpcConfiguration ?? { subnets: [] };
  const launch = {
    network,
    platformVersion: input.platformVersion ?? 'LATEST',
    capacityProviderStrategy: input.capacityProviderStrategy,
  };
  const service = {
    ...launch,
    arn: '',
    name: '',
    cluster,
    controller: 'ECS' as const,
    createdAt: at,
    status: 'ACTIVE' as const,
    desiredCount: 1,
    loadBalancers: [],
    deploymentConfiguration: {},
    events: [],
    fleets: [],
    serviceDeployments: [],
    serviceRevisions: [],
  };
  return {
    ...launch,
    id: input.startedBy ?? '',
    service,
    definition,
    targetGroupArn: undefined,
    createdAt: at,
    imageDigests: digestsOf(world, definition),
    externalId: undefined,
    replacement: false,
    status: 'PRIMARY',
    desiredCount: 1,
    failedTasks: 0,
    steadyAt: undefined,
    updatedAt: at,
    rollout: undefined,
  };
}

/** How long a one-off task runs by default, in milliseconds. */
const usualWork = 5_000;

async function live(world: World, task: TaskRecord, definition: TaskDefinition, play: OneOffTask): Promise<void> {
  await task.course.wait(world.timing.provision);
  setStatus(world, task, 'PENDING');
  task.pullStartedAt = dateOf(world);
  await task.course.wait(world.timing.pull);
  const refusal = play.cannotStart ?? pullRefusal(world, task);
  if (refusal) return endTask(world, task, 'TaskFailedToStart', refusal, { reason: refusal });
  await startTask(world, task);
  if (play.neverEnds) return;
  await task.course.wait(play.afterMs ?? usualWork);
  const name = workingContainer(task);
  for (const line of play.logLines ?? []) writeLog(world, task, line, name);
  const container = task.containers.find((one) => one.name === name);
  if (container) Object.assign(container, { lastStatus: 'STOPPED', exitCode: play.exitCode ?? 0, reason: play.reason });
  world.changes.notify();
  const isEssential = definition.containerDefinitions?.find((one) => one.name === name)?.essential ?? true;
  if (isEssential) endTask(world, task, 'EssentialContainerExited', 'Essential container in task exited');
}

/** The container whose command was replaced, or something else of it; else the first one that the task ends with. */
function workingContainer({ oneOff, fleet }: TaskRecord): string {
  const overrides = oneOff?.request.overrides?.containerOverrides ?? [];
  const essential = fleet.definition.containerDefinitions?.find((one) => one.essential !== false);
  return (overrides.find(({ command }) => command) ?? overrides[0] ?? essential)?.name ?? '';
}

function stopOneTask(world: World, input: StopTaskRequest): StopTaskResponse {
  const cluster = findCluster(world, input.cluster);
  const task = world.state.tasks.find(
    (one) => one.id === nameOf(input.task ?? '') && one.fleet.service.cluster.arn === cluster.arn,
  );
  if (!task) refuse('The referenced task was not found.');
  stopTask(world, task, input.reason ?? 'Task stopped by user', 'UserInitiated');
  return { task: toTask(world, task) };
}

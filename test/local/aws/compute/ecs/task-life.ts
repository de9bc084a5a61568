import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { Course } from '../course';
import { portOf, setHealth } from '../elb-traffic';
import { writeLog } from '../logs';
import type { TaskTrouble } from '../scenario';
import type { Fleet, TaskRecord } from '../state';
import { arnOf, dateOf, type World } from '../world';
import { addEvent } from './events';
import { endTask, setStatus } from './task-end';
import { startProcess, stopProcess } from './task-process';

/** Adds a task to a fleet, not yet started. */
export function createTask(world: World, fleet: Fleet): TaskRecord {
  const id = world.ids.hex(32);
  const octets = world.state.tasks.length;
  const task: TaskRecord = {
    id,
    arn: arnOf(world, 'ecs', `task/${fleet.service.cluster.name}/${id}`),
    fleet,
    definition: fleet.definition,
    createdAt: dateOf(world),
    privateIp: `10.0.${Math.floor(octets / 250) % 250}.${(octets % 250) + 4}`,
    course: new Course(world),
    containers: (fleet.definition.containerDefinitions ?? []).map((container) => toContainer(fleet, container)),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    address: undefined,
    target: undefined,
    pullStartedAt: undefined,
    pullStoppedAt: undefined,
    startedAt: undefined,
    stoppingAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
  };
  world.state.tasks.push(task);
  return task;
}

const toContainer = (fleet: Fleet, definition: ContainerDefinition): TaskRecord['containers'][number] => ({
  name: definition.name ?? '',
  image: definition.image ?? '',
  imageDigest: fleet.imageDigests.get(definition.image ?? '') ?? '',
  lastStatus: 'PENDING',
  exitCode: undefined,
  reason: undefined,
});

/** The life of a task from placement to its own end; resolves when it has ended by itself or is healthy and stays. */
export function liveTask(world: World, task: TaskRecord): Promise<void> {
  return task.course.run(async () => {
    await task.course.wait(world.timing.provision);
    setStatus(world, task, 'PENDING');
    task.pullStartedAt = dateOf(world);
    await task.course.wait(world.timing.pull + (trouble(world, task).slowInstall ?? 0));
    await task.course.until(() => !trouble(world, task).neverStable);
    const refusal = pullRefusal(world, task);
    if (refusal) return endTask(world, task, 'TaskFailedToStart', refusal, { reason: refusal });
    await startTask(world, task);
    if (task.lastStatus === 'STOPPED') return;
    await becomeTarget(world, task);
    await endByItself(world, task);
  });
}

/** Troubles are for new revisions only. */
const trouble = (world: World, task: TaskRecord) => (task.fleet.replacement ? world.scenario : {});

/** Why the images of a task cannot be pulled, in ECS's words. */
export function pullRefusal(world: World, task: TaskRecord): string | undefined {
  const { imagePullError } = trouble(world, task);
  if (imagePullError) return `CannotPullContainerError: ${imagePullError}`;
  const missing = task.containers.find((container) => !world.imageExists(container.image));
  if (!missing) return undefined;
  return (
    'CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ' +
    `${missing.image}: ${missing.image}: not found`
  );
}

/** RUNNING, as soon as the process behind it (where there is one) serves. */
export async function startTask(world: World, task: TaskRecord): Promise<void> {
  task.pullStoppedAt = dateOf(world);
  try {
    task.address = await startProcess(world, task);
  } catch (error) {
    const reason = `CannotStartContainerError: ${error instanceof Error ? error.message : String(error)}`;
    return endTask(world, task, 'TaskFailedToStart', reason, { reason });
  }
  // Stopped while its process was starting: nobody else would end that process.
  if (task.desiredStatus === 'STOPPED') return stopProcess(world, task);
  task.startedAt = dateOf(world);
  for (const container of task.containers) container.lastStatus = 'RUNNING';
  setStatus(world, task, 'RUNNING');
  for (const line of trouble(world, task).logLines ?? []) writeLog(world, task, line);
}

async function becomeTarget(world: World, task: TaskRecord): Promise<void> {
  const { fleet, course } = task;
  if (!fleet.targetGroupArn) return;
  setHealth(world, task, { state: 'initial', reason: 'Elb.RegistrationInProgress', description: registering });
  addEvent(world, fleet.service, `registered 1 targets in (target-group ${fleet.targetGroupArn})`, fleet);
  const { crashTasks, unchecked } = trouble(world, task);
  if (unchecked && indexOf(world, task) < (unchecked.tasks ?? Number.POSITIVE_INFINITY))
    return stayUnchecked(world, task, unchecked);
  if (crashTasks && (crashTasks.afterMs ?? soon) < world.timing.healthCheck) return;
  await course.wait(world.timing.healthCheck);
  if (trouble(world, task).unhealthyTargets) await failHealthChecks(world, task, fleet.targetGroupArn);
  else setHealth(world, task, healthy);
}

const indexOf = (world: World, task: TaskRecord) =>
  world.state.tasks.filter(({ fleet }) => fleet === task.fleet).indexOf(task);

async function stayUnchecked(world: World, task: TaskRecord, unchecked: NonNullable<TaskTrouble['unchecked']>) {
  const { state, reason, description, healthyAfter } = unchecked;
  setHealth(world, task, { state, reason, description });
  if (healthyAfter === undefined) return;
  await task.course.wait(healthyAfter);
  setHealth(world, task, healthy);
}

async function failHealthChecks(world: World, task: TaskRecord, targetGroupArn: string): Promise<void> {
  const { fleet, course } = task;
  const { reason = 'Target.FailedHealthChecks', description = 'Health checks failed' } =
    trouble(world, task).unhealthyTargets ?? {};
  setHealth(world, task, { state: 'unhealthy', reason, description });
  const where = `(port ${portOf(fleet)}) is unhealthy in (target-group ${targetGroupArn})`;
  addEvent(world, fleet.service, `(task ${task.id}) ${where} due to (reason ${description})`, fleet);
  await course.wait(world.timing.healthCheck);
  const reasonOfStop = `Task failed ELB health checks in (target-group ${targetGroupArn})`;
  endTask(world, task, 'ServiceSchedulerInitiated', reasonOfStop, { exitCode: 143 });
}

const registering = 'Target registration is in progress';
export const healthy = { state: 'healthy', reason: undefined, description: undefined } as const;

/** A crash comes whenever the scenario has it, also when that is set while the task runs. */
async function endByItself(world: World, task: TaskRecord): Promise<void> {
  if (task.lastStatus === 'STOPPED') return;
  await task.course.until(() => trouble(world, task).crashTasks !== undefined);
  const { exitCode = 1, reason, logLines = [], afterMs } = trouble(world, task).crashTasks ?? {};
  const ranFor = world.clock.now() - (task.startedAt?.getTime() ?? 0);
  await task.course.wait(Math.max(0, (afterMs ?? soon) - ranFor));
  for (const line of logLines) writeLog(world, task, line);
  endTask(world, task, 'EssentialContainerExited', 'Essential container in task exited', { exitCode, reason });
}

/** A crash right after the start, in milliseconds. */
const soon = 3_000;

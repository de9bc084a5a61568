import { setHealth } from '../elb-traffic';
import type { TaskRecord } from '../state';
import { dateOf, type World } from '../world';
import { servingContainer } from './serving-container';
import { stopProcess } from './task-process';

type StopCode = NonNullable<TaskRecord['stopCode']>;

/** Characters that ECS keeps of a reason. */
const reasonLimit = 1024;

/** The task is over; its fleet counts it as failed unless the scheduler wanted its end. */
export function endTask(
  world: World,
  task: TaskRecord,
  stopCode: StopCode,
  stoppedReason: string,
  container: { readonly exitCode?: number; readonly reason?: string | undefined } = {},
): void {
  if (task.lastStatus === 'STOPPED') return;
  if (task.target) setHealth(world, task, undefined);
  Object.assign(task, { desiredStatus: 'STOPPED', stopCode, stoppedReason: stoppedReason.slice(0, reasonLimit) });
  task.stoppingAt ??= dateOf(world);
  task.stoppedAt = dateOf(world);
  endContainers(task, container);
  if (stopCode !== 'ServiceSchedulerInitiated' || stoppedReason.startsWith('Task failed')) task.fleet.failedTasks++;
  setStatus(world, task, 'STOPPED');
  void stopProcess(world, task);
}

/** The serving container has the cause; those beside it end with 0. Without a start there is no exit code. */
function endContainers(task: TaskRecord, cause: Parameters<typeof endTask>[4] = {}): void {
  const serving = servingContainer(task)?.name;
  // A container that has ended before has its own end.
  for (const container of task.containers.filter(({ lastStatus }) => lastStatus !== 'STOPPED')) {
    const isServing = container.name === serving;
    container.lastStatus = 'STOPPED';
    container.exitCode = task.startedAt ? (isServing ? cause.exitCode : 0) : undefined;
    if (isServing) container.reason = cause.reason?.slice(0, reasonLimit);
  }
}

/** Stops a task as the scheduler does when it no longer wants it: its target drains first. */
export function stopTask(
  world: World,
  task: TaskRecord,
  reason: string,
  stopCode: StopCode = 'ServiceSchedulerInitiated',
): void {
  if (task.desiredStatus === 'STOPPED') return;
  task.course.interrupt();
  task.desiredStatus = 'STOPPED';
  task.stoppingAt = dateOf(world);
  if (task.target) {
    const description = 'Target deregistration is in progress';
    setHealth(world, task, { state: 'draining', reason: 'Target.DeregistrationInProgress', description });
  }
  if (task.lastStatus === 'RUNNING') setStatus(world, task, 'DEACTIVATING');
  world.clock.after(world.timing.stop, () =>
    endTask(world, task, stopCode, reason, { exitCode: stopCode === 'UserInitiated' ? 143 : 0 }),
  );
}

/** Records a task's status and says so. */
export function setStatus(world: World, task: TaskRecord, status: TaskRecord['lastStatus']): void {
  task.lastStatus = status;
  task.fleet.updatedAt = dateOf(world);
  world.changes.notify();
  world.emit({ type: 'task', at: world.clock.now(), taskArn: task.arn, status });
}

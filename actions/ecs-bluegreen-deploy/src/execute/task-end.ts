import type { Task } from '@aws-sdk/client-ecs';
import { ActionError } from '../../../../shared/errors';
import { type Polled, poll } from '../../../../shared/poll';
import { endOfContainer, readTask, stopTask } from '../aws/ecs-one-off-tasks';
import { whyStopped } from '../aws/ecs-tasks';
import { type Effects, notKnown, unlessLost } from '../aws/effects';
import { readLogTail } from '../aws/logs';
import { whyUnread } from '../aws/reads';
import type { OneOffTask } from '../plan/one-off-task';
import type { BasicPlan, CodeDeployPlan } from '../plan/plan';
import { formatDuration, formatMinutes, oneLine, oneName, shortId } from '../text';
import type { DeploymentRun } from '../watch/model';
import { heartbeat } from '../watch/watch-state';

/** What a one-off task runs for: a deployment, or a registration alone. */
export interface TaskRun extends Pick<DeploymentRun, 'arn' | 'deadline' | 'task' | 'diagnostics'> {
  readonly plan: Pick<BasicPlan, 'request' | 'revision' | 'service' | 'task'> & {
    readonly appSpec?: CodeDeployPlan['appSpec'];
  };
}

/** The one-off task before a deployment did not end with 0, so that nothing was deployed. */
export class TaskFailed extends ActionError {}

/** The id of a task, as lines show it. */
export const idOf = ({ taskArn = '' }: Task) => shortId(taskArn);

/** Whatever ends the wait, no task keeps running whose outcome nobody waits for. */
export async function waitOrStop(asked: OneOffTask, task: Task, run: TaskRun, effects: Effects): Promise<Task> {
  let end: Task | undefined;
  try {
    end = await waitForEnd(asked, task, run, effects);
  } catch (error) {
    await stop(asked, task, run, effects);
    throw error;
  }
  if (end?.lastStatus === 'STOPPED') return end;
  // Its container has ended, and others still run; or the time is up.
  const stopped = await stop(asked, end ?? task, run, effects);
  if (end) return end;
  if (stopped && endOfContainer(stopped, asked.container)?.exitCode !== undefined) return stopped;
  const minutes = formatMinutes(run.plan.request.waitFor / 60_000);
  throw new TaskFailed(`${asked.input} had not ended after ${minutes}, and its task ${idOf(task)} was stopped`);
}

/** Stops the task; a failure to do so is reported. */
async function stop(asked: OneOffTask, task: Task, { plan }: TaskRun, effects: Effects): Promise<Task | undefined> {
  const { log, done, signal } = effects;
  const reason = signal.aborted ? 'the run that needs it was interrupted' : 'nobody is waiting for it any more';
  try {
    const stopped = await stopTask({ cluster: plan.request.cluster, arn: task.taskArn!, reason }, effects);
    const { exitCode } = (stopped && endOfContainer(stopped, asked.container)) ?? {};
    done.push(`task ${idOf(task)} ${exitCode === undefined ? 'was stopped' : `has ended with ${exitCode}`}`);
    return stopped;
  } catch (error) {
    const why = whyUnread(error);
    log.warn(`Task ${idOf(task)} could not be stopped: ${why}`);
    done.push(`task ${idOf(task)} could not be stopped and may still run (${why})`);
    return undefined;
  }
}

/** The task with the end of its container; undefined where the time is up. */
async function waitForEnd(
  asked: OneOffTask,
  started: Task,
  { plan, deadline }: TaskRun,
  { aws, clock, log, signal }: Effects,
): Promise<Task | undefined> {
  const { cluster, inputs } = plan.request;
  const read = async (): Promise<Polled<Task | undefined>> => {
    const task = await unlessLost(() => readTask(aws.once(), cluster, started.taskArn!));
    const seen = task === notKnown ? undefined : task;
    return { value: seen, calls: 1, slowDown: task === notKnown, isComplete: seen !== undefined };
  };
  const interval = Math.min(inputs['poll-interval-seconds'] * 1_000, heartbeat);
  let status = '';
  let lastReportedAt = clock.now();
  const wakeAt = () => lastReportedAt + heartbeat;
  for await (const { value: task, isLast } of poll({ clock, signal, interval, deadline, read, wakeAt })) {
    if (task && endOfContainer(task, asked.container)) return task;
    const now = clock.now();
    if (isLast) return undefined;
    const { lastStatus = status } = task ?? {};
    if (lastStatus === status && now - lastReportedAt < heartbeat) continue;
    log.info(
      `Task ${idOf(started)} is ${lastStatus === status ? 'still ' : ''}${oneName(lastStatus) || 'not visible yet'}`,
    );
    status = lastStatus;
    lastReportedAt = now;
  }
  return undefined;
}

/** Shows the log of the task. @throws TaskFailed where it did not end with 0 */
export async function judge(asked: OneOffTask, task: Task, run: TaskRun, effects: Effects): Promise<void> {
  const { log } = effects;
  const { exitCode, reason } = endOfContainer(task, asked.container) ?? {};
  const title = `Log of ${asked.input}`;
  const lines = await logOf(asked, task, run, effects);
  if (lines.length > 0) log.info(`${title}:`);
  for (const line of lines) log.info(`  ${line}`);
  run.diagnostics.push(...(exitCode === 0 || lines.length === 0 ? [] : [{ title, lines }]));
  const what = `${asked.input}: container ${asked.container} of task ${idOf(task)}`;
  if (exitCode === 0) {
    const took = (task.executionStoppedAt ?? task.stoppedAt)?.getTime();
    const since = task.startedAt?.getTime();
    const after = took && since ? ` after ${formatDuration(took - since)}` : '';
    return log.info(`${what} ended with 0${after}`);
  }
  const why = exitCode === undefined ? `never ran: ${whyStopped(task)}` : `ended with ${exitCode}`;
  const because = reason && exitCode !== undefined ? ` (${oneLine(reason)})` : '';
  throw new TaskFailed(`${what} ${why}${because}`);
}

/** What a container wrote at its end reaches CloudWatch Logs some seconds later, in milliseconds. */
const logsArrive = 3_000;

async function logOf(asked: OneOffTask, task: Task, { plan }: TaskRun, { aws, clock, signal }: Effects) {
  try {
    await clock.sleep(logsArrive, signal);
    return await readLogTail(aws.once(), plan, task, asked.container);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return [`not known: ${whyUnread(error)}`];
  }
}

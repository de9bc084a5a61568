import type { Task } from '@aws-sdk/client-ecs';
import { ActionError } from '../../../../shared/errors';
import { endOfContainer, readTasksOf, startTask } from '../aws/ecs-one-off-tasks';
import { type Effects, Outdated } from '../aws/effects';
import { foundIn } from '../plan/current-state';
import type { OneOffTask } from '../plan/one-off-task';
import { nameOfRun, taskRequest } from '../plan/task-request';
import type { Controller } from '../watch/controller';
import { idOf, judge, TaskFailed, type TaskRun, waitOrStop } from './task-end';

/**
 * Runs the one-off task of a plan, once, and waits for its end. That of an earlier run is taken up: one that still runs, and one that
 * has done its work while nothing was deployed after it. Whether there was anything to wait for.
 *
 * @throws TaskFailed where it did not end with 0; the reason of the signal, when it was stopped for that
 */
export async function runPreDeploy(
  run: TaskRun,
  controller: Pick<Controller, 'begunSince'>,
  effects: Effects,
): Promise<boolean> {
  const asked = run.plan.task;
  if (!asked || run.task) return false;
  const task = await findOrStart(asked, run, controller, effects);
  run.task = { arn: task.taskArn! };
  if (!asked.waits) {
    effects.log.info(
      `Its end is not waited for, and its exit code changes nothing; wait-for-task-stopped: true does both`,
    );
    return true;
  }
  const ended = await waitOrStop(asked, task, run, effects);
  await judge(asked, ended, run, effects);
  return true;
}

async function findOrStart(
  asked: OneOffTask,
  run: TaskRun,
  controller: Pick<Controller, 'begunSince'>,
  effects: Effects,
): Promise<Task> {
  for (;;) {
    try {
      return (await findOwn(asked, run, controller, effects)) ?? (await startOwn(asked, run, effects));
    } catch (error) {
      if (!(error instanceof Outdated)) throw error;
    }
  }
}

async function startOwn(asked: OneOffTask, run: TaskRun, effects: Effects): Promise<Task> {
  const { plan, arn } = run;
  const { request, service } = plan;
  const appSpec = plan.appSpec?.kind === 'file' ? plan.appSpec.appSpec : undefined;
  const startedBy = nameOfRun(asked, request, arn!);
  const around = { cluster: request.cluster, service, appSpec, startedBy, revision: arn! };
  try {
    const isStarted = async () => runningOf(await readOwn(asked, run, effects)) !== undefined;
    const task = await startTask(taskRequest(asked, around), isStarted, effects);
    effects.log.info(`Started task ${idOf(task)} for ${asked.input}, in container ${asked.container}`);
    return task;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    throw new TaskFailed(`${asked.input} could not be run: ${error.message}`);
  }
}

/** The tasks of runs of the same, none where a name that somebody gave may be that of another task. */
async function readOwn(asked: OneOffTask, { plan, arn }: TaskRun, { aws, log }: Effects): Promise<readonly Task[]> {
  if (asked.startedBy !== undefined) return [];
  const result = await readTasksOf(aws, plan.request.cluster, nameOfRun(asked, plan.request, arn!));
  if ('unknown' in result) log.info(`Whether an earlier run works on ${asked.input} is not known: ${result.unknown}`);
  return foundIn(result) ?? [];
}

const runningOf = (tasks: readonly Task[]) => tasks.find(({ desiredStatus }) => desiredStatus === 'RUNNING');

/** The task of an earlier run of the same. */
async function findOwn(
  asked: OneOffTask,
  run: TaskRun,
  controller: Pick<Controller, 'begunSince'>,
  effects: Effects,
): Promise<Task | undefined> {
  const { log } = effects;
  const tasks = await readOwn(asked, run, effects);
  const running = runningOf(tasks);
  if (running) {
    log.info(`Task ${idOf(running)} of an earlier run is working on ${asked.input}: waiting for it`);
    return running;
  }
  if (asked.always) return undefined;
  const [newest] = [...tasks].sort((a, b) => createdAt(b) - createdAt(a));
  if (!newest || endOfContainer(newest, asked.container)?.exitCode !== 0) return undefined;
  // Where a deployment followed, the task was for that one.
  if (await controller.begunSince(run.arn!, createdAt(newest))) return undefined;
  log.info(`Task ${idOf(newest)} of an earlier run has already run ${asked.input}`);
  return newest;
}

const createdAt = (task: Task) => task.createdAt?.getTime() ?? 0;

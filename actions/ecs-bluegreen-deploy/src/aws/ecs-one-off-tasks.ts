import { randomUUID } from 'node:crypto';
import type { Container, RunTaskRequest, Task } from '@aws-sdk/client-ecs';
import { unusableAnswer } from '../../../../shared/aws/call';
import type { Aws } from '../../../../shared/aws/clients';
import { ActionError } from '../../../../shared/errors';
import { foundIn, type ReadResult } from '../plan/current-state';
import { oneLine, shortId } from '../text';
import { changeOnce, type Effects } from './effects';
import { readIfAllowed, readPages, unlessPassing } from './reads';

/**
 * Starts a task.
 *
 * @param isStarted whether another run has started it while AWS did not take the request
 * @throws ActionError where ECS could place none; Outdated where another run was faster
 */
export async function startTask(
  request: RunTaskRequest,
  isStarted: () => Promise<boolean>,
  effects: Effects,
): Promise<Task> {
  // With its token a request that is sent again starts no second task.
  const withToken = { ...request, clientToken: randomUUID() };
  const send = async () => {
    const ecs = await effects.uninterruptible.once().ecs();
    const { tasks = [], failures = [] } = await ecs.runTask(withToken);
    const [task] = tasks;
    if (task?.taskArn) return task;
    if (failures.length === 0) {
      throw unusableAnswer({ service: 'ecs', operation: 'RunTask' }, 'it has neither a task nor a failure');
    }
    const why =
      oneLine([failures[0]?.reason, failures[0]?.detail].filter(Boolean).join(': ')) || 'ECS does not say why';
    throw new ActionError(`ECS starts no task: ${why}`);
  };
  let isLost = false;
  const recognise = async () => {
    isLost = true;
    return undefined;
  };
  // What has been started may be what a lost request did, and its token tells ECS.
  const isOutdated = async () => !isLost && (await isStarted());
  const uncertain = `It is not known whether a task of ${request.taskDefinition} was started`;
  const task = await changeOnce({ uncertain, send, recognise, isOutdated }, effects);
  effects.done.push(`task ${shortId(task.taskArn!)} was started`);
  return task;
}

/** The tasks that a name of `startedBy` marks, running and stopped ones; ECS remembers these for an hour. */
export const readTasksOf = (aws: Aws, cluster: string, startedBy: string): Promise<ReadResult<readonly Task[]>> =>
  unlessPassing(async () => {
    const ecs = await aws.ecs();
    const lists = await Promise.all(
      (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
        readPages(most, async (nextToken) => {
          const { taskArns: items, ...page } = await ecs.listTasks({ cluster, startedBy, desiredStatus, nextToken });
          return { items, nextToken: page.nextToken };
        }),
      ),
    );
    const tasks = lists.flat().slice(0, most);
    return tasks.length === 0 ? [] : ((await ecs.describeTasks({ cluster, tasks })).tasks ?? []);
  });

/** DescribeTasks takes 100. */
const most = 100;

/** Reads a task; undefined while ECS does not show it. */
export async function readTask(aws: Aws, cluster: string, arn: string): Promise<Task | undefined> {
  const ecs = await aws.ecs();
  return (await ecs.describeTasks({ cluster, tasks: [arn] })).tasks?.[0];
}

/** Stops a task, and reads its state afterwards, where AWS answers. A task that has ended on its own is not an error (API model). */
export async function stopTask(
  { cluster, arn, reason }: { readonly cluster: string; readonly arn: string; readonly reason: string },
  { uninterruptible }: Pick<Effects, 'uninterruptible'>,
): Promise<Task | undefined> {
  const aws = uninterruptible.once();
  const ecs = await aws.ecs();
  const { task } = await ecs.stopTask({ cluster, task: arn, reason });
  return foundIn(await readIfAllowed(() => readTask(aws, cluster, arn))) ?? task;
}

/** How a container of a task has ended; undefined while it has not. */
export function endOfContainer(task: Task, name: string): Pick<Container, 'exitCode' | 'reason'> | undefined {
  const container = task.containers?.find((one) => one.name === name);
  if (container?.exitCode !== undefined) return container;
  return task.lastStatus === 'STOPPED' ? (container ?? {}) : undefined;
}

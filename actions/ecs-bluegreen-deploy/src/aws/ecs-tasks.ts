import type { Container, Task } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import type { ServiceNames } from '../plan/current-state';
import { asClause, nameTargetGroups, oneLine, oneName } from '../text';

/** Which tasks are read: those of a revision that were created since a time (milliseconds). */
export interface TaskQuery extends ServiceNames {
  readonly revision: string;
  readonly since: number;
}

/** ECS remembers stopped tasks for an hour and lists them in no order, 100 a page; this many pages are read. */
const mostPages = 5;
const pageSize = 100;
/** Containers of a task; ECS takes 10. */
const mostContainers = 50;

/** The tasks of a revision that did not stop because somebody, or the scheduler's own plan, wanted them to. */
export const readStoppedTasks = async (aws: Aws, query: TaskQuery): Promise<Task[]> =>
  (await readTasks(aws, query, 'STOPPED')).filter(failedByItself);

/** The newest task of a revision that runs or has run; undefined where there is none. */
export async function readNewestTask(aws: Aws, query: TaskQuery): Promise<Task | undefined> {
  for (const status of ['RUNNING', 'STOPPED'] as const) {
    const tasks = (await readTasks(aws, query, status)).filter(({ startedAt }) => startedAt);
    if (tasks.length > 0) return tasks.reduce((newest, task) => (startOf(task) > startOf(newest) ? task : newest));
  }
  return undefined;
}

const startOf = ({ startedAt }: Task) => startedAt?.getTime() ?? 0;

async function readTasks(
  aws: Aws,
  { cluster, service, revision, since }: TaskQuery,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<Task[]> {
  const ecs = await aws.ecs();
  const query = { cluster, serviceName: service, desiredStatus };
  const found: Task[] = [];
  let pages = 0;
  for await (const { taskArns = [] } of ecs.paginateListTasks(query)) {
    const tasks = taskArns.slice(0, pageSize);
    if (tasks.length > 0) {
      found.push(...((await ecs.describeTasks({ cluster, tasks })).tasks ?? []).slice(0, pageSize));
    }
    pages += 1;
    if (pages === mostPages) break;
  }
  return found.filter((task) => task.taskDefinitionArn === revision && (task.createdAt?.getTime() ?? 0) >= since);
}

function failedByItself({ stopCode, stoppedReason = '' }: Task): boolean {
  if (stopCode === 'ServiceSchedulerInitiated') return /health check|unhealthy/i.test(stoppedReason);
  return stopCode !== undefined && stopCode !== 'UserInitiated';
}

/** Why a task stopped: its stop code and reason, and what its containers say. */
export function whyStopped({ stopCode, stoppedReason, containers = [] }: Task): string {
  // Task ids in a reason would make every reason different.
  const reason = nameTargetGroups(oneLine(stoppedReason)).replace(/\(task [0-9a-f-]+\)/g, '(task)');
  const shown = containers.slice(0, mostContainers);
  // An essential container that ends well ends its task too.
  const endedWell = stopCode === 'EssentialContainerExited' && !shown.some(isFailed);
  const said = shown
    .filter((container) => isTelling(container) || (endedWell && container.exitCode === 0))
    .map(({ name, exitCode, reason: own }) => {
      const code = exitCode === undefined ? [] : [`exited with ${exitCode}${signalOf(exitCode)}`];
      const why = own && oneLine(own) !== reason ? [asClause(oneLine(own))] : [];
      return [...code, ...why].length > 0 ? [`container ${oneName(name)} ${[...code, ...why].join(': ')}`] : [];
    });
  return [`${oneName(stopCode) || 'stopped'}: ${asClause(reason)}`, ...said.flat()].join('; ');
}

const isTelling = ({ exitCode, reason }: Container) => Boolean(reason) || (exitCode !== undefined && exitCode !== 0);

const signals: Readonly<Record<number, string>> = { 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 143: 'SIGTERM' };
const signalOf = (code: number) => (signals[code] ? ` (${signals[code]})` : '');

/** Exit codes of containers that ECS ends because another one of their task has ended. */
const endedByEcs = [137, 143];

/** Whether a container failed by itself. */
const isFailed = ({ exitCode, reason }: Container) =>
  exitCode !== undefined && exitCode !== 0 && (!endedByEcs.includes(exitCode) || Boolean(reason));

/** The container that brought its task down: the first one that exited on its own, or that could not start. */
export const failedContainer = ({ containers = [], stopCode }: Task): Container | undefined =>
  containers.find(isFailed) ??
  containers.find(({ exitCode }) => exitCode === 137) ??
  (stopCode === 'EssentialContainerExited' ? containers.find(({ exitCode }) => exitCode === 0) : undefined) ??
  containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0) ??
  containers.find(isTelling) ??
  containers[0];

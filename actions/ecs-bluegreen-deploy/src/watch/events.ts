import { countEqual } from '../text';
import type { End } from './end';
import type { Seen, TasksSeen } from './snapshot';

/** Something that is worth telling. */
export type DeploymentEvent =
  | { readonly type: 'status'; readonly status: string }
  | {
      readonly type: 'lifecycle';
      readonly name: string;
      readonly status: string;
      /** Milliseconds that it took, once it is over. */
      readonly took: number | undefined;
    }
  | { readonly type: 'tasks'; readonly blue: TasksSeen | undefined; readonly green: TasksSeen | undefined }
  | { readonly type: 'traffic'; readonly blue: number; readonly green: number }
  | { readonly type: 'ready' }
  | { readonly type: 'termination-wait' }
  | { readonly type: 'pause'; readonly stage: string; readonly hook: string; readonly otherwise: string | undefined }
  | { readonly type: 'stopped-tasks'; readonly count: number; readonly reason: string }
  | { readonly type: 'service'; readonly message: string; readonly count: number }
  | { readonly type: 'failed'; readonly status: string; readonly cause: string }
  | { readonly type: 'rollback'; readonly id: string | undefined; readonly status: string | undefined }
  | { readonly type: 'heartbeat'; readonly doing: string | undefined }
  | { readonly type: 'end'; readonly end: End };

/** What changed of the tasks, the traffic and the service. Pure. */
export function commonChanges(
  before: Seen | undefined,
  now: Seen,
  told: number,
): { events: DeploymentEvent[]; stoppedTold: number } {
  const stoppedTold = tellsStopped(now.stopped.length, told) ? now.stopped.length : told;
  const events = [
    ...trafficChanges(before, now),
    ...serviceChanges(before, now),
    ...(stoppedTold === told ? [] : [stoppedTasks(now)]),
  ];
  return { events, stoppedTold };
}

/** The change of the status, or why it fails where that is new. Pure. */
export function statusChanges(before: Seen | undefined, now: Seen, cause: string | undefined): DeploymentEvent[] {
  if (cause !== undefined) return [{ type: 'failed', status: now.status, cause }];
  return now.status === before?.status ? [] : [{ type: 'status', status: now.status }];
}

/** What is new about the way back. Pure. */
export function rollbackChanges(before: Seen | undefined, { rollback }: Seen): DeploymentEvent[] {
  if (!rollback || rollback.status === before?.rollback?.status) return [];
  return [{ type: 'rollback', id: rollback.id, status: rollback.status }];
}

function trafficChanges(before: Seen | undefined, now: Seen): DeploymentEvent[] {
  const events: DeploymentEvent[] = [];
  if (countsOf(now) !== countsOf(before) && (now.green || now.blue)) {
    events.push({ type: 'tasks', blue: now.blue, green: now.green });
  }
  const [was, is] = [trafficOf(before), trafficOf(now)];
  if (is && (is.blue !== was?.blue || is.green !== was?.green)) events.push({ type: 'traffic', ...is });
  return events;
}

function serviceChanges(before: Seen | undefined, now: Seen): DeploymentEvent[] {
  const told = new Set(before?.serviceEvents.map(({ id }) => id));
  const fresh = now.serviceEvents.filter(({ id }) => !told.has(id)).map(({ message }) => message);
  return countEqual(fresh).map(([message, count]) => ({ type: 'service', message, count }));
}

const stoppedTasks = ({ stopped }: Seen): DeploymentEvent => ({
  type: 'stopped-tasks',
  count: stopped.length,
  reason: countEqual(stopped.map(({ reason }) => reason))[0]?.[0] ?? '',
});

/** The first task that stops is told, then each time their number has doubled. */
const tellsStopped = (count: number, told: number) => count >= Math.max(1, told * 2);

const countsOf = (seen: Seen | undefined) =>
  [seen?.blue, seen?.green].map((tasks) => (tasks ? `${tasks.running}/${tasks.desired}` : '')).join();

/** Traffic is only told when both sides are known, or one side has it all. */
function trafficOf(seen: Seen | undefined): { blue: number; green: number } | undefined {
  const [blue, green] = [seen?.blue?.traffic, seen?.green?.traffic];
  if (blue === undefined && green === undefined) return undefined;
  return { blue: blue ?? 0, green: green ?? 0 };
}

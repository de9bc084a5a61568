import type { Milestone } from '../plan/wait';
import { countEqual } from '../text';
import type { Rollback, Snapshot, TaskCounts } from './snapshot';

/** How the watching of a deployment ended. */
export type End =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'IN_PROGRESS'; readonly reached: Milestone }
  | { readonly status: 'FAILED' | 'STOPPED'; readonly cause: string; readonly rollback: Rollback | undefined }
  | { readonly status: 'ROLLED_BACK'; readonly cause: string; readonly rollback: Rollback }
  | { readonly status: 'SUPERSEDED'; readonly cause: string; readonly by: string | undefined }
  /** Since when nothing was seen of it, where AWS did not answer at the deadline; nothing may be stopped then. */
  | { readonly status: 'TIMED_OUT'; readonly unseenSince: number | undefined };

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
  | { readonly type: 'tasks'; readonly blue: TaskCounts | undefined; readonly green: TaskCounts | undefined }
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

/** What changed of the tasks, the traffic and the service. */
export function commonChanges(
  before: Snapshot | undefined,
  now: Snapshot,
  reported: number,
): { events: DeploymentEvent[]; stoppedReported: number } {
  const stoppedReported = reportsStopped(now.stopped.length, reported) ? now.stopped.length : reported;
  const events = [
    ...trafficChanges(before, now),
    ...serviceChanges(before, now),
    ...(stoppedReported === reported ? [] : [stoppedTasks(now)]),
  ];
  return { events, stoppedReported };
}

/** The change of the status, or why it fails where that is new. */
export function statusChanges(
  before: Snapshot | undefined,
  now: Snapshot,
  cause: string | undefined,
): DeploymentEvent[] {
  if (cause !== undefined) return [{ type: 'failed', status: now.status, cause }];
  return now.status === before?.status ? [] : [{ type: 'status', status: now.status }];
}

/** What is new about the way back. */
export function rollbackChanges(before: Snapshot | undefined, { rollback }: Snapshot): DeploymentEvent[] {
  if (!rollback || rollback.status === before?.rollback?.status) return [];
  return [{ type: 'rollback', id: rollback.id, status: rollback.status }];
}

function trafficChanges(before: Snapshot | undefined, now: Snapshot): DeploymentEvent[] {
  const events: DeploymentEvent[] = [];
  if (countsOf(now) !== countsOf(before) && (now.green || now.blue)) {
    events.push({ type: 'tasks', blue: now.blue, green: now.green });
  }
  const [was, is] = [trafficOf(before), trafficOf(now)];
  if (is && (is.blue !== was?.blue || is.green !== was?.green)) events.push({ type: 'traffic', ...is });
  return events;
}

function serviceChanges(before: Snapshot | undefined, now: Snapshot): DeploymentEvent[] {
  const reported = new Set(before?.serviceEvents.map(({ id }) => id));
  const fresh = now.serviceEvents.filter(({ id }) => !reported.has(id)).map(({ message }) => message);
  return countEqual(fresh).map(([message, count]) => ({ type: 'service', message, count }));
}

const stoppedTasks = ({ stopped }: Snapshot): DeploymentEvent => ({
  type: 'stopped-tasks',
  count: stopped.length,
  reason: countEqual(stopped.map(({ reason }) => reason))[0]?.[0] ?? '',
});

/** The first task that stops is reported, then each time their number has doubled. */
const reportsStopped = (count: number, reported: number) => count >= Math.max(1, reported * 2);

const countsOf = (snapshot: Snapshot | undefined) =>
  [snapshot?.blue, snapshot?.green].map((tasks) => (tasks ? `${tasks.running}/${tasks.desired}` : '')).join();

/** Traffic is only reported when both sides are known, or one side has it all. */
function trafficOf(snapshot: Snapshot | undefined): { blue: number; green: number } | undefined {
  const [blue, green] = [snapshot?.blue?.traffic, snapshot?.green?.traffic];
  if (blue === undefined && green === undefined) return undefined;
  return { blue: blue ?? 0, green: green ?? 0 };
}

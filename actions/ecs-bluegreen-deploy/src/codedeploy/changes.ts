import { countEqual } from '../count';
import type { Observation, TaskSetSeen } from './observation';
import { isOver, positionOf } from './order';
import type { End, State } from './state';

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
  | { readonly type: 'tasks'; readonly blue: TaskSetSeen | undefined; readonly green: TaskSetSeen | undefined }
  | { readonly type: 'traffic'; readonly blue: number; readonly green: number }
  | { readonly type: 'ready' }
  | { readonly type: 'termination-wait' }
  | { readonly type: 'stopped-tasks'; readonly count: number; readonly reason: string }
  | { readonly type: 'service'; readonly message: string; readonly count: number }
  | { readonly type: 'failed'; readonly status: string; readonly cause: string }
  | { readonly type: 'rollback'; readonly id: string; readonly status: string | undefined }
  | { readonly type: 'heartbeat'; readonly last: Observation | undefined }
  | { readonly type: 'end'; readonly end: End };

/** What differs between the last look and this one, and why it failed where that is new. Pure. */
export function changes(
  { last: before, stoppedTold: told }: Pick<State, 'last' | 'stoppedTold'>,
  now: Observation,
  cause: string | undefined,
): { events: DeploymentEvent[]; stoppedTold: number } {
  const stoppedTold = tellsStopped(now.stopped.length, told) ? now.stopped.length : told;
  const events = [
    ...lifecycleChanges(before, now),
    ...trafficChanges(before, now),
    ...serviceChanges(before, now),
    ...(stoppedTold === told ? [] : [stoppedTasks(now)]),
    ...statusChanges(before, now, cause),
  ];
  return { events, stoppedTold };
}

function trafficChanges(before: Observation | undefined, now: Observation): DeploymentEvent[] {
  const events: DeploymentEvent[] = [];
  if (countsOf(now) !== countsOf(before) && (now.green || now.blue)) {
    events.push({ type: 'tasks', blue: now.blue, green: now.green });
  }
  const [was, is] = [trafficOf(before), trafficOf(now)];
  if (is && (is.blue !== was?.blue || is.green !== was?.green)) events.push({ type: 'traffic', ...is });
  return events;
}

function statusChanges(
  before: Observation | undefined,
  now: Observation,
  cause: string | undefined,
): DeploymentEvent[] {
  const events: DeploymentEvent[] = [];
  if (cause !== undefined) events.push({ type: 'failed', status: now.status, cause });
  else if (now.status !== before?.status) events.push({ type: 'status', status: now.status });
  if (now.status === 'Ready' && before?.status !== 'Ready') events.push({ type: 'ready' });
  if (now.terminationWait && !before?.terminationWait && now.status === 'InProgress') {
    events.push({ type: 'termination-wait' });
  }
  const { rollback } = now;
  if (rollback && rollback.status !== before?.rollback?.status) {
    events.push({ type: 'rollback', id: rollback.id, status: rollback.status });
  }
  return events;
}

function serviceChanges(before: Observation | undefined, now: Observation): DeploymentEvent[] {
  const told = new Set(before?.serviceEvents.map(({ id }) => id));
  const fresh = now.serviceEvents.filter(({ id }) => !told.has(id)).map(({ message }) => message);
  return countEqual(fresh).map(([message, count]) => ({ type: 'service', message, count }));
}

const stoppedTasks = ({ stopped }: Observation): DeploymentEvent => ({
  type: 'stopped-tasks',
  count: stopped.length,
  reason: countEqual(stopped.map(({ reason }) => reason))[0]?.[0] ?? '',
});

/** The first task that stops is told, then each time their number has doubled. */
const tellsStopped = (count: number, told: number) => count >= Math.max(1, told * 2);

function lifecycleChanges(before: Observation | undefined, now: Observation): DeploymentEvent[] {
  const known = new Map(before?.events.map(({ name, status }) => [name, status]));
  return [...now.events]
    .sort((a, b) => positionOf(a.name) - positionOf(b.name))
    .filter(({ name, status }) => status !== 'Pending' && status !== known.get(name))
    .map(({ name, status, start, end }) => ({
      type: 'lifecycle',
      name,
      status,
      took: isOver(status) && start !== undefined && end !== undefined ? end - start : undefined,
    }));
}

const countsOf = (observation: Observation | undefined) =>
  [observation?.blue, observation?.green].map((set) => (set ? `${set.running}/${set.desired}` : '')).join();

/** Traffic is only told when both sides are known, or one side has it all. */
function trafficOf(observation: Observation | undefined): { blue: number; green: number } | undefined {
  const { blue, green } = observation ?? {};
  if (!blue && !green) return undefined;
  return { blue: blue?.traffic ?? 0, green: green?.traffic ?? 0 };
}

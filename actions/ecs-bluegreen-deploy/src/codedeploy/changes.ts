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
      readonly diagnostics: string | undefined;
    }
  | { readonly type: 'tasks'; readonly blue: TaskSetSeen | undefined; readonly green: TaskSetSeen | undefined }
  | { readonly type: 'traffic'; readonly blue: number; readonly green: number }
  | { readonly type: 'ready' }
  | { readonly type: 'termination-wait' }
  | { readonly type: 'stopped-tasks'; readonly count: number; readonly reason: string }
  | { readonly type: 'service'; readonly message: string }
  | { readonly type: 'failed'; readonly status: string; readonly cause: string }
  | { readonly type: 'rollback'; readonly id: string; readonly status: string | undefined }
  | { readonly type: 'heartbeat'; readonly last: Observation | undefined }
  | { readonly type: 'end'; readonly end: End };

/** What differs between the last look and this one. Pure. */
export function changes(state: State, now: Observation): { events: DeploymentEvent[]; stoppedTold: number } {
  const before = state.last;
  const events: DeploymentEvent[] = [];
  if (now.status !== before?.status) events.push({ type: 'status', status: now.status });
  events.push(...lifecycleChanges(before, now));
  if (countsOf(now) !== countsOf(before) && (now.green || now.blue)) {
    events.push({ type: 'tasks', blue: now.blue, green: now.green });
  }
  const [was, is] = [trafficOf(before), trafficOf(now)];
  if (is && (is.blue !== was?.blue || is.green !== was?.green)) events.push({ type: 'traffic', ...is });
  if (now.status === 'Ready' && before?.status !== 'Ready') events.push({ type: 'ready' });
  if (now.terminationWait && !before?.terminationWait && now.status !== 'Succeeded') {
    events.push({ type: 'termination-wait' });
  }
  const told = new Set(before?.serviceEvents.map(({ id }) => id));
  for (const { id, message } of now.serviceEvents) if (!told.has(id)) events.push({ type: 'service', message });
  const stoppedTold = tellsStopped(now.stopped.length, state.stoppedTold) ? now.stopped.length : state.stoppedTold;
  if (stoppedTold !== state.stoppedTold) {
    events.push({
      type: 'stopped-tasks',
      count: stoppedTold,
      reason: commonest(now.stopped.map(({ reason }) => reason)),
    });
  }
  const { rollback } = now;
  if (rollback && rollback.status !== before?.rollback?.status) {
    events.push({ type: 'rollback', id: rollback.id, status: rollback.status });
  }
  return { events, stoppedTold };
}

/** The first task that stops is told, then each time their number has doubled. */
const tellsStopped = (count: number, told: number) => count >= Math.max(1, told * 2);

function commonest(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

function lifecycleChanges(before: Observation | undefined, now: Observation): DeploymentEvent[] {
  const known = new Map(before?.events.map(({ name, status }) => [name, status]));
  return [...now.events]
    .sort((a, b) => positionOf(a.name) - positionOf(b.name))
    .filter(({ name, status }) => status !== 'Pending' && status !== known.get(name))
    .map(({ name, status, start, end, diagnostics }) => ({
      type: 'lifecycle',
      name,
      status,
      took: isOver(status) && start !== undefined && end !== undefined ? end - start : undefined,
      diagnostics,
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

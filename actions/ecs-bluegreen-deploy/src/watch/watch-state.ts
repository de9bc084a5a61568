import { unknownTime } from '../plan/current-state';
import { further, isAtLeast, type Milestone } from '../plan/wait';
import { countEqual } from '../text';
import type { DeploymentEvent, End, Snapshot, WatchState } from './model';

/** A deployment at its start. */
export const watchFrom = (
  id: string,
  until: Milestone,
  deadline: number,
  now: number,
  createdAt = unknownTime,
): WatchState<never> => ({
  id,
  createdAt,
  until,
  deadline,
  reached: 'none',
  last: undefined,
  isOutdated: false,
  cause: undefined,
  closing: undefined,
  rollbackAsked: false,
  stoppedReported: 0,
  seenAt: now,
  lastReportedAt: now,
  end: undefined,
});

/** Goes on watching a deployment that was stopped with a rollback, for the reason that is given. */
export const watchRollback = <S extends Snapshot>(
  state: WatchState<S>,
  cause: string,
  deadline: number,
): WatchState<S> => ({
  ...state,
  until: 'completed',
  deadline,
  cause: state.cause ?? cause,
  rollbackAsked: true,
  end: undefined,
});

/** Keeps watching until another deadline: a deployment that ended just when its time was up, or one whose state is read again. */
export const watchUntil = <S extends Snapshot>(state: WatchState<S>, deadline: number): WatchState<S> => ({
  ...state,
  deadline,
  isOutdated: true,
  end: undefined,
});

/** What the deployments of a controller go through. */
export interface Rules<S extends Snapshot> {
  /** Whether it is decided, in this status, how the deployment ends: it succeeds in it, or no longer can. */
  isDecided(status: string): boolean;
  /** Why it does not succeed, once that is decided. */
  causeOf(last: S): string | undefined;
  /** How far a deployment has come that is on its way or has succeeded. */
  milestoneOf(last: S): Milestone;
  /** The end of one that is decided; undefined while its rollback or its successor is waited for. */
  endOf(state: WatchState<S>, last: S, now: number): End | undefined;
  /** What changed of its lifecycle. */
  progress(before: S | undefined, now: S): DeploymentEvent[];
  /** What it has begun to wait for. */
  waits(before: S | undefined, now: S): DeploymentEvent[];
  /** What it is doing, for a reader who has seen no change for a while. */
  doing(last: S): string;
}

/** Moves a state on. */
export type Next<S extends Snapshot> = (
  state: WatchState<S>,
  snapshot: S | undefined,
  now: number,
) => { readonly state: WatchState<S>; readonly events: readonly DeploymentEvent[] };

/** Silence is broken after this many milliseconds. */
export const heartbeat = 60_000;

/** Whether the log has a line for it, which breaks the silence. A rollback without a deployment of its own shows in the status. */
export const isShown = (event: DeploymentEvent): boolean =>
  !(event.type === 'lifecycle' && event.status === 'Skipped') && !(event.type === 'rollback' && event.id === undefined);

/**
 * What a poll of a deployment, or the time that went by without one, makes of the state. An end is final, what was
 * reached stays reached, and nothing but the success of this very deployment is a success.
 */
export const nextBy =
  <S extends Snapshot>(rules: Rules<S>): Next<S> =>
  (state, snapshot, now) => {
    if (state.end || (snapshot && snapshot.id !== state.id)) return { state, events: [] };
    const moved = snapshot ? takeIn(rules, state, snapshot, now) : { state, events: [] };
    const { last } = moved.state;
    const end = endBy(rules, moved.state, now);
    const events: DeploymentEvent[] = [...moved.events];
    if (end) events.push({ type: 'end', end });
    if (!events.some(isShown) && now - state.lastReportedAt >= heartbeat) {
      events.push({ type: 'heartbeat', doing: last && rules.doing(last) });
    }
    const lastReportedAt = events.some(isShown) ? now : state.lastReportedAt;
    return { state: { ...moved.state, lastReportedAt, end }, events };
  };

function takeIn<S extends Snapshot>(rules: Rules<S>, state: WatchState<S>, now: S, at: number) {
  const { last: before, closing } = state;
  const decided = rules.isDecided(now.status);
  const failure = decided ? rules.causeOf(now) : undefined;
  const cause = failure === undefined ? undefined : (state.cause ?? failure);
  const common = commonChanges(before, now, state.stoppedReported);
  const events: DeploymentEvent[] = [
    ...rules.progress(before, now),
    ...common.events,
    ...statusChanges(before, now, closing ? undefined : cause),
    ...rules.waits(before, now),
    ...rollbackChanges(before, now),
  ];
  const next: WatchState<S> = {
    ...state,
    last: now,
    isOutdated: false,
    reached: further(state.reached, rules.milestoneOf(now)),
    cause: state.cause ?? cause,
    closing: decided ? { since: closing?.since ?? at, polls: (closing?.polls ?? 0) + 1 } : closing,
    stoppedReported: common.stoppedReported,
  };
  return { state: next, events };
}

function endBy<S extends Snapshot>(rules: Rules<S>, state: WatchState<S>, now: number): End | undefined {
  const { last, isOutdated, reached, until, deadline, seenAt } = state;
  if (last && rules.isDecided(last.status)) return rules.endOf(state, last, now);
  // One that was never seen may be over, also where nothing is waited for.
  const isCurrent = last !== undefined && !isOutdated;
  if (isCurrent && until !== 'completed' && isAtLeast(reached, until)) return { status: 'IN_PROGRESS', reached };
  if (now < deadline) return undefined;
  const isSeen = last !== undefined && seenAt >= deadline;
  return { status: 'TIMED_OUT', unseenSince: isSeen ? undefined : seenAt };
}

/** What changed of the tasks, the traffic and the service. */
function commonChanges(
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
function statusChanges(before: Snapshot | undefined, now: Snapshot, cause: string | undefined): DeploymentEvent[] {
  if (cause !== undefined) return [{ type: 'failed', status: now.status, cause }];
  return now.status === before?.status ? [] : [{ type: 'status', status: now.status }];
}

/** What is new about the way back. */
function rollbackChanges(before: Snapshot | undefined, { rollback }: Snapshot): DeploymentEvent[] {
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

import { further, isAtLeast, type Milestone } from '../plan/wait';
import { commonChanges, type DeploymentEvent, type End, rollbackChanges, statusChanges } from './events';
import type { Snapshot } from './snapshot';

/** What is known of the deployment that is watched. Times are milliseconds since the epoch. */
export interface WatchState<S extends Snapshot = Snapshot> {
  readonly id: string;
  readonly until: Milestone;
  readonly deadline: number;
  readonly reached: Milestone;
  readonly last: S | undefined;
  /** Why it did not succeed, as first seen; a rollback that follows changes nothing about it. */
  readonly cause: string | undefined;
  /** When it was first seen that it is decided, and how often it was polled since. */
  readonly closing: { readonly since: number; readonly polls: number } | undefined;
  /** A rollback was asked for when it was stopped. */
  readonly rollbackAsked: boolean;
  /** Stopped tasks that have been reported. */
  readonly stoppedReported: number;
  /** When it was last seen with all that its end depends on; at first, when the watching began. */
  readonly seenAt: number;
  /** When something was last reported. */
  readonly lastReportedAt: number;
  readonly end: End | undefined;
}

/** A deployment at its start. */
export const watchFrom = (id: string, until: Milestone, deadline: number, now: number): WatchState<never> => ({
  id,
  until,
  deadline,
  reached: 'none',
  last: undefined,
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

/** Goes on watching until another deadline: one that had ended just when its time was up, or one that is looked at again. */
export const watchUntil = <S extends Snapshot>(state: WatchState<S>, deadline: number): WatchState<S> => ({
  ...state,
  deadline,
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
    if (events.length === 0 && now - state.lastReportedAt >= heartbeat) {
      events.push({ type: 'heartbeat', doing: last && rules.doing(last) });
    }
    const lastReportedAt = events.length > 0 ? now : state.lastReportedAt;
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
    reached: further(state.reached, rules.milestoneOf(now)),
    cause: state.cause ?? cause,
    closing: decided ? { since: closing?.since ?? at, polls: (closing?.polls ?? 0) + 1 } : closing,
    stoppedReported: common.stoppedReported,
  };
  return { state: next, events };
}

function endBy<S extends Snapshot>(rules: Rules<S>, state: WatchState<S>, now: number): End | undefined {
  const { last, reached, until, deadline, seenAt } = state;
  if (last && rules.isDecided(last.status)) return rules.endOf(state, last, now);
  if (until !== 'completed' && isAtLeast(reached, until)) return { status: 'IN_PROGRESS', reached };
  if (now < deadline) return undefined;
  return { status: 'TIMED_OUT', unseenSince: seenAt < deadline ? seenAt : undefined };
}

import { further, isAtLeast, type Milestone } from '../plan/milestones';
import type { End } from './end';
import { commonChanges, type DeploymentEvent, rollbackChanges, statusChanges } from './events';
import type { Seen } from './snapshot';

/** What is known of the deployment that is watched. Times are milliseconds since the epoch. */
export interface State<O extends Seen = Seen> {
  readonly id: string;
  readonly until: Milestone;
  readonly deadline: number;
  readonly reached: Milestone;
  readonly last: O | undefined;
  /** Why it did not succeed, as first seen; a rollback that follows changes nothing about it. */
  readonly cause: string | undefined;
  /** When it was first seen that it is decided, and how often it was looked at since. */
  readonly closing: { readonly since: number; readonly looks: number } | undefined;
  /** A rollback was asked for when it was stopped. */
  readonly rollbackAsked: boolean;
  /** Stopped tasks that have been told. */
  readonly stoppedTold: number;
  /** When something was last told. */
  readonly toldAt: number;
  readonly end: End | undefined;
}

/** A deployment at its start. */
export const watchFrom = (id: string, until: Milestone, deadline: number, now: number): State<never> => ({
  id,
  until,
  deadline,
  reached: 'none',
  last: undefined,
  cause: undefined,
  closing: undefined,
  rollbackAsked: false,
  stoppedTold: 0,
  toldAt: now,
  end: undefined,
});

/** Goes on watching a deployment that was stopped with a rollback, for the reason that is given. */
export const watchRollback = <O extends Seen>(state: State<O>, cause: string, deadline: number): State<O> => ({
  ...state,
  until: 'completed',
  deadline,
  cause: state.cause ?? cause,
  rollbackAsked: true,
  end: undefined,
});

/** Goes on watching a deployment that has ended just when its time was up: how, the next looks tell. */
export const watchEnd = <O extends Seen>(state: State<O>, deadline: number): State<O> => ({
  ...state,
  until: 'completed',
  deadline,
  end: undefined,
});

/** What the deployments of a controller go through. All pure. */
export interface Rules<O extends Seen> {
  /** Whether it is decided, in this status, how the deployment ends: it succeeds in it, or no longer can. */
  isDecided(status: string): boolean;
  /** Why it does not succeed, once that is decided. */
  causeOf(last: O): string | undefined;
  /** How far a deployment has come that is on its way or has succeeded. */
  milestoneOf(last: O): Milestone;
  /** The end of one that is decided; undefined while its rollback or its successor is waited for. */
  endOf(state: State<O>, last: O, now: number): End | undefined;
  /** What changed of its lifecycle. */
  progress(before: O | undefined, now: O): DeploymentEvent[];
  /** What it has begun to wait for. */
  waits(before: O | undefined, now: O): DeploymentEvent[];
  /** What it is doing, for a reader who has seen no change for a while. */
  doing(last: O): string;
}

/** Moves a state on. */
export type Next<O extends Seen> = (
  state: State<O>,
  observation: O | undefined,
  now: number,
) => { readonly state: State<O>; readonly events: readonly DeploymentEvent[] };

/** Silence is broken after this many milliseconds. */
const heartbeat = 60_000;

/**
 * What a look at a deployment, or the time that went by without one, makes of the state. Pure. An end is final, what was
 * reached stays reached, and nothing but the success of this very deployment is a success.
 */
export const nextBy =
  <O extends Seen>(rules: Rules<O>): Next<O> =>
  (state, observation, now) => {
    if (state.end || (observation && observation.id !== state.id)) return { state, events: [] };
    const seen = observation ? see(rules, state, observation, now) : { state, events: [] };
    const { last } = seen.state;
    const end = endBy(rules, seen.state, now);
    const events: DeploymentEvent[] = [...seen.events];
    if (end) events.push({ type: 'end', end });
    if (events.length === 0 && now - state.toldAt >= heartbeat) {
      events.push({ type: 'heartbeat', doing: last && rules.doing(last) });
    }
    const toldAt = events.length > 0 ? now : state.toldAt;
    return { state: { ...seen.state, toldAt, end }, events };
  };

function see<O extends Seen>(rules: Rules<O>, state: State<O>, now: O, at: number) {
  const { last: before, closing } = state;
  const decided = rules.isDecided(now.status);
  const failure = decided ? rules.causeOf(now) : undefined;
  const cause = failure === undefined ? undefined : (state.cause ?? failure);
  const common = commonChanges(before, now, state.stoppedTold);
  const events: DeploymentEvent[] = [
    ...rules.progress(before, now),
    ...common.events,
    ...statusChanges(before, now, closing ? undefined : cause),
    ...rules.waits(before, now),
    ...rollbackChanges(before, now),
  ];
  const next: State<O> = {
    ...state,
    last: now,
    reached: further(state.reached, rules.milestoneOf(now)),
    cause: state.cause ?? cause,
    closing: decided ? { since: closing?.since ?? at, looks: (closing?.looks ?? 0) + 1 } : closing,
    stoppedTold: common.stoppedTold,
  };
  return { state: next, events };
}

function endBy<O extends Seen>(rules: Rules<O>, state: State<O>, now: number): End | undefined {
  const { last, reached, until, deadline } = state;
  if (last && rules.isDecided(last.status)) return rules.endOf(state, last, now);
  if (until !== 'completed' && isAtLeast(reached, until)) return { status: 'IN_PROGRESS', reached };
  return now >= deadline ? { status: 'TIMED_OUT' } : undefined;
}

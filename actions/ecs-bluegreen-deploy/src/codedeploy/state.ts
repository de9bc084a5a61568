import { changes, type DeploymentEvent } from './changes';
import type { Observation, RollbackSeen } from './observation';
import { type FinalStatus, further, isAtLeast, isFinal, isPassed, type Milestone, positionOf } from './order';

/** How the watching of a deployment ended. */
export type End =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'IN_PROGRESS'; readonly reached: Milestone }
  | { readonly status: 'FAILED' | 'STOPPED'; readonly cause: string; readonly rollback: RollbackSeen | undefined }
  | { readonly status: 'ROLLED_BACK'; readonly cause: string; readonly rollback: RollbackSeen }
  | { readonly status: 'SUPERSEDED'; readonly cause: string; readonly by: string }
  | { readonly status: 'TIMED_OUT' };

/** What is known of the deployment that is watched. Times are milliseconds since the epoch. */
export interface State {
  readonly id: string;
  readonly until: Milestone;
  readonly deadline: number;
  readonly reached: Milestone;
  readonly last: Observation | undefined;
  /** Why it did not succeed, as first seen; a rollback that follows changes nothing about it. */
  readonly cause: string | undefined;
  /** When its final status was first seen, and how often it was looked at since. */
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
export const watchFrom = (id: string, until: Milestone, deadline: number, now: number): State => ({
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
export const watchRollback = (state: State, cause: string, deadline: number): State => ({
  ...state,
  until: 'completed',
  deadline,
  cause: state.cause ?? cause,
  rollbackAsked: true,
  end: undefined,
});

/** Silence is broken after this many milliseconds. */
const heartbeat = 60_000;
/** A rollback that is due appears at its deployment within this many milliseconds. */
const rollbackAppears = 30_000;
/** A successor is created right after the stop of the deployment that it replaces: one more look finds it. */
const looksForSuccessor = 2;

/**
 * What a look at the deployment, or the time that went by without one, makes of the state. Pure. An end is final, what
 * was reached stays reached, and nothing but `Succeeded` of this very deployment is a success.
 */
export function next(
  state: State,
  observation: Observation | undefined,
  now: number,
): { readonly state: State; readonly events: readonly DeploymentEvent[] } {
  if (state.end || (observation && observation.id !== state.id)) return { state, events: [] };
  const seen = observation ? see(state, observation, now) : { state, events: [] };
  const end = endOf(seen.state, now);
  const events: DeploymentEvent[] = [...seen.events];
  if (end) events.push({ type: 'end', end });
  if (events.length === 0 && now - state.toldAt >= heartbeat) events.push({ type: 'heartbeat', last: state.last });
  const toldAt = events.length > 0 ? now : state.toldAt;
  return { state: { ...seen.state, toldAt, end }, events };
}

function see(state: State, observation: Observation, now: number): { state: State; events: DeploymentEvent[] } {
  const over = isFinal(observation.status);
  const failed = over && observation.status !== 'Succeeded';
  const cause = state.cause ?? (failed ? causeOf(observation) : undefined);
  const { events, stoppedTold } = changes(state, observation, failed && !state.closing ? cause : undefined);
  return {
    events,
    state: {
      ...state,
      last: observation,
      reached: further(state.reached, milestoneOf(observation)),
      cause,
      closing: over ? { since: state.closing?.since ?? now, looks: (state.closing?.looks ?? 0) + 1 } : state.closing,
      stoppedTold,
    },
  };
}

/** How far a deployment has come that is on its way or has succeeded. */
function milestoneOf({ status, events, terminationWait }: Observation): Milestone {
  if (status === 'Succeeded') return 'completed';
  // After a failed event the ones behind it are skipped, which must not look like having passed them.
  if (isFinal(status) || events.some((event) => event.status === 'Failed')) return 'none';
  if (terminationWait || trafficShifted(events)) return 'traffic-shifted';
  const begun = events.some(
    ({ name, status }) => positionOf(name) > testTraffic && (status === 'InProgress' || status === 'Succeeded'),
  );
  const tested = events.some((event) => positionOf(event.name) === testTraffic && event.status === 'Succeeded');
  return status === 'Ready' || begun || tested ? 'test-traffic' : 'none';
}

const testTraffic = positionOf('AllowTestTraffic');
const traffic = positionOf('AllowTraffic');

/** All traffic is on green, and so is the word of the hook that looks at it afterwards. */
const trafficShifted = (events: Observation['events']) =>
  events.some(({ name, status }) => name === 'AllowTraffic' && status === 'Succeeded') &&
  events.every(({ name, status }) => positionOf(name) <= traffic || isPassed(status));

function endOf(state: State, now: number): End | undefined {
  const { last, reached, until, deadline } = state;
  if (last && isFinal(last.status)) return endOfFinal(state, last, last.status, now);
  if (until !== 'completed' && isAtLeast(reached, until)) return { status: 'IN_PROGRESS', reached };
  return now >= deadline ? { status: 'TIMED_OUT' } : undefined;
}

function endOfFinal(state: State, last: Observation, status: FinalStatus, now: number): End | undefined {
  if (status === 'Succeeded') return { status: 'SUCCEEDED' };
  const { cause = causeOf(last), closing, deadline } = state;
  const failure = (rollback?: RollbackSeen): End => ({
    status: status === 'Stopped' && !rollback ? 'STOPPED' : 'FAILED',
    cause,
    rollback,
  });
  if (last.rollback) {
    if (last.rollback.status === 'Succeeded') return { status: 'ROLLED_BACK', cause, rollback: last.rollback };
    const unfinished = !isFinal(last.rollback.status ?? '') && now < deadline;
    return unfinished ? undefined : failure(last.rollback);
  }
  const waited = now >= deadline || now - (closing?.since ?? now) >= rollbackAppears;
  if (expectsRollback(state, last) && !waited) return undefined;
  if (status === 'Failed') return failure();
  if (last.successor?.id) return { status: 'SUPERSEDED', cause, by: last.successor.id };
  return (closing?.looks ?? 0) >= looksForSuccessor || now >= deadline ? failure() : undefined;
}

/** Whether CodeDeploy is to roll back a deployment that ended like this one. */
export function expectsRollback(state: Pick<State, 'rollbackAsked'>, last: Observation): boolean {
  if (last.rollbackRefused !== undefined) return false;
  if (last.error?.code === 'ALARM_ACTIVE') return last.rollbackEvents.includes('DEPLOYMENT_STOP_ON_ALARM');
  // A deployment that nobody continued in time is stopped by CodeDeploy, which counts as a failure.
  const byRequest = last.status === 'Stopped' && (last.error?.code ?? 'MANUAL_STOP') === 'MANUAL_STOP';
  if (!byRequest) return last.rollbackEvents.includes('DEPLOYMENT_FAILURE');
  return state.rollbackAsked || last.rollbackEvents.includes('DEPLOYMENT_STOP_ON_REQUEST');
}

/** Why a deployment did not succeed: the event that failed and what it said, else what CodeDeploy says. */
export function causeOf({ status, error, events }: Observation): string {
  if (error?.code === 'ALARM_ACTIVE') return `an alarm went off: ${error.message || 'CodeDeploy does not say which'}`;
  const failed = events.find((event) => event.status === 'Failed');
  const said = failed?.diagnostics ?? error?.message;
  if (failed) return `${failed.name} failed${said ? `: ${said}` : ''}`;
  if (status === 'Stopped' && (error?.code ?? 'MANUAL_STOP') === 'MANUAL_STOP')
    return `somebody stopped it${error?.message ? ` (${error.message})` : ''}`;
  return error ? `${error.code}: ${error.message}` : `CodeDeploy says ${status}`;
}

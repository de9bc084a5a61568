import { isFinal, isPassed, positionOf } from '../../plan/codedeploy-lifecycle';
import type { Milestone } from '../../plan/milestones';
import type { End } from '../../watch/end';
import type { RollbackSeen } from '../../watch/snapshot';
import { nextBy, type State as StateOf } from '../../watch/watch-state';
import { beginningWaits, doing, lifecycleChanges } from './changes';
import type { Observation } from './deployment-snapshot';

export type State = StateOf<Observation>;

/** A rollback that is due appears at its deployment within this many milliseconds. */
const rollbackAppears = 30_000;
/** A successor is created right after the stop of the deployment that it replaces: one more look finds it. */
const looksForSuccessor = 2;

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

function endOf(state: State, last: Observation, now: number): End | undefined {
  const { status } = last;
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

const isStoppedByRequest = ({ status, error }: Observation) =>
  status === 'Stopped' && (error?.code ?? 'MANUAL_STOP') === 'MANUAL_STOP';

/** Whether CodeDeploy is to roll back a deployment that ended like this one. */
export function expectsRollback(state: Pick<State, 'rollbackAsked'>, last: Observation): boolean {
  if (last.rollbackRefused !== undefined) return false;
  if (last.alarmed) return last.rollbackEvents.includes('DEPLOYMENT_STOP_ON_ALARM');
  // A deployment that nobody continued in time is stopped by CodeDeploy, which counts as a failure.
  if (!isStoppedByRequest(last)) return last.rollbackEvents.includes('DEPLOYMENT_FAILURE');
  return state.rollbackAsked || last.rollbackEvents.includes('DEPLOYMENT_STOP_ON_REQUEST');
}

/** Why a deployment did not succeed: the event that failed and what it said, else what CodeDeploy says. */
function causeOf(last: Observation): string {
  const { status, error, events, alarmed } = last;
  if (alarmed) return `an alarm went off: ${error?.message || 'CodeDeploy does not say which'}`;
  const failed = events.find((event) => event.status === 'Failed');
  const said = failed?.diagnostics ?? error?.message;
  if (failed) return `${failed.name} failed${said ? `: ${said}` : ''}`;
  if (isStoppedByRequest(last)) return `somebody stopped it${error?.message ? ` (${error.message})` : ''}`;
  return error ? `${error.code}: ${error.message}` : `CodeDeploy says ${status}`;
}

/** Moves the state of a deployment on. Pure. */
export const next = nextBy<Observation>({
  isDecided: isFinal,
  causeOf: (last) => (last.status === 'Succeeded' ? undefined : causeOf(last)),
  milestoneOf,
  endOf,
  progress: lifecycleChanges,
  waits: beginningWaits,
  doing,
});

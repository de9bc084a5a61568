import {
  isActive,
  isFinal,
  isOver,
  isPassed,
  type LifecycleEventName,
  positionOf,
} from '../../plan/codedeploy-lifecycle';
import type { Milestone } from '../../plan/wait';
import { asClause, tasksText } from '../../text';
import type { DeploymentEvent, End, Rollback, WatchState } from '../../watch/model';
import { nextBy } from '../../watch/watch-state';
import type { DeploymentSnapshot } from './deployment-snapshot';

type State = WatchState<DeploymentSnapshot>;

/** A rollback that is due appears at its deployment within this many milliseconds. */
const rollbackAppears = 30_000;
/** A successor is created right after the stop of the deployment that it replaces: one more poll finds it. */
const pollsForSuccessor = 2;

/** How far a deployment has come that is on its way or has succeeded. */
function milestoneOf({ status, events, terminationWait }: DeploymentSnapshot): Milestone {
  if (status === 'Succeeded') return 'completed';
  // After a failed event the ones behind it are skipped, which must not look like having passed them. A status that is newer than
  // this version may be that of one on its way back.
  if (!isActive(status) || events.some((event) => event.status === 'Failed')) return 'none';
  if (terminationWait || trafficShifted(events)) return 'traffic-shifted';
  const begun = events.some(
    ({ name, status }) => positionOf(name) > testTraffic && (status === 'InProgress' || status === 'Succeeded'),
  );
  const tested = events.some((event) => positionOf(event.name) === testTraffic && event.status === 'Succeeded');
  return status === 'Ready' || begun || tested ? 'test-traffic' : 'none';
}

const testTraffic = positionOf('AllowTestTraffic' satisfies LifecycleEventName);
const trafficEvent: LifecycleEventName = 'AllowTraffic';
const traffic = positionOf(trafficEvent);

/** All traffic is on green, and the hook that checks it afterwards has passed. */
const trafficShifted = (events: DeploymentSnapshot['events']) =>
  events.some(({ name, status }) => name === trafficEvent && status === 'Succeeded') &&
  events.every(({ name, status }) => positionOf(name) <= traffic || isPassed(status));

function endOf(state: State, last: DeploymentSnapshot, now: number): End | undefined {
  const { status } = last;
  if (status === 'Succeeded') return { status: 'SUCCEEDED' };
  const { cause = causeOf(last), closing, deadline } = state;
  const failure = (rollback?: Rollback): End => ({
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
  return (closing?.polls ?? 0) >= pollsForSuccessor || now >= deadline ? failure() : undefined;
}

const isStoppedByRequest = ({ status, error }: DeploymentSnapshot) =>
  status === 'Stopped' && (error?.code ?? 'MANUAL_STOP') === 'MANUAL_STOP';

/** Whether CodeDeploy is to roll back a deployment that ended like this one. */
function expectsRollback(state: Pick<State, 'rollbackAsked'>, last: DeploymentSnapshot): boolean {
  if (last.rollbackRefused !== undefined) return false;
  if (last.alarmed) return last.rollbackEvents.includes('DEPLOYMENT_STOP_ON_ALARM');
  // A deployment that nobody continued in time is stopped by CodeDeploy, which counts as a failure.
  if (!isStoppedByRequest(last)) return last.rollbackEvents.includes('DEPLOYMENT_FAILURE');
  return state.rollbackAsked || last.rollbackEvents.includes('DEPLOYMENT_STOP_ON_REQUEST');
}

/** Why a deployment did not succeed: the event that failed and what it said, else what CodeDeploy says. */
function causeOf(last: DeploymentSnapshot): string {
  const { status, error, events, alarmed } = last;
  if (alarmed) return `an alarm went off: ${asClause(error?.message ?? '') || 'CodeDeploy does not say which'}`;
  const failed = events.find((event) => event.status === 'Failed');
  const ofDeployment = error && asClause(error.message);
  if (failed) {
    const said = [failed.diagnostics, failed.diagnostics && !failed.isBare ? undefined : ofDeployment]
      .filter(Boolean)
      .join(': ');
    return `${failed.name} failed${said ? `: ${said}` : ''}`;
  }
  if (isStoppedByRequest(last)) return `somebody stopped it${ofDeployment ? ` (${ofDeployment})` : ''}`;
  return error ? [error.code, ofDeployment].filter(Boolean).join(': ') : `CodeDeploy says ${status}`;
}

/** What differs in the lifecycle events between the last poll and this one. */
function lifecycleChanges(before: DeploymentSnapshot | undefined, now: DeploymentSnapshot): DeploymentEvent[] {
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

/** The waits that have begun: for somebody to continue it, and for the end of the old tasks. */
function beginningWaits(before: DeploymentSnapshot | undefined, now: DeploymentSnapshot): DeploymentEvent[] {
  const events: DeploymentEvent[] = [];
  if (now.status === 'Ready' && before?.status !== 'Ready') events.push({ type: 'ready' });
  if (now.terminationWait && !before?.terminationWait && now.status === 'InProgress') {
    events.push({ type: 'termination-wait' });
  }
  return events;
}

/** What a deployment is doing. */
export function doing(last: DeploymentSnapshot): string {
  const { rollback, status, green } = last;
  if (rollback) return `rolling back: ${rollback.id} ${rollback.status ?? ''}`.trimEnd();
  if (status === 'Ready') return 'waiting to be continued';
  if (last.terminationWait) return 'waiting for the end of the old tasks';
  const what = last.events.find((event) => event.status === 'InProgress')?.name ?? status;
  return green ? `${what}: ${tasksText('green', green)}, ${green.traffic}% of the traffic` : what;
}

/** Moves the state of a deployment on. */
export const next = nextBy<DeploymentSnapshot>({
  isDecided: isFinal,
  causeOf: (last) => (last.status === 'Succeeded' ? undefined : causeOf(last)),
  milestoneOf,
  endOf,
  progress: lifecycleChanges,
  waits: beginningWaits,
  doing,
});

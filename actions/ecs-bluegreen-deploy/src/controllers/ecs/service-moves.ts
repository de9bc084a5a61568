import { isAdvancing, isDecided, isFinal, milestoneIn, positionOf } from '../../plan/ecs-lifecycle';
import type { Milestone } from '../../plan/wait';
import { tasksText } from '../../text';
import type { DeploymentEvent, End, WatchState } from '../../watch/model';
import { nextBy } from '../../watch/watch-state';
import { type HookSnapshot, onlyNewRun, pausedAt, type ServiceSnapshot } from './service-snapshot';

type State = WatchState<ServiceSnapshot>;

/** A successor is created with the stop of the deployment that it replaces: one more poll finds it. */
const pollsForSuccessor = 2;

/** How far a service deployment has come. Stages pass between two polls, so only their order counts. */
function milestoneOf(now: ServiceSnapshot): Milestone {
  const { status, stage } = now;
  if (status === 'SUCCESSFUL') return 'completed';
  if (!isAdvancing(status)) return 'none';
  const reached = milestoneIn(stage);
  if (reached !== 'none') return reached;
  // A rolling deployment shows no stages: its traffic has moved when only new tasks are left, and all of them receive it.
  return onlyNewRun(now) && now.targetsHealthy === true ? 'traffic-shifted' : 'none';
}

function endOf(state: State, last: ServiceSnapshot, now: number): End | undefined {
  const { cause = causeOf(last) ?? last.status, closing, deadline } = state;
  const { status, rollback = undefined } = last;
  const late = now >= deadline;
  if (status === 'SUCCESSFUL') return { status: 'SUCCEEDED' };
  if (status === 'ROLLBACK_SUCCESSFUL') return { status: 'ROLLED_BACK', cause, rollback: rollback! };
  if (status === 'ROLLBACK_FAILED') return { status: 'FAILED', cause, rollback };
  if (!isFinal(status)) return late ? { status: 'FAILED', cause, rollback } : undefined;
  const failed = last.breaker !== undefined || last.alarmed;
  if (last.successor?.id !== undefined && !failed) return { status: 'SUPERSEDED', cause, by: last.successor.id };
  if ((closing?.polls ?? 0) < pollsForSuccessor && !late) return undefined;
  if (/newer service deployment/i.test(last.reason ?? '') && !failed)
    return { status: 'SUPERSEDED', cause, by: undefined };
  return { status: last.breaker ? 'FAILED' : 'STOPPED', cause, rollback };
}

/** Why a service deployment does not succeed: the alarm, the circuit breaker, the hook, or what ECS says. */
function causeOf({ status, reason, alarmed, alarms, breaker, hooks, ...last }: ServiceSnapshot): string | undefined {
  if (status === 'SUCCESSFUL') return undefined;
  const said = reason ? ` (${reason})` : '';
  if (alarmed) return `an alarm went off: ${alarms.join(', ') || 'ECS does not say which'}${said}`;
  if (breaker) return `the circuit breaker tripped after ${breaker.failures} failed tasks${said}`;
  const hook = hooks.find(stoppedIt);
  if (hook) return `the hook ${hook.target} ${howItFailed(hook)}${said}`;
  if (/user request/i.test(reason ?? '')) return `somebody stopped it${said}`;
  return reason ?? failureEvent(last.serviceEvents) ?? `ECS says ${status}`;
}

/** Whether a hook kept the deployment from going on: a time-out may also let it go on. The stage is that of the way back by now. */
const stoppedIt = ({ status, timeoutAction }: HookSnapshot) =>
  status === 'FAILED' || (status === 'TIMED_OUT' && timeoutAction !== 'CONTINUE');

function howItFailed({ status, target }: HookSnapshot): string {
  if (status === 'FAILED') return 'failed';
  return target === 'PAUSE' ? 'was not continued in time' : 'did not answer in time';
}

/** Why ECS wanted a rollback, where only an event of the service says so. */
function failureEvent(events: ServiceSnapshot['serviceEvents']): string | undefined {
  const told = events.map(({ message }) => /deployment failed: (.*?)[.\s]*$/.exec(message)?.[1]);
  return told.reverse().find((text) => text !== undefined && text !== '');
}

/** What changed of the stage. Stages pass quickly: those between two polls are not seen. */
function stageChanges(before: ServiceSnapshot | undefined, now: ServiceSnapshot): DeploymentEvent[] {
  const [was, is] = [before?.stage, now.stage];
  const events: DeploymentEvent[] = [];
  if (before && was !== undefined && passed(before, now)) {
    const took = now.stageSince - before.stageSince;
    events.push({ type: 'lifecycle', name: was, status: 'Succeeded', took });
  }
  if (is !== undefined && isAdvancing(now.status) && positionOf(is) > positionOf(was)) {
    events.push({ type: 'lifecycle', name: is, status: 'InProgress', took: undefined });
  }
  return events;
}

/** Whether the stage of the last poll has been passed. During a rollback, stages say nothing. */
const passed = (before: ServiceSnapshot, now: ServiceSnapshot) =>
  (isAdvancing(now.status) || now.status === 'SUCCESSFUL') && positionOf(now.stage) > positionOf(before.stage);

/** The waits for somebody that have begun. */
function beginningPauses(before: ServiceSnapshot | undefined, now: ServiceSnapshot): DeploymentEvent[] {
  const hook = pausedAt(now);
  if (!hook || (before && pausedAt(before)?.id === hook.id)) return [];
  const { expiresAt, timeoutAction = 'ROLLBACK' } = hook;
  const otherwise = expiresAt === undefined ? undefined : `${timeoutAction} at ${new Date(expiresAt).toISOString()}`;
  return [{ type: 'pause', stage: now.stage ?? 'its hook', hook: hook.id, otherwise }];
}

/** What a service deployment is doing. */
function doing(last: ServiceSnapshot): string {
  const { status, stage, green } = last;
  if (!isAdvancing(status)) return status;
  const hook = pausedAt(last);
  if (hook) return `waiting at ${stage ?? 'a hook'} to be continued`;
  const what = stage ?? status;
  if (!green) return what;
  const traffic = green.traffic === undefined ? '' : `, ${green.traffic}% of the traffic`;
  return `${what}: ${tasksText('green', green)}${traffic}`;
}

/** Moves the state of a service deployment on. */
export const next = nextBy<ServiceSnapshot>({
  isDecided,
  causeOf,
  milestoneOf,
  endOf,
  progress: stageChanges,
  waits: beginningPauses,
  doing,
});

import { isAdvancing, isDecided, isFinal, positionOf } from '../../plan/ecs-lifecycle';
import type { Milestone } from '../../plan/milestones';
import type { End } from '../../watch/end';
import { nextBy, type State as StateOf } from '../../watch/watch-state';
import { beginningPauses, doing, stageChanges } from './changes';
import { type Observation, onlyNewRun } from './service-snapshot';

export type State = StateOf<Observation>;

/** A successor is created with the stop of the deployment that it replaces: one more look finds it. */
const looksForSuccessor = 2;

const testTraffic = positionOf('TEST_TRAFFIC_SHIFT');
const bakeTime = positionOf('BAKE_TIME');

/**
 * How far a service deployment has come. Stages pass between two looks, so only their order counts; the traffic counts as
 * moved when the hooks that look at it afterwards have passed.
 */
function milestoneOf(now: Observation): Milestone {
  const { status, stage } = now;
  if (status === 'SUCCESSFUL') return 'completed';
  if (!isAdvancing(status)) return 'none';
  const position = positionOf(stage);
  if (position >= bakeTime) return 'traffic-shifted';
  if (position > testTraffic) return 'test-traffic';
  // A rolling deployment shows no stages: its traffic has moved when only new tasks are left, and all take it.
  return onlyNewRun(now) && now.targetsHealthy === true ? 'traffic-shifted' : 'none';
}

function endOf(state: State, last: Observation, now: number): End | undefined {
  const { cause = causeOf(last) ?? last.status, closing, deadline } = state;
  const { status, rollback = undefined } = last;
  const late = now >= deadline;
  if (status === 'SUCCESSFUL') return { status: 'SUCCEEDED' };
  if (status === 'ROLLBACK_SUCCESSFUL') return { status: 'ROLLED_BACK', cause, rollback: rollback! };
  if (status === 'ROLLBACK_FAILED') return { status: 'FAILED', cause, rollback };
  if (!isFinal(status)) return late ? { status: 'FAILED', cause, rollback } : undefined;
  const failed = last.breaker !== undefined || last.alarmed;
  if (last.successor?.id !== undefined && !failed) return { status: 'SUPERSEDED', cause, by: last.successor.id };
  if ((closing?.looks ?? 0) < looksForSuccessor && !late) return undefined;
  return { status: last.breaker ? 'FAILED' : 'STOPPED', cause, rollback };
}

/** Why a service deployment does not succeed: the alarm, the circuit breaker, the hook, or what ECS says. */
function causeOf({ status, reason, alarmed, alarms, breaker, hooks }: Observation): string | undefined {
  if (status === 'SUCCESSFUL') return undefined;
  const said = reason ? ` (${reason})` : '';
  if (alarmed) return `an alarm went off: ${alarms.join(', ') || 'ECS does not say which'}${said}`;
  if (breaker) return `the circuit breaker tripped after ${breaker.failures} failed tasks${said}`;
  const hook = hooks.find((one) => one.status === 'FAILED' || one.status === 'TIMED_OUT');
  // The stage is that of the way back by now.
  if (hook)
    return `the hook ${hook.target} ${hook.status === 'FAILED' ? 'failed' : 'was not continued in time'}${said}`;
  if (/user request/i.test(reason ?? '')) return `somebody stopped it${said}`;
  return reason ?? `ECS says ${status}`;
}

/** Moves the state of a service deployment on. Pure. */
export const next = nextBy<Observation>({
  isDecided,
  causeOf,
  milestoneOf,
  endOf,
  progress: stageChanges,
  waits: beginningPauses,
  doing,
});

import { isAdvancing, positionOf } from '../../plan/ecs-lifecycle';
import { tasksText } from '../../report/event-lines';
import type { DeploymentEvent } from '../../watch/events';
import { type Observation, pausedAt } from './service-snapshot';

/** What changed of the stage. Stages pass quickly: those between two looks are not seen. Pure. */
export function stageChanges(before: Observation | undefined, now: Observation): DeploymentEvent[] {
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

/** Whether the stage of the last look lies behind. On the way back stages say nothing. */
const passed = (before: Observation, now: Observation) =>
  (isAdvancing(now.status) || now.status === 'SUCCESSFUL') && positionOf(now.stage) > positionOf(before.stage);

/** The waits for somebody that have begun. Pure. */
export function beginningPauses(before: Observation | undefined, now: Observation): DeploymentEvent[] {
  const hook = pausedAt(now);
  if (!hook || (before && pausedAt(before)?.id === hook.id)) return [];
  const { expiresAt, timeoutAction = 'ROLLBACK' } = hook;
  const otherwise = expiresAt === undefined ? undefined : `${timeoutAction} at ${new Date(expiresAt).toISOString()}`;
  return [{ type: 'pause', stage: now.stage ?? 'its hook', hook: hook.id, otherwise }];
}

/** What a service deployment is doing. Pure. */
export function doing(last: Observation): string {
  const { status, stage, green } = last;
  if (!isAdvancing(status)) return status;
  const hook = pausedAt(last);
  if (hook) return `waiting at ${stage ?? 'a hook'} to be continued`;
  const what = stage ?? status;
  if (!green) return what;
  const traffic = green.traffic === undefined ? '' : `, ${green.traffic}% of the traffic`;
  return `${what}: ${tasksText('green', green)}${traffic}`;
}

import { isOver, positionOf } from '../../plan/codedeploy-lifecycle';
import { tasksText } from '../../report/event-lines';
import type { DeploymentEvent } from '../../watch/events';
import type { Observation } from './deployment-snapshot';

/** What differs in the lifecycle events between the last look and this one. Pure. */
export function lifecycleChanges(before: Observation | undefined, now: Observation): DeploymentEvent[] {
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

/** The waits that have begun: for somebody to continue it, and for the end of the old tasks. Pure. */
export function beginningWaits(before: Observation | undefined, now: Observation): DeploymentEvent[] {
  const events: DeploymentEvent[] = [];
  if (now.status === 'Ready' && before?.status !== 'Ready') events.push({ type: 'ready' });
  if (now.terminationWait && !before?.terminationWait && now.status === 'InProgress') {
    events.push({ type: 'termination-wait' });
  }
  return events;
}

/** What a deployment is doing. Pure. */
export function doing(last: Observation): string {
  const { rollback, status, green } = last;
  if (rollback) return `rolling back: ${rollback.id} ${rollback.status ?? ''}`.trimEnd();
  if (status === 'Ready') return 'waiting to be continued';
  if (last.terminationWait) return 'waiting for the end of the old tasks';
  const what = last.events.find((event) => event.status === 'InProgress')?.name ?? status;
  return green ? `${what}: ${tasksText('green', green)}, ${green.traffic}% of the traffic` : what;
}

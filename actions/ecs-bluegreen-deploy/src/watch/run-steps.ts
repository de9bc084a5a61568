import type { DeploymentEvent, RunStep } from './model';

/** So many are kept, whatever the run takes: a crash loop goes round for hours. */
export const mostSteps = 1_000;

/** Events of one step; a service has at most a hundred. */
const mostEvents = 100;

/** What a crash loop repeats. */
const repeated: ReadonlySet<DeploymentEvent['type']> = new Set(['service', 'tasks', 'stopped-tasks']);

/**
 * Keeps a step, without signs of life. When there are too many, one from the middle goes, first of those that a crash loop
 * repeats: the beginning and the end tell more.
 */
export function keepStep(steps: RunStep[], { at, events }: RunStep): void {
  const kept = events.filter(({ type }) => type !== 'heartbeat').slice(0, mostEvents);
  if (kept.length === 0) return;
  steps.push({ at, events: kept });
  if (steps.length <= mostSteps) return;
  const middle = mostSteps / 2;
  const dull = steps.findIndex((step, index) => index >= middle && step.events.every(({ type }) => repeated.has(type)));
  steps.splice(dull < 0 ? middle : dull, 1);
}

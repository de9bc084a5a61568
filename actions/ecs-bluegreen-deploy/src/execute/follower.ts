import { type Effects, unlessLost } from '../aws/effects';
import { formatEvent } from '../report/event-lines';
import { formatElapsed } from '../text';
import type { Controller } from '../watch/controller';
import { type DeploymentWatch, watchDeployment } from '../watch/deployment-watch';
import { diagnose } from '../watch/diagnose';
import { type DeploymentEvent, type DeploymentRun, hintsOf, type RunStep, type WatchState } from '../watch/model';

/** A deployment that is followed, with the run that hears of it. */
export interface Follower {
  readonly run: DeploymentRun;
  readonly controller: Controller;
  readonly watch: DeploymentWatch;
  readonly say: (text: string) => void;
}

/** Watches until the state ends. What failed is explained as soon as it is seen, before its rollback is waited for. */
export async function followWatch({ run, controller, watch, say }: Follower, effects: Effects): Promise<WatchState> {
  const { clock, signal } = effects;
  const interval = run.plan.request.inputs['poll-interval-seconds'] * 1_000;
  run.state = watch.state;
  for await (const step of watchDeployment(watch, { clock, signal, interval, say })) {
    run.state = step.state;
    keepStep(run.steps, step);
    for (const event of step.events) {
      for (const line of formatEvent(event, hintsOf(run))) say(line);
      if (event.type === 'failed') await diagnose(run, controller, effects);
    }
    if (run.continues && step.events.some(({ type }) => waiting.has(type))) {
      run.continues = (await unlessLost(() => controller.continueDeployment(run.deployment!.id))) !== true;
    }
  }
  return watch.state;
}

/** Events of a deployment that may be waiting for somebody. */
const waiting: ReadonlySet<DeploymentEvent['type']> = new Set(['ready', 'pause', 'heartbeat']);

/** Says a line with the time since the start of the run before it. */
export const sayTimed =
  ({ startedAt }: DeploymentRun, { clock, log }: Effects) =>
  (text: string): void =>
    log.info(`${`+${formatElapsed(clock.now() - startedAt)}`.padStart(7)} ${text}`);

/** The most steps that are kept, however long the run takes: a crash loop may last for hours. */
export const mostSteps = 1_000;

/** Events of one step; a service has at most a hundred. */
const mostEvents = 100;

/** What a crash loop repeats. */
const repeated: ReadonlySet<DeploymentEvent['type']> = new Set(['service', 'tasks', 'stopped-tasks']);

/**
 * Keeps a step, without signs of life. When there are too many, one from the middle goes, first of those that a crash loop
 * repeats: the beginning and the end say more.
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

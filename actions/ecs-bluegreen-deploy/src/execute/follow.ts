import { type Effects, unlessLost } from '../aws/effects';
import { formatEvent } from '../report/event-lines';
import { formatDuration, formatMinutes, shortId } from '../text';
import type { Controller } from '../watch/controller';
import { type DeploymentRun, hintsOf, type RunEnd } from '../watch/deployment-run';
import { type DeploymentWatch, watchDeployment } from '../watch/deployment-watch';
import { diagnose } from '../watch/diagnose';
import type { DeploymentEvent } from '../watch/events';
import type { TaskCounts } from '../watch/snapshot';
import { type WatchState, watchFrom } from '../watch/watch-state';

/** A rollback after a time-out is followed for this many milliseconds, within what CodeCatalyst allows an action. */
const rollbackGrace = 4 * 60_000;

/** Watches the deployment to its end; after a time-out, its rollback where one is wanted. */
export async function follow(run: DeploymentRun, controller: Controller, effects: Effects): Promise<RunEnd> {
  const { plan, deadline, deployment, startedAt } = run;
  const { clock, log } = effects;
  const { until } = plan.wait;
  const id = deployment!.id;
  const say = (text: string) => log.info(`${elapsed(clock.now() - startedAt)} ${text}`);
  log.info(`Watching ${shortId(id)} until ${until}, at most ${formatMinutes((deadline - clock.now()) / 60_000)}`);
  const watch = controller.watch(watchFrom(id, until, deadline, clock.now()), run.arn!, say);
  const follower: Follower = { run, controller, watch, say };
  const state = await followWatch(follower, effects);
  if (state.end?.status !== 'TIMED_OUT') return state.end!;
  const cause = `it was not finished after ${formatDuration(clock.now() - startedAt)}`;
  log.info(`Time is up: ${cause}`);
  await diagnose(run, controller, effects);
  const wantsRollback = plan.request.inputs['rollback-on']?.includes('timeout') ?? false;
  // With all its tasks it may serve already, and only the end of its bake time be missing.
  const isUnseen = until !== 'completed' && state.last?.isBrief === true && runsWhole(state.last.green);
  if (wantsRollback && isUnseen) log.warn(`Not rolled back: it may have reached ${until}, which the role may not see`);
  const stopping = wantsRollback && !isUnseen ? await controller.rollBack(id) : 'failed';
  if (stopping === 'failed') return state.end;
  const grace = clock.now() + rollbackGrace;
  if (stopping === 'stopped') watch.followRollback(cause, grace);
  else watch.followEnd(grace);
  return (await followWatch(follower, effects)).end!;
}

const runsWhole = (tasks: TaskCounts | undefined) => tasks === undefined || tasks.running >= tasks.desired;

/** A deployment that is watched for a run. */
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
    run.steps.push(step);
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

/** Minutes and seconds since the start, for the beginning of a line. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `+${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`.padStart(7);
}

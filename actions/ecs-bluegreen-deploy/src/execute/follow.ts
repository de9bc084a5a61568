import { pauseAfter } from '../../../../shared/backoff';
import type { Effects } from '../aws/effects';
import { formatDuration, formatElapsed, formatMinutes, shortId } from '../text';
import type { Controller } from '../watch/controller';
import { diagnose } from '../watch/diagnose';
import type { DeploymentRun, End, RunEnd, TaskCounts } from '../watch/model';
import { watchFrom } from '../watch/watch-state';
import { type Follower, followWatch, sayTimed } from './follower';
import { lookAgain } from './last-look';

/** Watches the deployment to its end; after a time-out, its rollback where one is wanted. */
export async function follow(run: DeploymentRun, controller: Controller, effects: Effects): Promise<RunEnd> {
  const { plan, deadline, deployment } = run;
  const { clock, log } = effects;
  const { until } = plan.wait;
  const { id, createdAt } = deployment!;
  const say = sayTimed(run, effects);
  log.info(
    `Watching ${shortId(id)} until ${until}, at most ${formatMinutes(Math.max(0, deadline - clock.now()) / 60_000)}`,
  );
  const watch = controller.watch(watchFrom(id, until, deadline, clock.now(), createdAt), run.arn!, say);
  const follower: Follower = { run, controller, watch, say };
  const { end } = await followWatch(follower, effects);
  const ended = end!.status === 'TIMED_OUT' ? await endLate(follower, end!, effects) : end!;
  const endedAt = clock.now();
  const looked = await lookAgain(run, ended, follower, effects);
  const goesOn = looked.status === 'IN_PROGRESS' || (looked.status === 'UNHEALTHY' && !looked.isOver);
  if (!goesOn || clock.now() === endedAt) return looked;
  // The last look took a while, in which somebody may have stopped the deployment, or an alarm rolled it back.
  watch.extend(deadline);
  const { end: now } = await followWatch(follower, effects);
  return now!.status === 'IN_PROGRESS' || (looked.status === 'UNHEALTHY' && !isUndone(now!)) ? looked : now!;
}

/** Whether the new tasks are not to serve any more, which explains that they do not answer. */
const isUndone = ({ status }: End) => status !== 'SUCCEEDED' && status !== 'TIMED_OUT';

type TimedOut = Extract<End, { status: 'TIMED_OUT' }>;

/** A rollback after a time-out is followed for this many milliseconds, within what CodeCatalyst allows an action. */
const rollbackGrace = 4 * 60_000;

/** Explains a deployment that did not end in time, and rolls it back where that is wanted. The answer is how it ended. */
async function endLate(follower: Follower, end: TimedOut, effects: Effects): Promise<RunEnd> {
  const { run, controller } = follower;
  const cause = `it was not finished after ${formatDuration(run.deadline - run.startedAt)}`;
  effects.log.info(`Time is up: ${cause}`);
  await diagnose(run, controller, effects);
  const wantsRollback = run.plan.request.inputs['rollback-on']?.includes('timeout') ?? false;
  if (!wantsRollback) return end;
  const why = unseen(follower, end);
  return why === undefined ? rollBackLate(follower, cause, effects) : refuse(run, why, end, effects);
}

/** The most attempts to stop a deployment; in the pauses between them it may have moved on. */
const mostAttempts = 5;

/**
 * Stops a deployment whose time is up, and follows its rollback. Each attempt rests on a look right before it: what has
 * reached its end, or its milestone, in between is not rolled back, and neither is what cannot be seen.
 */
async function rollBackLate(follower: Follower, cause: string, effects: Effects): Promise<RunEnd> {
  const { run, controller, watch } = follower;
  const { clock, uninterruptible, signal } = effects;
  const grace = clock.now() + rollbackGrace;
  let asked = '';
  for (let attempt = 1; ; attempt++) {
    watch.extend(clock.now());
    const { end, closing } = await followWatch(follower, effects);
    // A stop whose answer was lost may be what has ended it.
    if (asked && closing) return followRollback(follower, cause, grace, effects);
    if (end!.status !== 'TIMED_OUT') return end!;
    const why = unseen(follower, end!);
    if (why !== undefined) return refuse(run, `${asked}${why}`, end!, effects);
    const stopping = await controller.rollBack(run.deployment!.id, uninterruptible.once());
    if (stopping.result === 'stopped') return followRollback(follower, cause, grace, effects);
    if (stopping.result === 'ended') {
      watch.extend(grace);
      return (await followWatch(follower, effects)).end!;
    }
    if (stopping.result === 'failed' || attempt === mostAttempts) return refuse(run, stopping.why, end!, effects);
    if (stopping.result === 'unanswered')
      asked = `it was asked to stop, and AWS did not answer whether it does (${stopping.why}); `;
    await clock.sleep(pauseAfter(attempt, { firstMs: 1_000, longestMs: 8_000, certain: 0.5 }), signal);
  }
}

function refuse(run: DeploymentRun, why: string, end: TimedOut, { log }: Effects): TimedOut {
  run.notRolledBack = why;
  log.warn(`Not rolled back: ${why}`);
  return end;
}

async function followRollback(follower: Follower, cause: string, grace: number, effects: Effects): Promise<RunEnd> {
  follower.watch.followRollback(cause, grace);
  return (await followWatch(follower, effects)).end!;
}

/** Why a deployment is not seen well enough to be stopped; undefined where it is. */
function unseen({ run, watch: { state } }: Follower, { unseenSince }: TimedOut): string | undefined {
  if (unseenSince !== undefined) {
    return `it was not seen since ${formatElapsed(unseenSince - run.startedAt)} and may have succeeded meanwhile`;
  }
  // With all its tasks it may serve already, and only the end of its bake time be missing.
  const isHidden = state.until !== 'completed' && state.last?.isBrief === true && runsWhole(state.last.green);
  return isHidden ? `it may have reached ${state.until}, which the role may not see` : undefined;
}

const runsWhole = (tasks: TaskCounts | undefined) => tasks === undefined || tasks.running >= tasks.desired;

import type { Effects } from '../aws/effects';
import { formatMinutes, shortId } from '../text';
import type { Controller } from '../watch/controller';
import type { DeploymentRun, RunEnd } from '../watch/model';
import { watchFrom } from '../watch/watch-state';
import { type Follower, followWatch, sayTimed } from './follower';
import { lookAgain } from './last-look';
import { endLate } from './time-up';

/** Watches the deployment to its end; after a time-out, its rollback where one is wanted. */
export async function follow(run: DeploymentRun, controller: Controller, effects: Effects): Promise<RunEnd> {
  const { plan, deadline, deployment } = run;
  const { clock, log } = effects;
  const { until } = plan.wait;
  const id = deployment!.id;
  const say = sayTimed(run, effects);
  log.info(`Watching ${shortId(id)} until ${until}, at most ${formatMinutes((deadline - clock.now()) / 60_000)}`);
  const watch = controller.watch(watchFrom(id, until, deadline, clock.now()), run.arn!, say);
  const follower: Follower = { run, controller, watch, say };
  const { end } = await followWatch(follower, effects);
  const ended = end!.status === 'TIMED_OUT' ? await endLate(follower, end!, effects) : end!;
  const endedAt = clock.now();
  const looked = await lookAgain(run, ended, follower, effects);
  if (looked.status !== 'IN_PROGRESS' || clock.now() === endedAt) return looked;
  // The look took its time, in which somebody may have stopped the deployment, or an alarm have rolled it back.
  watch.extend(deadline);
  const { end: now } = await followWatch(follower, effects);
  return now!.status === 'IN_PROGRESS' ? looked : now!;
}

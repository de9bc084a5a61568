import type { Effects } from '../aws/effects';
import { shortId } from '../text';
import type { ActiveDeployment, Controller } from '../watch/controller';
import type { DeploymentRun, End, RunEnd } from '../watch/model';
import { watchFrom } from '../watch/watch-state';
import { followWatch, sayTimed } from './follower';

/** Ends the deployment that is active now with a rollback, and waits for that. Deploys nothing. @throws errors of AWS */
export async function rollBackActive(run: DeploymentRun, controller: Controller, effects: Effects): Promise<RunEnd> {
  const { clock, log, signal } = effects;
  const active = await controller.active.find();
  if (signal.aborted) throw signal.reason;
  if (!active) return { status: 'UNCHANGED' };
  run.deployment = active;
  run.arn = active.taskDefinition;
  if (active.returns) log.info(`Deployment ${shortId(active.id)} is being rolled back already: watching that`);
  const isStopped = active.returns || (await controller.active.rollBack(active.id));
  const say = sayTimed(run, effects);
  const watch = controller.watch(watchFrom(active.id, 'completed', run.deadline, clock.now()), run.arn ?? '', say);
  if (isStopped) watch.followRollback('if-deploying: rollback', run.deadline);
  const { end } = await followWatch({ run, controller, watch, say }, effects);
  return judge(end!, active);
}

/** What the end of the deployment means for the one who wanted it rolled back. */
function judge(end: End, { id, returns }: ActiveDeployment): RunEnd {
  if (end.status !== 'SUCCEEDED') return end;
  // Under the rollout state of the service alone, the way back is a deployment that succeeds.
  if (returns)
    return { status: 'ROLLED_BACK', cause: 'its rollback', rollback: { id, status: 'Succeeded', error: undefined } };
  return { status: 'FAILED', cause: 'it had succeeded before it could be stopped', rollback: undefined };
}

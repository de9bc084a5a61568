import { adjustService } from '../aws/ecs-service';
import type { Effects } from '../aws/effects';
import { controllerFor } from '../controllers/controllers';
import type { Replan } from '../plan/plan';
import { shortId } from '../text';
import type { ActiveDeployment, Controller } from '../watch/controller';
import type { DeploymentRun, End, RunEnd } from '../watch/model';
import { watchFrom } from '../watch/watch-state';
import { begin } from './begin';
import { follow } from './follow';
import { followWatch, sayTimed } from './follower';
import { lookAgain } from './last-look';
import { isOutdated } from './outdated';
import { runPreDeploy } from './pre-deploy';
import { TaskFailed } from './task-end';

/** Deploys as the plan says, filling in the run as it goes. The answer is how it ended. */
export async function deploy(run: DeploymentRun, effects: Effects, replan: Replan): Promise<RunEnd> {
  if (run.plan.revision.kind === 'none') return rollBackActive(run, controllerFor(run.plan, effects), effects);
  const again = () => replan({ registered: run.arn, ended: run.plan.ended });
  let isReplanned = false;
  try {
    for (;;) {
      const end = await deployOnce(run, effects, replan);
      // Somebody has deployed something else since the service was read; once, as AWS may contradict itself.
      if (end.status === 'UNCHANGED' && run.serves === 'replaced' && !isReplanned) {
        isReplanned = true;
        run.plan = await again();
        run.serves = undefined;
        continue;
      }
      const endedAt = effects.clock.now();
      if (await isOutdated(run, end, effects, again)) continue;
      if (end.status !== 'IN_PROGRESS' || effects.clock.now() - endedAt < aWhile) return end;
      // Reading the images took a while, in which somebody may have stopped the deployment.
      return await follow(run, controllerFor(run.plan, effects), effects);
    }
  } catch (error) {
    if (error instanceof TaskFailed) return { status: 'TASK_FAILED', cause: error.message };
    throw error;
  }
}

/** Milliseconds after which the state of a deployment in progress is read again. */
const aWhile = 5_000;

async function deployOnce(run: DeploymentRun, effects: Effects, replan: Replan): Promise<RunEnd> {
  const begun = await begin(run, effects, replan);
  const controller = controllerFor(run.plan, effects);
  if (begun === 'unchanged') {
    if (run.plan.task?.always) await runPreDeploy(run, controller, effects);
    const end = await endUnchanged(run, controller, effects);
    await adjustService(run.plan, effects);
    return end;
  }
  const { id, isUnseen } = run.deployment!;
  // A deployment that AWS does not show may be over already, and then it was not just started.
  if (run.plan.wait.until !== 'none' || isUnseen) return follow(run, controller, effects);
  if (run.continues && !(await controller.continueDeployment(id))) {
    effects.log.info(`Deployment ${shortId(id)} does not wait to be continued`);
  }
  return { status: 'IN_PROGRESS', reached: 'none' };
}

/** A run that waits for nothing does not report on the tasks either. */
async function endUnchanged(run: DeploymentRun, controller: Controller, effects: Effects): Promise<RunEnd> {
  const end = { status: 'UNCHANGED' } as const;
  if (run.plan.wait.until === 'none') return end;
  return lookAgain(run, end, { controller, say: sayTimed(run, effects) }, effects);
}

/** Ends the deployment that is active now with a rollback, and waits for that. Deploys nothing. @throws errors of AWS */
async function rollBackActive(run: DeploymentRun, controller: Controller, effects: Effects): Promise<RunEnd> {
  const { clock, log, signal } = effects;
  const active = await controller.active.find();
  if (signal.aborted) throw signal.reason;
  if (!active) return { status: 'UNCHANGED' };
  run.deployment = active;
  run.arn = active.taskDefinition;
  if (active.returns) log.info(`Deployment ${shortId(active.id)} is being rolled back already: watching that`);
  const isStopped = active.returns || (await controller.active.rollBack(active.id));
  const say = sayTimed(run, effects);
  const start = watchFrom(active.id, 'completed', run.deadline, clock.now(), active.createdAt);
  const watch = controller.watch(start, run.arn ?? '', say);
  if (isStopped) watch.followRollback('if-deploying: rollback', run.deadline);
  const { end } = await followWatch({ run, controller, watch, say }, effects);
  return judge(end!, active);
}

/** What the end of the deployment means for a run that was to roll it back. */
function judge(end: End, { id, returns }: ActiveDeployment): RunEnd {
  if (end.status !== 'SUCCEEDED') return end;
  // Under the rollout state of the service alone, the way back is a deployment that succeeds.
  if (returns)
    return { status: 'ROLLED_BACK', cause: 'its rollback', rollback: { id, status: 'Succeeded', error: undefined } };
  return { status: 'FAILED', cause: 'it had succeeded before it could be stopped', rollback: undefined };
}

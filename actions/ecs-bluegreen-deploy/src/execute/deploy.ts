import { ActionError } from '../../../../shared/errors';
import { registerRevision } from '../aws/ecs-revisions';
import { adjustService } from '../aws/ecs-service';
import { type Effects, Uncertain } from '../aws/effects';
import { controllerFor } from '../controllers/controllers';
import type { Earlier } from '../plan/current-state';
import type { Plan } from '../plan/plan';
import type { RevisionToDeploy } from '../plan/plan-revision';
import { withTimeLeft } from '../plan/wait';
import { deploymentUrl } from '../report/links';
import { shortId } from '../text';
import type { ActiveDeployment, Controller } from '../watch/controller';
import type { DeploymentRun, End, RunEnd, StartedDeployment } from '../watch/model';
import { waitForActiveDeployments, waitUnseen } from '../watch/wait-for-active';
import { watchFrom } from '../watch/watch-state';
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

/** Reads everything again and makes a new plan. @throws InputError where a check fails by now */
export type Replan = (earlier: Earlier) => Promise<Plan>;

/**
 * Brings the deployment of a plan under way, or finds that nothing is to be deployed. Whatever is waited for may change what there is to
 * do: everything is read and planned again after each wait, and before anything is stopped.
 *
 * @throws TaskFailed where the one-off task did not end with 0; ActionError (timed out) where others were active all the time
 */
async function begin(run: DeploymentRun, effects: Effects, replan: Replan): Promise<'started' | 'unchanged'> {
  const { ended } = run.plan;
  const again = async () => {
    run.plan = await replan({ registered: run.arn, ended });
  };
  for (;;) {
    const { active, unchanged, revision } = run.plan;
    if (active.own.length === 0 && active.others.length > 0) {
      await waitForTurn(run, active.others, again, effects);
    } else if (unchanged && revision.kind === 'deploy') {
      run.arn = revision.arn;
      return 'unchanged';
    } else if (await start(run, again, effects)) {
      return 'started';
    }
    if (effects.signal.aborted) throw effects.signal.reason;
  }
}

/** Waits for others, and stops them first where that is asked for, if they are still there and still others. */
async function waitForTurn(
  run: DeploymentRun,
  ids: readonly string[],
  again: () => Promise<void>,
  effects: Effects,
): Promise<void> {
  const { request } = run.plan;
  if (request.inputs['if-deploying'] === 'stop') {
    await again();
    const { own, others } = run.plan.active;
    if (own.length > 0 || !ids.every((id) => others.includes(id))) return;
  }
  const { active } = controllerFor(run.plan, effects);
  await waitForActiveDeployments(active, ids, { request, deadline: run.deadline }, effects);
  await again();
}

/** Registers, runs the one-off task, and starts the deployment. False where something came in between. */
async function start(run: DeploymentRun, again: () => Promise<void>, effects: Effects): Promise<boolean> {
  const { signal } = effects;
  if (signal.aborted) throw signal.reason;
  run.arn = await registerRevision(run.plan.revision as RevisionToDeploy, effects);
  run.plan = { ...run.plan, revision: { kind: 'deploy', arn: run.arn, why: 'registered by this run' } };
  if (signal.aborted) throw signal.reason;
  const controller = controllerFor(run.plan, effects);
  if (run.plan.active.own.length === 0 && (await runPreDeploy(run, controller, effects))) {
    await again();
    return false;
  }
  const result = await startBy(controller, run);
  if (result.kind === 'started') {
    takeOver(run, result.deployment, effects);
    return true;
  }
  await again();
  const { own, others } = run.plan.active;
  // What is active now may deploy the same. One that the role may not see can only be waited for.
  if (result.kind === 'busy' && own.length + others.length === 0) {
    await waitForBusy(run, result.ids, controller, effects);
    await again();
  }
  return false;
}

/** What AWS has accepted is reported, whatever failed afterwards. */
async function startBy(controller: Controller, run: DeploymentRun): ReturnType<Controller['start']> {
  try {
    return await controller.start(run.arn!);
  } catch (error) {
    const { id, createdAt = 0 } = (error instanceof Uncertain && error.accepted) || {};
    if (id !== undefined) run.deployment = { id, createdAt };
    throw error;
  }
}

function takeOver(run: DeploymentRun, started: StartedDeployment, { clock, log }: Effects): void {
  run.deployment = started;
  log.info(`Console: ${deploymentUrl(run.plan, started.id)}`);
  run.continues = started.adopted && run.plan.request.inputs['if-deploying'] === 'continue';
  const before = run.plan.wait;
  run.plan = withTimeLeft(run.plan, (run.deadline - clock.now()) / 60_000);
  const { until, why } = run.plan.wait;
  if (until !== before.until) log.info(`Waits until ${until} now (${why})`);
}

/** Another deployment came in between. One that the role may not see counts as active until the next attempt. */
async function waitForBusy(
  { plan, deadline }: DeploymentRun,
  ids: readonly string[],
  controller: Controller,
  effects: Effects,
): Promise<void> {
  const { request } = plan;
  if (request.inputs['if-deploying'] === 'fail') {
    const which = ids.map(shortId).join(', ') || 'of somebody else';
    throw new ActionError(
      `cannot create the deployment: deployment ${which} is active, and if-deploying is fail; run again when it has ended`,
    );
  }
  if (ids.length === 0) await waitUnseen({ request, deadline }, effects);
  else await waitForActiveDeployments(controller.active, ids, { request, deadline }, effects);
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

import { ActionError } from '../../../../shared/errors';
import { registerRevision } from '../aws/ecs-revisions';
import { type Effects, Uncertain } from '../aws/effects';
import { controllerFor } from '../controllers/controllers';
import type { Replan } from '../plan/plan';
import type { RevisionToDeploy } from '../plan/plan-revision';
import { withTimeLeft } from '../plan/wait';
import { deploymentUrl } from '../report/links';
import { shortId } from '../text';
import type { Controller } from '../watch/controller';
import type { DeploymentRun, StartedDeployment } from '../watch/model';
import { waitForActiveDeployments, waitUnseen } from '../watch/wait-for-active';
import { planAgain, refuseLate } from './plan-again';
import { runPreDeploy } from './pre-deploy';

/**
 * Brings the deployment of a plan under way, or finds that nothing is to be deployed. Whatever is waited for may change what there is to
 * do: everything is read and planned again after each wait, and before anything is stopped.
 *
 * @throws TaskFailed where the one-off task did not end with 0; ActionError (timed out) where others were active all the time, or AWS
 *   did not answer in time
 */
export async function begin(run: DeploymentRun, effects: Effects, replan: Replan): Promise<'started' | 'unchanged'> {
  const { ended } = run.plan;
  const again = async () => {
    run.plan = await planAgain(run, effects, replan, { registered: run.arn, ended });
    refuseLate(run, effects);
  };
  refuseLate(run, effects);
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
  const planned = run.plan.revision as RevisionToDeploy;
  run.arn = await registerRevision(planned, effects);
  // What could not be read when it was planned is what the service runs already.
  if (planned.kind === 'register' && run.arn === run.plan.previous) {
    await again();
    return false;
  }
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

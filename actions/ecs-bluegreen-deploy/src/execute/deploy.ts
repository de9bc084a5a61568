import { readGroup } from '../aws/codedeploy-groups';
import { registerRevision } from '../aws/ecs-revisions';
import { adjustService, readService } from '../aws/ecs-service';
import { type Effects, Uncertain } from '../aws/effects';
import { controllerFor } from '../controllers/controllers';
import { foundIn } from '../plan/current-state';
import { type RevisionToDeploy, withServiceNow, withTimeLeft } from '../plan/plan';
import { shortId } from '../text';
import type { Controller } from '../watch/controller';
import type { DeploymentRun, RunEnd } from '../watch/deployment-run';
import { waitForActiveDeployments } from '../watch/wait-for-active';
import { follow } from './follow';
import { runPreDeploy, TaskFailed } from './pre-deploy';
import { rollBackActive } from './roll-back';

/** Deploys as the plan says, filling in the run as it goes. The answer is how it ended. */
export async function deploy(run: DeploymentRun, effects: Effects): Promise<RunEnd> {
  if (run.plan.revision.kind === 'none') return rollBackActive(run, controllerFor(run.plan, effects), effects);
  await prepare(run, effects);
  const controller = controllerFor(run.plan, effects);
  try {
    if (run.plan.unchanged) {
      if (run.plan.task?.always) await runPreDeploy(run, controller, effects);
      await adjustService(run.plan, effects);
      return { status: 'UNCHANGED' };
    }
    await start(run, controller, effects);
  } catch (error) {
    if (error instanceof TaskFailed) return { status: 'TASK_FAILED', cause: error.message };
    throw error;
  }
  if (run.plan.wait.until !== 'none') return follow(run, controller, effects);
  const { id } = run.deployment!;
  if (run.continues && !(await controller.continueDeployment(id))) {
    effects.log.info(`Deployment ${shortId(id)} does not wait to be continued`);
  }
  return { status: 'IN_PROGRESS', reached: 'none' };
}

/** Waits for its turn where another deployment is active, and sees that there is something to do. */
async function prepare(run: DeploymentRun, effects: Effects): Promise<void> {
  const { plan, deadline } = run;
  const { active, request } = plan;
  if (active.own.length === 0 && active.others.length > 0) {
    await waitForActiveDeployments(controllerFor(plan, effects).active, active.others, { request, deadline }, effects);
    const service = foundIn(await readService(effects.aws, request));
    const group = plan.controller === 'CODE_DEPLOY' ? foundIn(await readGroup(effects.aws, plan.group)) : undefined;
    if (service) run.plan = withServiceNow(plan, service, group);
  }
  const { revision, unchanged } = run.plan;
  if (unchanged && revision.kind === 'deploy') run.arn = revision.arn;
}

/** Registers and creates what is needed. */
async function start(run: DeploymentRun, controller: Controller, effects: Effects): Promise<void> {
  if (effects.signal.aborted) throw effects.signal.reason;
  run.arn = await registerRevision(run.plan.revision as RevisionToDeploy, effects);
  if (effects.signal.aborted) throw effects.signal.reason;
  const before = () => runPreDeploy(run, controller, effects);
  const started = await controller.start(run.arn, run.deadline, before).catch((error) => {
    // What AWS has accepted is told, whatever failed afterwards.
    const { id, createdAt = 0 } = (error instanceof Uncertain && error.accepted) || {};
    if (id !== undefined) run.deployment = { id, createdAt };
    throw error;
  });
  run.deployment = started;
  run.continues = started.adopted && run.plan.request.inputs['if-deploying'] === 'continue';
  const wait = run.plan.wait;
  run.plan = withTimeLeft(run.plan, (run.deadline - effects.clock.now()) / 60_000);
  const { until, why } = run.plan.wait;
  if (until !== wait.until) effects.log.info(`Waits until ${until} now (${why})`);
}

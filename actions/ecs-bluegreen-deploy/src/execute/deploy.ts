import { adjustService } from '../aws/ecs-service';
import type { Effects } from '../aws/effects';
import { controllerFor } from '../controllers/controllers';
import { shortId } from '../text';
import type { Controller } from '../watch/controller';
import type { DeploymentRun, RunEnd } from '../watch/model';
import { begin, type Replan } from './begin';
import { follow } from './follow';
import { sayTimed } from './follower';
import { lookAgain } from './last-look';
import { runPreDeploy, TaskFailed } from './pre-deploy';
import { rollBackActive } from './roll-back';

/** Deploys as the plan says, filling in the run as it goes. The answer is how it ended. */
export async function deploy(run: DeploymentRun, effects: Effects, replan: Replan): Promise<RunEnd> {
  if (run.plan.revision.kind === 'none') return rollBackActive(run, controllerFor(run.plan, effects), effects);
  try {
    if ((await begin(run, effects, replan)) === 'unchanged') {
      const controller = controllerFor(run.plan, effects);
      if (run.plan.task?.always) await runPreDeploy(run, controller, effects);
      const end = await endUnchanged(run, controller, effects);
      await adjustService(run.plan, effects);
      return end;
    }
  } catch (error) {
    if (error instanceof TaskFailed) return { status: 'TASK_FAILED', cause: error.message };
    throw error;
  }
  const controller = controllerFor(run.plan, effects);
  if (run.plan.wait.until !== 'none') return follow(run, controller, effects);
  const { id } = run.deployment!;
  if (run.continues && !(await controller.continueDeployment(id))) {
    effects.log.info(`Deployment ${shortId(id)} does not wait to be continued`);
  }
  return { status: 'IN_PROGRESS', reached: 'none' };
}

/** Who does not wait for anything is told nothing of the tasks either. */
async function endUnchanged(run: DeploymentRun, controller: Controller, effects: Effects): Promise<RunEnd> {
  const end = { status: 'UNCHANGED' } as const;
  if (run.plan.wait.until === 'none') return end;
  return lookAgain(run, end, { controller, say: sayTimed(run, effects) }, effects);
}

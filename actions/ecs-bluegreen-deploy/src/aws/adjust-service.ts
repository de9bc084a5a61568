import type { Plan } from '../plan/plan';
import type { Effects } from './effects';

/** Sets the number of tasks where another one was asked for. Setting it twice does no harm. */
export async function setDesiredCount(
  { request: { cluster, service }, scaleTo }: Pick<Plan, 'request' | 'scaleTo'>,
  { steady, log, done }: Pick<Effects, 'steady' | 'log' | 'done'>,
): Promise<void> {
  if (scaleTo === undefined) return;
  const ecs = await steady.ecs();
  await ecs.updateService({ cluster, service, desiredCount: scaleTo });
  done.push(`the desired count was set to ${scaleTo}`);
  log.info(`Set the desired count of ${service} to ${scaleTo}`);
}

/** Gives a service that stays as it is what was asked for beside the revision; none of it starts a deployment (API model). */
export async function adjustService(plan: Plan, effects: Pick<Effects, 'steady' | 'log' | 'done'>): Promise<void> {
  await setDesiredCount(plan, effects);
  if (plan.controller !== 'ECS' || !plan.settings) return;
  const { cluster, service } = plan.request;
  const ecs = await effects.steady.ecs();
  await ecs.updateService({ cluster, service, deploymentConfiguration: plan.settings });
  effects.done.push(`the deployment settings of ${service} were changed`);
  effects.log.info(`Changed the deployment settings of ${service}, for the deployments to come`);
}

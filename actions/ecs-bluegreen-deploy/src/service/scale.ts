import type { Effects } from '../effects';
import type { Plan } from '../plan/plan';

/** Sets the number of tasks where another one was asked for. Setting it twice does no harm. */
export async function setDesiredCount(
  { request: { cluster, service }, scaleTo }: Pick<Plan, 'request' | 'scaleTo'>,
  { steady, log }: Pick<Effects, 'steady' | 'log'>,
): Promise<void> {
  if (scaleTo === undefined) return;
  const ecs = await steady.ecs();
  await ecs.updateService({ cluster, service, desiredCount: scaleTo });
  log.info(`Set the desired count of ${service} to ${scaleTo}`);
}

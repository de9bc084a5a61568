import type { Aws } from '../../../../shared/aws/clients';
import { ActionError } from '../../../../shared/errors';
import { foundIn, type ServiceNames } from '../plan/current-state';
import { isAdvancing, isArn } from '../plan/ecs-lifecycle';
import { shortId } from '../text';
import { readServiceDeployment } from './ecs-deployments';
import { readService } from './ecs-service';
import type { Effects } from './effects';

/**
 * Stops a service deployment and has it rolled back. One that has ended by itself meanwhile is no error. The answer says
 * whether it was stopped.
 */
export async function stopServiceDeployment(
  id: string,
  names: ServiceNames,
  effects: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  const { uninterruptible, log, done } = effects;
  const serviceDeploymentArn = isArn(id) ? id : await arnOf(id, names, effects);
  const ecs = await uninterruptible.ecs();
  try {
    await ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ROLLBACK' });
  } catch (error) {
    if ((error as Error)?.name !== 'ConflictException') throw error;
    log.info(`Deployment ${shortId(id)} had ended before it could be stopped`);
    return false;
  }
  done.push(`deployment ${shortId(id)} was stopped`);
  log.info(`Stopped deployment ${shortId(id)} and asked for its rollback`);
  return true;
}

/** Continues a service deployment that waits at a PAUSE hook. Whether it did wait. */
export async function continueServiceDeployment(
  id: string,
  names: ServiceNames,
  effects: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  const { uninterruptible, log, done } = effects;
  const serviceDeploymentArn = isArn(id) ? id : await arnOf(id, names, effects);
  const { status = '', lifecycleHookDetails = [] } = await readServiceDeployment(uninterruptible, serviceDeploymentArn);
  const hook = lifecycleHookDetails.find((one) => one.status === 'AWAITING_ACTION');
  if (!isAdvancing(status) || !hook) return false;
  const ecs = await uninterruptible.ecs();
  const request = { serviceDeploymentArn, hookId: hook.hookId, action: 'CONTINUE' } as const;
  try {
    await ecs.continueServiceDeployment(request);
  } catch (error) {
    // Somebody else may have been quicker, or an answer was lost; ECS has one error for that and for others.
    if ((error as Error)?.name !== 'InvalidParameterException' || (await waits(uninterruptible, request))) throw error;
    log.info(`Deployment ${shortId(id)} went on before it could be continued`);
    return true;
  }
  done.push(`deployment ${shortId(id)} was continued`);
  log.info(`Continued deployment ${shortId(id)} at its PAUSE hook`);
  return true;
}

/** Whether a service deployment still waits at this hook. */
async function waits(
  aws: Aws,
  { serviceDeploymentArn, hookId }: { readonly serviceDeploymentArn: string; readonly hookId: string | undefined },
): Promise<boolean> {
  const { lifecycleHookDetails = [] } = await readServiceDeployment(aws, serviceDeploymentArn);
  return lifecycleHookDetails.some((one) => one.hookId === hookId && one.status === 'AWAITING_ACTION');
}

/** Without the list, the service still tells which service deployment is on its way. */
async function arnOf(
  id: string,
  names: ServiceNames,
  { uninterruptible }: Pick<Effects, 'uninterruptible'>,
): Promise<string> {
  const service = foundIn(await readService(uninterruptible, names));
  const isCurrent = service?.deployments?.some((one) => one.id === id && one.status === 'PRIMARY');
  if (isCurrent && service?.currentServiceDeployment) return service.currentServiceDeployment;
  const why = 'ECS does not report its ARN, and the role may not call ecs:ListServiceDeployments';
  throw new ActionError(`cannot stop deployment ${id}: ${why}; allow it to the role of this action`);
}

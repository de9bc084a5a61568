import { ActionError } from '../../../../shared/errors';
import { shortId } from '../text';
import { isArn, type ServiceNames } from './ecs-deployments';
import { readService } from './ecs-service';
import type { Effects } from './effects';
import { foundIn } from './reads';

/**
 * Stops a service deployment and has it rolled back. One that has ended by itself meanwhile is no error. The answer says
 * whether it was stopped.
 */
export async function stopServiceDeployment(
  id: string,
  names: ServiceNames,
  effects: Pick<Effects, 'steady' | 'log' | 'done'>,
): Promise<boolean> {
  const { steady, log, done } = effects;
  const serviceDeploymentArn = isArn(id) ? id : await arnOf(id, names, effects);
  const ecs = await steady.ecs();
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

/** Without the list, the service still tells which service deployment is on its way. */
async function arnOf(id: string, names: ServiceNames, { steady }: Pick<Effects, 'steady'>): Promise<string> {
  const service = foundIn(await readService(steady, names));
  const isCurrent = service?.deployments?.some((one) => one.id === id && one.status === 'PRIMARY');
  if (isCurrent && service?.currentServiceDeployment) return service.currentServiceDeployment;
  const why = 'ECS does not tell its ARN, and the role may not call ecs:ListServiceDeployments';
  throw new ActionError(`cannot stop deployment ${id}: ${why}; allow it to the role of this action`);
}

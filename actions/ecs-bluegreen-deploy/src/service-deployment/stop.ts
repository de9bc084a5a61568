import { ActionError } from '../../../../shared/errors';
import type { Effects } from '../effects';
import { shortId } from '../text';
import { isArn } from './look';

/** Stops a service deployment and has it rolled back. One that has ended by itself meanwhile is no error. */
export async function stopServiceDeployment(
  id: string,
  { steady, log }: Pick<Effects, 'steady' | 'log'>,
): Promise<boolean> {
  if (!isArn(id)) {
    const why = 'its ARN is not known, because the role may not call ecs:ListServiceDeployments';
    throw new ActionError(`cannot stop deployment ${id}: ${why}; allow it to the role of this action`);
  }
  const ecs = await steady.ecs();
  try {
    await ecs.stopServiceDeployment({ serviceDeploymentArn: id, stopType: 'ROLLBACK' });
  } catch (error) {
    if ((error as Error)?.name !== 'ConflictException') throw error;
    log.info(`Deployment ${shortId(id)} had ended before it could be stopped`);
    return false;
  }
  log.info(`Stopped deployment ${shortId(id)} and asked for its rollback`);
  return true;
}

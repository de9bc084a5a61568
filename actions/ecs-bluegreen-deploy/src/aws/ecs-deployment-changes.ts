import type { Aws } from '../../../../shared/aws/clients';
import { ActionError } from '../../../../shared/errors';
import { foundIn, type ServiceNames } from '../plan/current-state';
import { isAdvancing, isArn } from '../plan/ecs-lifecycle';
import { shortId } from '../text';
import { readServiceDeployment } from './ecs-deployments';
import { readService } from './ecs-service';
import type { Effects } from './effects';

/**
 * Stops a service deployment and has it rolled back. One that has ended by itself in the meantime is not an error. The answer says
 * whether it was stopped.
 */
export async function stopServiceDeployment(
  id: string,
  names: ServiceNames,
  effects: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  const { ecs, serviceDeploymentArn } = await open(id, names, effects);
  const isStopped = await unlessOvertaken(
    () => ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ROLLBACK' }),
    (error) => error === 'ConflictException',
  );
  if (isStopped) note(effects, id, 'stopped', `Stopped deployment ${shortId(id)} and asked for its rollback`);
  else effects.log.info(`Deployment ${shortId(id)} had ended before it could be stopped`);
  return isStopped;
}

/** Continues a service deployment that waits at a PAUSE hook. Whether it did wait. */
export async function continueServiceDeployment(
  id: string,
  names: ServiceNames,
  effects: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  const { uninterruptible } = effects;
  const { ecs, serviceDeploymentArn } = await open(id, names, effects);
  const { status = '', lifecycleHookDetails = [] } = await readServiceDeployment(uninterruptible, serviceDeploymentArn);
  const hook = lifecycleHookDetails.find((one) => one.status === 'AWAITING_ACTION');
  if (!isAdvancing(status) || !hook) return false;
  const request = { serviceDeploymentArn, hookId: hook.hookId, action: 'CONTINUE' } as const;
  const isContinued = await unlessOvertaken(
    () => ecs.continueServiceDeployment(request),
    // Somebody else may have been quicker, or an answer was lost; ECS has one error for that and for others.
    async (error) => error === 'InvalidParameterException' && !(await waits(uninterruptible, request)),
  );
  if (isContinued) note(effects, id, 'continued', `Continued deployment ${shortId(id)} at its PAUSE hook`);
  else effects.log.info(`Deployment ${shortId(id)} went on before it could be continued`);
  return true;
}

/** What a change of a service deployment is sent with. */
async function open(id: string, names: ServiceNames, effects: Pick<Effects, 'uninterruptible'>) {
  const serviceDeploymentArn = isArn(id) ? id : await arnOf(id, names, effects);
  return { ecs: await effects.uninterruptible.ecs(), serviceDeploymentArn };
}

/** Makes a change, unless the deployment has already moved on by itself, as the name of the error shows. Returns whether it was made. */
async function unlessOvertaken(
  change: () => Promise<unknown>,
  isOvertaken: (error: string | undefined) => boolean | Promise<boolean>,
): Promise<boolean> {
  try {
    await change();
    return true;
  } catch (error) {
    if (!(await isOvertaken((error as Error)?.name))) throw error;
    return false;
  }
}

/** Keeps what was done to a deployment for the end of the run, and prints it. */
function note({ log, done }: Pick<Effects, 'log' | 'done'>, id: string, what: string, line: string): void {
  done.push(`deployment ${shortId(id)} was ${what}`);
  log.info(line);
}

/** Whether a service deployment still waits at this hook. */
async function waits(
  aws: Aws,
  { serviceDeploymentArn, hookId }: { readonly serviceDeploymentArn: string; readonly hookId: string | undefined },
): Promise<boolean> {
  const { lifecycleHookDetails = [] } = await readServiceDeployment(aws, serviceDeploymentArn);
  return lifecycleHookDetails.some((one) => one.hookId === hookId && one.status === 'AWAITING_ACTION');
}

/** Without the list, the service still names the service deployment in progress. */
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

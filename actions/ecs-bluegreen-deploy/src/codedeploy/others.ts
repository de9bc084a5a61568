import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { ActionError, exitStatus } from '../../../../shared/errors';
import type { Effects } from '../effects';
import { isActive, readActive } from '../observe/deployments';
import { foundIn } from '../observe/look';
import type { Plan } from '../plan/plan';
import { formatMinutes } from '../plan/waits';
import { readDeployment } from './reads';
import { stopDeployment } from './stop';

/** Says that the way is still not free after this many milliseconds of silence. */
const heartbeat = 60_000;

/**
 * Waits until the deployments that are in the way have ended, after stopping them where `if-deploying` says so. A
 * rollback that follows one of them is waited for as well.
 *
 * @throws ActionError (timed out) when the deadline comes first; nothing has been created then
 */
export async function clearTheWay(
  plan: Plan,
  ids: readonly string[],
  deadline: number,
  effects: Effects,
): Promise<void> {
  const { log } = effects;
  const stop = plan.request.inputs['if-deploying'] === 'stop';
  for (const id of ids) {
    if (!stop) log.info(`Deployment ${id} is active: waiting until it has ended (if-deploying: stop would stop it)`);
    else await stopDeployment(id, { rollback: false }, effects);
  }
  let waiting = [...ids];
  while (waiting.length > 0) {
    for (const id of waiting) await waitForEnd(id, plan, deadline, effects);
    const followers = foundIn(await readActive(effects.aws, plan.group)) ?? [];
    waiting = followers.flatMap(({ deploymentId, creator }) =>
      creator === 'codeDeployRollback' ? [deploymentId!] : [],
    );
    for (const id of waiting) log.info(`Rollback ${id} has begun: waiting until it has ended`);
  }
}

async function waitForEnd(id: string, plan: Plan, deadline: number, effects: Effects): Promise<void> {
  const { aws, clock, log, signal } = effects;
  const interval = plan.request.inputs['poll-interval-seconds'] * 1_000;
  let toldAt = clock.now();
  for (;;) {
    const info = await readDeployment(aws, id);
    if (!isActive(info.status)) return log.info(`Deployment ${id} has ended: ${info.status}`);
    const now = clock.now();
    if (now >= deadline) throw tooLate(id, plan, info);
    if (now - toldAt >= heartbeat) {
      log.info(`Deployment ${id} is still ${stateOf(info)}`);
      toldAt = now;
    }
    await clock.sleep(Math.min(interval, deadline - now, heartbeat), signal);
  }
}

const stateOf = (info: DeploymentInfo) =>
  info.instanceTerminationWaitTimeStarted ? 'in its termination wait' : info.status;

const tooLate = (id: string, { request }: Plan, info: DeploymentInfo) =>
  new ActionError(
    `cannot create the deployment: ${id} was still ${stateOf(info)} after ${formatMinutes(request.waitFor / 60_000)}; ` +
      'run again later, or with if-deploying: stop',
    { exit: exitStatus.timedOut },
  );

import type { Effects } from './effects';

/**
 * Stops a deployment, with a rollback or expressly without one. One that has ended by itself meanwhile is no error.
 * The answer says whether it was stopped.
 */
export async function stopDeployment(
  deploymentId: string,
  { rollback }: { rollback: boolean },
  { steady, log, done }: Pick<Effects, 'steady' | 'log' | 'done'>,
): Promise<boolean> {
  const codedeploy = await steady.codedeploy();
  try {
    await codedeploy.stopDeployment({ deploymentId, autoRollbackEnabled: rollback });
  } catch (error) {
    if ((error as Error)?.name !== 'DeploymentAlreadyCompletedException') throw error;
    log.info(`Deployment ${deploymentId} had ended before it could be stopped`);
    return false;
  }
  done.push(`deployment ${deploymentId} was stopped`);
  log.info(`Stopped deployment ${deploymentId}${rollback ? ' and asked for its rollback' : ''}`);
  return true;
}

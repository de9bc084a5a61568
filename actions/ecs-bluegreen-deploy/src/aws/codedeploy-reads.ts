import type { DeploymentInfo, ECSTarget } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../shared/aws/clients';
import { type GroupNames, readSince } from './codedeploy-deployments';
import { foundIn } from './reads';

export async function readDeployment(aws: Aws, deploymentId: string): Promise<DeploymentInfo> {
  const codedeploy = await aws.codedeploy();
  return (await codedeploy.getDeployment({ deploymentId })).deploymentInfo!;
}

/** Errors that say that there is nothing to see yet. */
const notYet = new Set(['DeploymentNotStartedException', 'DeploymentTargetDoesNotExistException']);

/** The service as the target of a deployment; undefined while that has not begun. */
export async function readTarget(
  aws: Aws,
  deploymentId: string,
  { cluster, service }: { readonly cluster: string; readonly service: string },
): Promise<ECSTarget | undefined> {
  const codedeploy = await aws.codedeploy();
  try {
    const targetIds = [`${cluster}:${service}`];
    const { deploymentTargets = [] } = await codedeploy.batchGetDeploymentTargets({ deploymentId, targetIds });
    return deploymentTargets[0]?.ecsTarget;
  } catch (error) {
    if (notYet.has((error as Error)?.name)) return undefined;
    throw error;
  }
}

/** Id of the deployment that replaced a stopped one: the first that was created after it and is not a rollback. */
export async function findSuccessor(aws: Aws, info: DeploymentInfo, group: GroupNames): Promise<string | undefined> {
  const created = info.createTime?.getTime() ?? 0;
  const later = foundIn(await readSince(aws, group, created)) ?? [];
  const timeOf = ({ createTime }: DeploymentInfo) => createTime?.getTime() ?? 0;
  const [successor] = later
    .filter(({ deploymentId, creator }) => deploymentId !== info.deploymentId && creator !== 'codeDeployRollback')
    .filter((each) => timeOf(each) >= created)
    .sort((a, b) => timeOf(a) - timeOf(b));
  return successor?.deploymentId;
}

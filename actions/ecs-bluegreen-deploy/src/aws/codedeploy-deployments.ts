import type {
  CreateDeploymentConfigInput,
  DeploymentConfigInfo,
  DeploymentInfo,
  DeploymentStatus,
  ECSTarget,
} from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../shared/aws/clients';
import { activeStatuses } from '../plan/codedeploy-lifecycle';
import { foundIn, type GroupNames, type ReadResult, type ServiceNames, unknownTime } from '../plan/current-state';
import { changeOnce, type Effects } from './effects';
import { readIfAllowed, readPages } from './reads';

/** The deployments of a group that are on their way; AWS allows one, and a rollback after it. */
export const readActive = (aws: Aws, group: GroupNames): Promise<ReadResult<DeploymentInfo[]>> =>
  readIfAllowed(() => listDeployments(aws, group, { includeOnlyStatuses: [...activeStatuses] }));

/** The deployments of a group that were created since a time (milliseconds), whatever became of them. */
export const readSince = (aws: Aws, group: GroupNames, start: number): Promise<ReadResult<DeploymentInfo[]>> =>
  readIfAllowed(() => listDeployments(aws, group, { createTimeRange: { start: new Date(start) } }));

/** The ids alone of what `readSince` reads. */
export const readIdsSince = (aws: Aws, group: GroupNames, start: number): Promise<ReadResult<string[]>> =>
  readIfAllowed(() => listIds(aws, group, { createTimeRange: { start: new Date(start) } }));

type Filter = { includeOnlyStatuses?: DeploymentStatus[]; createTimeRange?: { start: Date } };

async function listIds(aws: Aws, { application, name }: GroupNames, filter: Filter): Promise<string[]> {
  const codedeploy = await aws.codedeploy();
  const query = { applicationName: application, deploymentGroupName: name, ...filter };
  return readPages(batch, async (nextToken) => {
    const { deployments: items, ...page } = await codedeploy.listDeployments({ ...query, nextToken });
    return { items, nextToken: page.nextToken };
  });
}

/** BatchGetDeployments takes 25 ids. */
const batch = 25;

async function listDeployments(aws: Aws, group: GroupNames, filter: Filter): Promise<DeploymentInfo[]> {
  // Newer ones come first, and older ones do not matter here.
  const deploymentIds = (await listIds(aws, group, filter)).slice(0, batch);
  if (deploymentIds.length === 0) return [];
  const codedeploy = await aws.codedeploy();
  return (await codedeploy.batchGetDeployments({ deploymentIds })).deploymentsInfo ?? [];
}

/** Reads a deployment. */
export async function readDeployment(aws: Aws, deploymentId: string): Promise<DeploymentInfo> {
  const codedeploy = await aws.codedeploy();
  return { ...(await codedeploy.getDeployment({ deploymentId })).deploymentInfo, deploymentId };
}

/** Errors that say that there is nothing to see yet. */
const notYet = new Set(['DeploymentNotStartedException', 'DeploymentTargetDoesNotExistException']);

/** The service as the target of a deployment; undefined while that has not begun. */
export async function readTarget(
  aws: Aws,
  deploymentId: string,
  { cluster, service }: ServiceNames,
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

/** Id of the deployment that replaced a stopped one: the first that was created after it and is not a rollback, where that is known. */
export async function findSuccessor(
  aws: Aws,
  { id, createdAt }: { readonly id: string; readonly createdAt: number },
  group: GroupNames,
): Promise<string | undefined> {
  if (createdAt === unknownTime) return undefined;
  const later = foundIn(await readSince(aws, group, createdAt)) ?? [];
  const timeOf = ({ createTime }: DeploymentInfo) => createTime?.getTime() ?? 0;
  const [successor] = later
    .filter(({ deploymentId, creator }) => deploymentId !== id && creator !== 'codeDeployRollback')
    .filter((each) => timeOf(each) >= createdAt)
    .sort((a, b) => timeOf(a) - timeOf(b));
  return successor?.deploymentId;
}

/**
 * Stops a deployment, with a rollback or expressly without one. One that has ended on its own in the meantime is not an error.
 * The answer says whether it was stopped.
 */
export async function stopDeployment(
  deploymentId: string,
  { rollback }: { rollback: boolean },
  { uninterruptible, log, done }: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  const codedeploy = await uninterruptible.codedeploy();
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

/** Errors that say that a deployment is no longer waiting. */
const goesOn = new Set(['DeploymentAlreadyCompletedException', 'DeploymentIsNotInReadyStateException']);

/** Continues a deployment that waits in Ready before the production traffic moves. Whether it did wait. */
export async function continueDeployment(
  deploymentId: string,
  { uninterruptible, log, done }: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  if ((await readDeployment(uninterruptible, deploymentId)).status !== 'Ready') return false;
  const codedeploy = await uninterruptible.codedeploy();
  try {
    await codedeploy.continueDeployment({ deploymentId, deploymentWaitType: 'READY_WAIT' });
  } catch (error) {
    if (!goesOn.has((error as Error)?.name)) throw error;
    log.info(`Deployment ${deploymentId} went on before it could be continued`);
    return true;
  }
  done.push(`deployment ${deploymentId} was continued`);
  log.info(`Continued deployment ${deploymentId}: the production traffic moves now`);
  return true;
}

/** Reads a deployment configuration. */
export const readConfig = (aws: Aws, name: string): Promise<ReadResult<DeploymentConfigInfo>> =>
  readIfAllowed(
    async () => {
      const codedeploy = await aws.codedeploy();
      const { deploymentConfigInfo } = await codedeploy.getDeploymentConfig({ deploymentConfigName: name });
      return deploymentConfigInfo!;
    },
    { DeploymentConfigDoesNotExistException: `there is no deployment configuration ${name}` },
  );

/** Creates a deployment configuration. One that already exists is as good: its name says how it moves the traffic. */
export async function createConfig(input: CreateDeploymentConfigInput | undefined, effects: Effects): Promise<void> {
  if (!input) return;
  const name = input.deploymentConfigName!;
  const send = async () => {
    const codedeploy = await effects.uninterruptible.once().codedeploy();
    try {
      await codedeploy.createDeploymentConfig(input);
      effects.log.info(`Created deployment configuration ${name}`);
      effects.done.push(`the deployment configuration ${name} was created`);
    } catch (error) {
      if ((error as Error)?.name !== 'DeploymentConfigAlreadyExistsException') throw error;
    }
  };
  const uncertain = `It is not known whether the deployment configuration ${name} was created`;
  // Sent again after a lost answer, it already exists.
  await changeOnce({ uncertain, send, recognise: async () => undefined }, effects);
}

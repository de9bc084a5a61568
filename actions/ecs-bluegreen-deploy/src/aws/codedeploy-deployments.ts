import { createHash } from 'node:crypto';
import type { DeploymentConfigInfo, DeploymentInfo, DeploymentStatus } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../shared/aws/clients';
import { type Look, lookUpIfAllowed } from './reads';

/** A deployment group by its names. */
export interface GroupNames {
  readonly application: string;
  readonly name: string;
}

const activeStatuses: DeploymentStatus[] = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'];

/** Whether a deployment is still on its way. */
export const isActive = (status: DeploymentStatus | undefined): boolean =>
  status !== undefined && activeStatuses.includes(status);

/** The deployments of a group that are on their way; AWS allows one, and a rollback after it. */
export const readActive = (aws: Aws, group: GroupNames): Promise<Look<DeploymentInfo[]>> =>
  lookUpIfAllowed(() => listDeployments(aws, group, { includeOnlyStatuses: activeStatuses }));

/** The deployments of a group that were created since a time (milliseconds), whatever became of them. */
export const readSince = (aws: Aws, group: GroupNames, start: number): Promise<Look<DeploymentInfo[]>> =>
  lookUpIfAllowed(() => listDeployments(aws, group, { createTimeRange: { start: new Date(start) } }));

/** The ids alone of what `readSince` reads. */
export const readIdsSince = (aws: Aws, group: GroupNames, start: number): Promise<Look<string[]>> =>
  lookUpIfAllowed(() => listIds(aws, group, { createTimeRange: { start: new Date(start) } }));

type Filter = { includeOnlyStatuses?: DeploymentStatus[]; createTimeRange?: { start: Date } };

async function listIds(aws: Aws, { application, name }: GroupNames, filter: Filter): Promise<string[]> {
  const codedeploy = await aws.codedeploy();
  const names = { applicationName: application, deploymentGroupName: name };
  return (await codedeploy.listDeployments({ ...names, ...filter })).deployments ?? [];
}

async function listDeployments(aws: Aws, group: GroupNames, filter: Filter): Promise<DeploymentInfo[]> {
  // BatchGetDeployments takes 25 ids; newer ones come first, and older ones do not matter here.
  const deploymentIds = (await listIds(aws, group, filter)).slice(0, 25);
  if (deploymentIds.length === 0) return [];
  const codedeploy = await aws.codedeploy();
  return (await codedeploy.batchGetDeployments({ deploymentIds })).deploymentsInfo ?? [];
}

/** The SHA-256 of an AppSpec, as CodeDeploy's revisions have it. */
export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** Whether a deployment has this AppSpec as its revision. */
export function deploysAppSpec({ revision }: DeploymentInfo, content: string): boolean {
  const { content: its, sha256: hash } = revision?.appSpecContent ?? revision?.string ?? {};
  return its === content || hash?.toLowerCase() === sha256(content);
}

/** Reads a deployment configuration. */
export const readConfig = (aws: Aws, name: string): Promise<Look<DeploymentConfigInfo>> =>
  lookUpIfAllowed(
    async () => {
      const codedeploy = await aws.codedeploy();
      const { deploymentConfigInfo } = await codedeploy.getDeploymentConfig({ deploymentConfigName: name });
      return deploymentConfigInfo!;
    },
    { DeploymentConfigDoesNotExistException: `there is no deployment configuration ${name}` },
  );

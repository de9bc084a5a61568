import { createHash } from 'node:crypto';
import type { DeploymentConfigInfo, DeploymentInfo, DeploymentStatus } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../shared/aws/clients';
import { type Look, lookUpIfAllowed } from './look';

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

async function listDeployments(
  aws: Aws,
  { application, name }: GroupNames,
  filter: { includeOnlyStatuses?: DeploymentStatus[]; createTimeRange?: { start: Date } },
): Promise<DeploymentInfo[]> {
  const codedeploy = await aws.codedeploy();
  const page = await codedeploy.listDeployments({
    applicationName: application,
    deploymentGroupName: name,
    ...filter,
  });
  // BatchGetDeployments takes 25 ids; newer ones come first, and older ones do not matter here.
  const deploymentIds = (page.deployments ?? []).slice(0, 25);
  if (deploymentIds.length === 0) return [];
  const { deploymentsInfo } = await codedeploy.batchGetDeployments({ deploymentIds });
  return deploymentsInfo ?? [];
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

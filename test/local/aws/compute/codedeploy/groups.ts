import type {
  ApplicationInfo,
  BatchGetApplicationsInput,
  BatchGetApplicationsOutput,
  BatchGetDeploymentGroupsInput,
  BatchGetDeploymentGroupsOutput,
  GetApplicationInput,
  GetApplicationOutput,
  GetApplicationRevisionInput,
  GetApplicationRevisionOutput,
  GetDeploymentGroupInput,
  GetDeploymentGroupOutput,
  ListApplicationsInput,
  ListApplicationsOutput,
  ListDeploymentGroupsInput,
  ListDeploymentGroupsOutput,
} from '@aws-sdk/client-codedeploy';
import { AwsRefusal } from '../../service';
import { bounded, page } from '../paging';
import type { ApplicationRecord, DeploymentGroupRecord } from '../state';
import type { World } from '../world';

/** An application by name, with CodeDeploy's refusals. */
export function findApplication(world: World, name: string | undefined): ApplicationRecord {
  if (!name) throw new AwsRefusal('ApplicationNameRequiredException', 'Application name is required');
  const application = world.state.applications.get(name);
  if (application) return application;
  throw new AwsRefusal('ApplicationDoesNotExistException', `No application found for name: ${name}`);
}

/** A deployment group by name, with CodeDeploy's refusals. */
export function findGroup(
  world: World,
  input: { applicationName: string | undefined; deploymentGroupName?: string | undefined },
): DeploymentGroupRecord {
  const application = findApplication(world, input.applicationName);
  const name = input.deploymentGroupName;
  if (!name) throw new AwsRefusal('DeploymentGroupNameRequiredException', 'Deployment Group name is required');
  const group = application.groups.get(name);
  if (group) return group;
  throw new AwsRefusal('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
}

const toApplication = (application: ApplicationRecord): ApplicationInfo => ({
  applicationId: application.id,
  applicationName: application.name,
  createTime: application.createTime,
  linkedToGitHub: false,
  computePlatform: 'ECS',
});

/** Small, so that whoever lists has to turn pages. */
const pageSize = 1;

export const groupOperations = (world: World) => ({
  ListApplications: ({ nextToken: from }: ListApplicationsInput): ListApplicationsOutput => {
    const { items: applications, nextToken } = page([...world.state.applications.keys()], from, pageSize);
    return { applications, nextToken };
  },
  GetApplication: (input: GetApplicationInput): GetApplicationOutput => ({
    application: toApplication(findApplication(world, input.applicationName)),
  }),
  BatchGetApplications: (input: BatchGetApplicationsInput): BatchGetApplicationsOutput => ({
    applicationsInfo: (input.applicationNames ?? []).map((name) => toApplication(findApplication(world, name))),
  }),
  ListDeploymentGroups: (input: ListDeploymentGroupsInput): ListDeploymentGroupsOutput => {
    const application = findApplication(world, input.applicationName);
    const { items: deploymentGroups, nextToken } = page([...application.groups.keys()], input.nextToken, pageSize);
    return { applicationName: application.name, deploymentGroups, nextToken };
  },
  GetDeploymentGroup: (input: GetDeploymentGroupInput): GetDeploymentGroupOutput => ({
    deploymentGroupInfo: findGroup(world, input),
  }),
  BatchGetDeploymentGroups: (input: BatchGetDeploymentGroupsInput): BatchGetDeploymentGroupsOutput => {
    const { groups } = findApplication(world, input.applicationName);
    const names = bounded(input.deploymentGroupNames, 100, 'BatchLimitExceededException');
    const missing = names.filter((name) => !groups.has(name));
    return {
      deploymentGroupsInfo: names.flatMap((name) => groups.get(name) ?? []),
      ...(missing.length > 0 ? { errorMessage: `No Deployment Group found for names: ${missing.join(', ')}` } : {}),
    };
  },
  GetApplicationRevision: (input: GetApplicationRevisionInput) => getRevision(world, input),
});

/** Where the content of an AppSpec is to be had; GetDeployment gives its SHA-256 only. */
function getRevision(world: World, input: GetApplicationRevisionInput): GetApplicationRevisionOutput {
  const application = findApplication(world, input.applicationName);
  const sha256 = input.revision?.appSpecContent?.sha256;
  const found = world.state.deployments.find(
    ({ group, revision }) => group.applicationName === application.name && revision.appSpecContent?.sha256 === sha256,
  );
  if (found) return { applicationName: application.name, revision: found.revision };
  throw new AwsRefusal('RevisionDoesNotExistException', 'The revision does not exist');
}

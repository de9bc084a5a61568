import type {
  BatchGetDeploymentsInput,
  BatchGetDeploymentsOutput,
  ContinueDeploymentInput,
  CreateDeploymentInput,
  CreateDeploymentOutput,
  DeploymentInfo,
  GetDeploymentInput,
  GetDeploymentOutput,
  ListDeploymentsInput,
  ListDeploymentsOutput,
  StopDeploymentInput,
  StopDeploymentOutput,
} from '@aws-sdk/client-codedeploy';
import { AwsRefusal } from '../../service';
import { bounded, page } from '../paging';
import type { World } from '../world';
import { createDeployment } from './create';
import { byHand, endDeployment } from './ending';
import { findApplication, findGroup } from './groups';
import { startDeployment } from './lifecycle';
import { type DeploymentRecord, isFinal } from './record';

export const deploymentOperations = (world: World) => ({
  CreateDeployment: (input: CreateDeploymentInput): CreateDeploymentOutput => {
    const deployment = createDeployment(world, input);
    startDeployment(world, deployment);
    return { deploymentId: deployment.id };
  },
  GetDeployment: (input: GetDeploymentInput): GetDeploymentOutput => ({
    deploymentInfo: toInfo(findDeployment(world, input.deploymentId)),
  }),
  BatchGetDeployments: (input: BatchGetDeploymentsInput): BatchGetDeploymentsOutput => ({
    deploymentsInfo: bounded(input.deploymentIds, 25, 'BatchLimitExceededException').map((id) =>
      toInfo(findDeployment(world, id)),
    ),
  }),
  ListDeployments: (input: ListDeploymentsInput) => listDeployments(world, input),
  StopDeployment: (input: StopDeploymentInput) => stopDeployment(world, input),
  ContinueDeployment: (input: ContinueDeploymentInput) => continueDeployment(world, input),
});

/** A deployment by id, with CodeDeploy's refusals. */
export function findDeployment(world: World, id: string | undefined): DeploymentRecord {
  if (!id) throw new AwsRefusal('DeploymentIdRequiredException', 'Deployment ID is required');
  if (!/^d-[0-9A-Z]{9}$/.test(id)) {
    throw new AwsRefusal('InvalidDeploymentIdException', `Specified DeploymentId is not in the valid format: ${id}`);
  }
  const deployment = world.state.deployments.find((one) => one.id === id);
  if (deployment) return deployment;
  const message = `The deployment ${id} could not be found`;
  throw new AwsRefusal('DeploymentDoesNotExistException', message);
}

/** The deployment without the content of its AppSpec, which CodeDeploy leaves out here. */
function toInfo(deployment: DeploymentRecord): DeploymentInfo {
  const { group, revision, previousRevision } = deployment;
  const isRollback = deployment.creator === 'codeDeployRollback';
  return {
    applicationName: group.applicationName,
    deploymentGroupName: group.deploymentGroupName,
    deploymentConfigName: deployment.config.deploymentConfigName,
    deploymentId: deployment.id,
    ...(previousRevision ? { previousRevision: withoutContent(previousRevision) } : {}),
    revision: withoutContent(revision),
    status: deployment.status,
    errorInformation: deployment.error,
    createTime: deployment.createTime,
    startTime: deployment.startTime,
    completeTime: deployment.completeTime,
    deploymentOverview: overviewOf(deployment),
    description: deployment.description,
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    updateOutdatedInstancesOnly: false,
    ...(isRollback ? {} : { autoRollbackConfiguration: deployment.autoRollback }),
    rollbackInfo: deployment.rollbackInfo,
    deploymentStyle: group.deploymentStyle,
    // Of a deployment to ECS, CodeDeploy never says that it waits (containers-roadmap #269).
    instanceTerminationWaitTimeStarted: false,
    blueGreenDeploymentConfiguration: group.blueGreenDeploymentConfiguration,
    loadBalancerInfo: group.loadBalancerInfo,
    fileExistsBehavior: 'DISALLOW',
    deploymentStatusMessages: [],
    computePlatform: 'ECS',
    overrideAlarmConfiguration: deployment.overrideAlarms,
  };
}

const withoutContent = ({ revisionType, appSpecContent }: DeploymentRecord['revision']) => ({
  revisionType,
  appSpecContent: { sha256: appSpecContent?.sha256 },
});

function overviewOf({ status }: DeploymentRecord): DeploymentInfo['deploymentOverview'] {
  const counts = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
  const slots = { Created: 'Pending', Queued: 'Pending', Stopped: 'Failed', Baking: 'InProgress' } as const;
  const slot = status in slots ? slots[status as keyof typeof slots] : (status as keyof typeof counts);
  return { ...counts, [slot]: 1 };
}

function listDeployments(world: World, input: ListDeploymentsInput): ListDeploymentsOutput {
  const { applicationName, deploymentGroupName, includeOnlyStatuses = [], createTimeRange } = input;
  if (deploymentGroupName) findGroup(world, { applicationName, deploymentGroupName });
  else if (applicationName) findApplication(world, applicationName);
  const found = world.state.deployments.filter(
    ({ group, status, createTime }) =>
      (!applicationName || group.applicationName === applicationName) &&
      (!deploymentGroupName || group.deploymentGroupName === deploymentGroupName) &&
      (includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(status)) &&
      createTime >= (createTimeRange?.start ?? new Date(0)) &&
      (!createTimeRange?.end || createTime <= createTimeRange.end),
  );
  const ids = found.map(({ id }) => id).reverse();
  const { items, nextToken } = page(ids, input.nextToken, 100);
  return { deployments: items, nextToken };
}

function stopDeployment(world: World, input: StopDeploymentInput): StopDeploymentOutput {
  const deployment = findDeployment(world, input.deploymentId);
  refuseFinal(deployment);
  endDeployment(world, deployment, byHand(input.autoRollbackEnabled));
  return { status: 'Succeeded', statusMessage: 'Deployment was stopped successfully.' };
}

function refuseFinal({ id, status }: DeploymentRecord): void {
  if (!isFinal(status)) return;
  throw new AwsRefusal('DeploymentAlreadyCompletedException', `The deployment ${id} has already completed`);
}

function continueDeployment(world: World, input: ContinueDeploymentInput): Record<string, never> {
  const deployment = findDeployment(world, input.deploymentId);
  refuseFinal(deployment);
  const type = input.deploymentWaitType ?? 'READY_WAIT';
  if (deployment.awaiting !== type) {
    const message = `The deployment ${deployment.id} does not have a status of Ready and can't continue yet`;
    throw new AwsRefusal('DeploymentIsNotInReadyStateException', message);
  }
  deployment.awaiting = undefined;
  world.changes.notify();
  return {};
}

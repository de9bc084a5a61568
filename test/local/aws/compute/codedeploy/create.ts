import { createHash } from 'node:crypto';
import type { CreateDeploymentInput, DeploymentCreator, RevisionLocation } from '@aws-sdk/client-codedeploy';
import { AwsRefusal } from '../../service';
import { Course } from '../course';
import { lifecycleEvents } from '../scenario';
import type { DeploymentGroupRecord, ServiceRecord } from '../state';
import { dateOf, type World } from '../world';
import { readAppSpec } from './appspec';
import { findConfig } from './configs';
import { findGroup } from './groups';
import { type DeploymentRecord, isFinal } from './record';

/** Checks a request as CodeDeploy does and records the deployment; it does not run yet. */
export function createDeployment(world: World, input: CreateDeploymentInput): DeploymentRecord {
  const group = findGroup(world, input);
  if ((input.description ?? '').length > 512) {
    throw new AwsRefusal('DescriptionTooLongException', 'Description is too long: the maximum is 512 characters');
  }
  const config = findConfig(world, input.deploymentConfigName ?? group.deploymentConfigName ?? '');
  const revision = checkRevision(input.revision);
  const appSpec = readAppSpec(revision.appSpecContent?.content ?? '');
  refuseSecond(world, group);
  const parts = {
    config,
    revision,
    appSpec,
    description: input.description,
    autoRollback: input.autoRollbackConfiguration,
  };
  return addDeployment(world, group, { ...parts, overrideAlarms: input.overrideAlarmConfiguration, creator: 'user' });
}

function refuseSecond(world: World, group: DeploymentGroupRecord): void {
  const active = world.state.deployments.find((other) => other.group === group && !isFinal(other.status));
  if (!active) return;
  throw new AwsRefusal(
    'DeploymentLimitExceededException',
    `The Deployment Group '${group.deploymentGroupName}' already has an active Deployment '${active.id}'`,
  );
}

function checkRevision(revision: RevisionLocation | undefined): RevisionLocation {
  if (!revision) throw new AwsRefusal('RevisionRequiredException', 'Revision is required');
  const { content, sha256 } = revision.appSpecContent ?? {};
  if (revision.revisionType !== 'AppSpecContent' || !content) {
    throw new AwsRefusal('InvalidRevisionException', 'For this deployment the revision has to be an AppSpecContent');
  }
  const actual = sha256Of(content);
  if (sha256 !== undefined && sha256 !== actual) {
    throw new AwsRefusal('InvalidRevisionException', 'The SHA256 hash value of the AppSpec content does not match it');
  }
  return { revisionType: 'AppSpecContent', appSpecContent: { content, sha256: actual } };
}

const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex');

interface Parts extends Pick<DeploymentRecord, 'config' | 'revision' | 'appSpec' | 'description' | 'overrideAlarms'> {
  readonly autoRollback: DeploymentRecord['autoRollback'] | undefined;
  readonly creator: DeploymentCreator;
}

/** Records a deployment. */
export function addDeployment(world: World, group: DeploymentGroupRecord, parts: Parts): DeploymentRecord {
  const deployment: DeploymentRecord = {
    ...parts,
    id: `d-${world.ids.upper(9)}`,
    group,
    service: serviceOf(world, group),
    previousRevision: group.targetRevision,
    autoRollback: parts.autoRollback ?? group.autoRollbackConfiguration ?? { enabled: false },
    alarms: parts.overrideAlarms ?? group.alarmConfiguration,
    createTime: dateOf(world),
    course: new Course(world),
    events: lifecycleEvents.map((name) => ({ name, status: 'Pending', ...noTimes })),
    status: 'Created',
    startTime: undefined,
    completeTime: undefined,
    error: undefined,
    rollbackInfo: undefined,
    awaiting: undefined,
    blue: undefined,
    green: undefined,
    updatedAt: dateOf(world),
  };
  world.state.deployments.push(deployment);
  group.lastAttemptedDeployment = { deploymentId: deployment.id, status: 'Created', createTime: deployment.createTime };
  return deployment;
}

const noTimes = { startTime: undefined, endTime: undefined, diagnostics: undefined };

function serviceOf(world: World, group: DeploymentGroupRecord): ServiceRecord {
  const { clusterName, serviceName } = group.ecsServices?.[0] ?? {};
  const found = [...world.state.services.values()].find(
    (service) => service.name === serviceName && service.cluster.name === clusterName,
  );
  if (found) return found;
  throw new AwsRefusal('InvalidECSServiceException', `The ECS service ${serviceName} does not exist`);
}

/** A revision that puts a service back to what it ran before, where no deployment of the group has succeeded yet. */
export function revisionOf(service: ServiceRecord, taskDefinition: string): RevisionLocation {
  const balancer = service.loadBalancers[0];
  const LoadBalancerInfo = { ContainerName: balancer?.containerName, ContainerPort: balancer?.containerPort };
  const Properties = { TaskDefinition: taskDefinition, LoadBalancerInfo };
  const Resources = [{ TargetService: { Type: 'AWS::ECS::Service', Properties } }];
  const content = JSON.stringify({ version: 0.0, Resources });
  return { revisionType: 'AppSpecContent', appSpecContent: { content, sha256: sha256Of(content) } };
}

import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
} from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../service';
import { bounded, page } from '../paging';
import type { World } from '../world';
import { toServiceDeployment } from './describe-service-deployment';
import { requireService } from './find';
import { isOver, type ServiceDeploymentRecord } from './record';
import { fail, stop } from './service-deployment-end';

export const serviceDeploymentOperations = (world: World) => ({
  ListServiceDeployments: (input: ListServiceDeploymentsRequest) => listServiceDeployments(world, input),
  DescribeServiceDeployments: (input: DescribeServiceDeploymentsRequest) => describe(world, input),
  DescribeServiceRevisions: (input: DescribeServiceRevisionsRequest) => describeRevisions(world, input),
  StopServiceDeployment: (input: StopServiceDeploymentRequest) => stopServiceDeployment(world, input),
  ContinueServiceDeployment: (input: ContinueServiceDeploymentRequest) => continueServiceDeployment(world, input),
});

const all = (world: World): ServiceDeploymentRecord[] =>
  [...world.state.services.values()].flatMap(({ serviceDeployments }) => serviceDeployments);

function listServiceDeployments(world: World, input: ListServiceDeploymentsRequest): ListServiceDeploymentsResponse {
  const service = requireService(world, { cluster: input.cluster, service: input.service });
  const { status = [], createdAt: { after, before } = {} } = input;
  const found = service.serviceDeployments.filter(
    (one) =>
      (status.length === 0 || status.includes(one.status)) &&
      (!after || one.createdAt >= after) &&
      (!before || one.createdAt <= before),
  );
  const { items, nextToken } = page(found, input.nextToken, input.maxResults ?? 20);
  return {
    serviceDeployments: items.map((one) => ({
      serviceDeploymentArn: one.arn,
      serviceArn: one.service.arn,
      clusterArn: one.service.cluster.arn,
      createdAt: one.createdAt,
      startedAt: one.startedAt,
      finishedAt: one.finishedAt,
      targetServiceRevisionArn: one.target.revision.serviceRevisionArn,
      status: one.status,
      statusReason: one.statusReason,
    })),
    nextToken,
  };
}

function describe(world: World, input: DescribeServiceDeploymentsRequest): DescribeServiceDeploymentsResponse {
  const arns = bounded(input.serviceDeploymentArns, 20, 'InvalidParameterException');
  const find = (arn: string) => all(world).find((one) => one.arn === arn);
  return {
    serviceDeployments: arns.flatMap((arn) => find(arn) ?? []).map((one) => toServiceDeployment(world, one)),
    failures: arns.filter((arn) => !find(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
  };
}

function describeRevisions(world: World, input: DescribeServiceRevisionsRequest): DescribeServiceRevisionsResponse {
  const arns = bounded(input.serviceRevisionArns, 20, 'InvalidParameterException');
  const revisions = [...world.state.services.values()].flatMap(({ serviceRevisions }) => serviceRevisions);
  const find = (arn: string) => revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
  return {
    serviceRevisions: arns.flatMap((arn) => find(arn) ?? []),
    failures: arns.filter((arn) => !find(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
  };
}

function requireDeployment(world: World, arn: string | undefined): ServiceDeploymentRecord {
  const found = all(world).find((one) => one.arn === arn);
  if (found) return found;
  throw new AwsRefusal('ServiceDeploymentNotFoundException', 'Service deployment not found.');
}

function stopServiceDeployment(world: World, input: StopServiceDeploymentRequest): StopServiceDeploymentResponse {
  const record = requireDeployment(world, input.serviceDeploymentArn);
  if (isOver(record)) {
    const message = `Service deployment ${record.arn} cannot be stopped because it is in the ${record.status} state.`;
    throw new AwsRefusal('ConflictException', message);
  }
  if (input.stopType === 'ABORT') stopByUser(world, record);
  else rollBackByUser(world, record);
  return { serviceDeploymentArn: record.arn };
}

/** A user stops a service deployment where it is. */
export function stopByUser(world: World, record: ServiceDeploymentRecord): void {
  record.statusReason = 'Service deployment was stopped by a user request.';
  stop(world, record);
}

/** A user has a service deployment rolled back. */
export function rollBackByUser(world: World, record: ServiceDeploymentRecord): void {
  fail(world, record, {
    reason: 'Service deployment rolled back by a user request.',
    rollback: true,
    rolloutReason: 'ECS deployment was stopped by a user request.',
  });
}

function continueServiceDeployment(
  world: World,
  input: ContinueServiceDeploymentRequest,
): ContinueServiceDeploymentResponse {
  const record = requireDeployment(world, input.serviceDeploymentArn);
  const hook = record.hooks.find(({ hookId }) => hookId === input.hookId);
  if (hook?.status !== 'AWAITING_ACTION') {
    const message = 'The lifecycle hook is not awaiting an action.';
    throw new AwsRefusal('InvalidParameterException', message);
  }
  hook.status = input.action === 'ROLLBACK' ? 'FAILED' : 'SUCCEEDED';
  world.changes.notify();
  return { serviceDeploymentArn: record.arn };
}

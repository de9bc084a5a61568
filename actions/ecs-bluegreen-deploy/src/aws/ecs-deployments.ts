import type {
  ListServiceDeploymentsRequest,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentStatus,
  ServiceRevision,
} from '@aws-sdk/client-ecs';
import { unusableAnswer } from '../../../../shared/aws/call';
import type { Aws } from '../../../../shared/aws/clients';
import { isRefusal } from '../../../../shared/aws/errors';
import { ActionError } from '../../../../shared/errors';
import {
  foundIn,
  type ListedServiceDeployment,
  type ReadResult,
  type ServiceNames,
  unknownTime,
} from '../plan/current-state';
import { activeStatuses, isAdvancing } from '../plan/ecs-lifecycle';
import { oneLine } from '../text';
import { readIfAllowed, readPages } from './reads';

/** The active service deployments. */
export const readActiveServiceDeployments = (
  aws: Aws,
  names: ServiceNames,
): Promise<ReadResult<readonly ListedServiceDeployment[]>> =>
  readIfAllowed(() => listServiceDeployments(aws, names, { status: [...activeStatuses] }));

/** The same; where the role may not read what they deploy, without that. */
export const listActive = (aws: Aws, names: ServiceNames): Promise<ReadResult<readonly ListedServiceDeployment[]>> =>
  readIfAllowed(() => listServiceDeployments(aws, names, { status: [...activeStatuses] }, revisionsIfAllowed));

/** The service deployments that were created after a time (milliseconds), whatever became of them. */
export const readServiceDeploymentsSince = (
  aws: Aws,
  names: ServiceNames,
  after: number,
): Promise<ReadResult<readonly ListedServiceDeployment[]>> => readIfAllowed(() => listSince(aws, names, after));

/** The same; where the role may not read what they deploy, without that. @throws errors of AWS */
export const listSince = (aws: Aws, names: ServiceNames, after: number): Promise<ListedServiceDeployment[]> =>
  listServiceDeployments(aws, names, { createdAt: { after: new Date(after) } }, revisionsIfAllowed);

async function listServiceDeployments(
  aws: Aws,
  { cluster, service }: ServiceNames,
  filter: { status?: ServiceDeploymentStatus[]; createdAt?: { after: Date } },
  readRevisions = readServiceRevisions,
): Promise<ListedServiceDeployment[]> {
  const serviceDeployments = await readBriefs(aws, { cluster, service, ...filter });
  const revisions = await readRevisions(
    aws,
    serviceDeployments.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []),
  );
  return serviceDeployments.map((brief) => listedFrom(brief, revisions));
}

async function readBriefs(aws: Aws, query: ListServiceDeploymentsRequest): Promise<ServiceDeploymentBrief[]> {
  const ecs = await aws.ecs();
  return readPages(most, async (nextToken) => {
    const { serviceDeployments: items, ...page } = await ecs.listServiceDeployments({ ...query, nextToken });
    return { items, nextToken: page.nextToken };
  });
}

async function revisionsIfAllowed(aws: Aws, arns: readonly string[]): Promise<ServiceRevision[]> {
  try {
    return await readServiceRevisions(aws, arns);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [];
  }
}

const listedFrom = (brief: ServiceDeploymentBrief, revisions: readonly ServiceRevision[]): ListedServiceDeployment => ({
  id: brief.serviceDeploymentArn ?? '',
  status: brief.status ?? 'PENDING',
  createdAt: brief.createdAt?.getTime() ?? 0,
  taskDefinition: revisions.find(({ serviceRevisionArn: arn }) => arn === brief.targetServiceRevisionArn)
    ?.taskDefinition,
});

/** DescribeServiceRevisions accepts 20 ARNs; the newest deployments come first, and older ones do not matter here. */
const most = 20;

/** Service revisions by their ARNs. */
export async function readServiceRevisions(aws: Aws, arns: readonly string[]): Promise<ServiceRevision[]> {
  if (arns.length === 0) return [];
  const ecs = await aws.ecs();
  const { serviceRevisions = [] } = await ecs.describeServiceRevisions({ serviceRevisionArns: arns.slice(0, most) });
  return serviceRevisions;
}

/** Reads a service deployment. @throws ActionError where ECS no longer has it */
export async function readServiceDeployment(aws: Aws, arn: string): Promise<ServiceDeployment> {
  const ecs = await aws.ecs();
  const { serviceDeployments = [], failures = [] } = await ecs.describeServiceDeployments({
    serviceDeploymentArns: [arn],
  });
  const [deployment] = serviceDeployments;
  if (deployment && !deployment.status) {
    throw unusableAnswer({ service: 'ecs', operation: 'DescribeServiceDeployments' }, 'it has no status');
  }
  if (deployment) return { ...deployment, serviceDeploymentArn: arn };
  const why = oneLine(failures[0]?.reason) || 'it does not exist';
  throw new ActionError(`cannot read service deployment ${arn}: ${why}; look at the deployments of the service`);
}

/** What the list shows of a service deployment: its status and the reason for it. @throws ActionError where it is not in the list */
export async function readBrief(aws: Aws, { cluster, service }: ServiceNames, arn: string): Promise<ServiceDeployment> {
  const serviceDeployments = await readBriefs(aws, { cluster, service });
  const brief = serviceDeployments.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn);
  if (brief) return brief;
  throw new ActionError(`cannot read service deployment ${arn}: ECS does not list it; look at the service`);
}

/** The status of a service deployment, by the list where the role may not see more. @throws ActionError where it does not exist */
export async function readStatus(
  aws: Aws,
  names: ServiceNames,
  arn: string,
): Promise<Pick<ServiceDeployment, 'status' | 'statusReason'>> {
  try {
    return await readServiceDeployment(aws, arn);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return readBrief(aws, names, arn);
  }
}

/** The service deployment that replaced a stopped one: the first that was created after it, where that is known. */
export async function findSuccessor(
  aws: Aws,
  names: ServiceNames,
  { id, createdAt }: { readonly id: string; readonly createdAt: number },
): Promise<string | undefined> {
  if (createdAt === unknownTime) return undefined;
  const later = foundIn(await readServiceDeploymentsSince(aws, names, createdAt - 1_000)) ?? [];
  // Both may carry the same time; the one in progress is the newer one, and what has ended may be what ran before.
  const isLater = (one: ListedServiceDeployment) =>
    one.createdAt > createdAt || (one.createdAt === createdAt && isAdvancing(one.status));
  const [successor] = later.filter((one) => one.id !== id && isLater(one)).sort((a, b) => a.createdAt - b.createdAt);
  return successor?.id;
}

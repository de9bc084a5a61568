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
import { activeStatuses, isAdvancing, isArn } from '../plan/ecs-lifecycle';
import { oneLine, shortId } from '../text';
import { readService } from './ecs-service';
import type { Effects } from './effects';
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

/**
 * Stops a service deployment and has it rolled back. One that has ended by itself in the meantime is not an error. The answer says
 * whether it was stopped.
 */
export async function stopServiceDeployment(
  id: string,
  names: ServiceNames,
  effects: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  const { ecs, serviceDeploymentArn } = await open(id, names, effects);
  const isStopped = await unlessOvertaken(
    () => ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ROLLBACK' }),
    (error) => error === 'ConflictException',
  );
  if (isStopped) note(effects, id, 'stopped', `Stopped deployment ${shortId(id)} and asked for its rollback`);
  else effects.log.info(`Deployment ${shortId(id)} had ended before it could be stopped`);
  return isStopped;
}

/** Continues a service deployment that waits at a PAUSE hook. Whether it did wait. */
export async function continueServiceDeployment(
  id: string,
  names: ServiceNames,
  effects: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<boolean> {
  const { uninterruptible } = effects;
  const { ecs, serviceDeploymentArn } = await open(id, names, effects);
  const { status = '', lifecycleHookDetails = [] } = await readServiceDeployment(uninterruptible, serviceDeploymentArn);
  const hook = lifecycleHookDetails.find((one) => one.status === 'AWAITING_ACTION');
  if (!isAdvancing(status) || !hook) return false;
  const request = { serviceDeploymentArn, hookId: hook.hookId, action: 'CONTINUE' } as const;
  const isContinued = await unlessOvertaken(
    () => ecs.continueServiceDeployment(request),
    // Somebody else may have been quicker, or an answer was lost; ECS has one error for that and for others.
    async (error) => error === 'InvalidParameterException' && !(await waits(uninterruptible, request)),
  );
  if (isContinued) note(effects, id, 'continued', `Continued deployment ${shortId(id)} at its PAUSE hook`);
  else effects.log.info(`Deployment ${shortId(id)} went on before it could be continued`);
  return true;
}

/** What a change of a service deployment is sent with. */
async function open(id: string, names: ServiceNames, effects: Pick<Effects, 'uninterruptible'>) {
  const serviceDeploymentArn = isArn(id) ? id : await arnOf(id, names, effects);
  return { ecs: await effects.uninterruptible.ecs(), serviceDeploymentArn };
}

/** Makes a change, unless the deployment has already moved on by itself, as the name of the error shows. Returns whether it was made. */
async function unlessOvertaken(
  change: () => Promise<unknown>,
  isOvertaken: (error: string | undefined) => boolean | Promise<boolean>,
): Promise<boolean> {
  try {
    await change();
    return true;
  } catch (error) {
    if (!(await isOvertaken((error as Error)?.name))) throw error;
    return false;
  }
}

/** Keeps what was done to a deployment for the end of the run, and prints it. */
function note({ log, done }: Pick<Effects, 'log' | 'done'>, id: string, what: string, line: string): void {
  done.push(`deployment ${shortId(id)} was ${what}`);
  log.info(line);
}

/** Whether a service deployment still waits at this hook. */
async function waits(
  aws: Aws,
  { serviceDeploymentArn, hookId }: { readonly serviceDeploymentArn: string; readonly hookId: string | undefined },
): Promise<boolean> {
  const { lifecycleHookDetails = [] } = await readServiceDeployment(aws, serviceDeploymentArn);
  return lifecycleHookDetails.some((one) => one.hookId === hookId && one.status === 'AWAITING_ACTION');
}

/** Without the list, the service still names the service deployment in progress. */
async function arnOf(
  id: string,
  names: ServiceNames,
  { uninterruptible }: Pick<Effects, 'uninterruptible'>,
): Promise<string> {
  const service = foundIn(await readService(uninterruptible, names));
  const isCurrent = service?.deployments?.some((one) => one.id === id && one.status === 'PRIMARY');
  if (isCurrent && service?.currentServiceDeployment) return service.currentServiceDeployment;
  const why = 'ECS does not report its ARN, and the role may not call ecs:ListServiceDeployments';
  throw new ActionError(`cannot stop deployment ${id}: ${why}; allow it to the role of this action`);
}

import type { Service, ServiceRevision } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../../shared/aws/clients';
import { readServiceDeployment, readServiceRevisions } from '../../aws/ecs-deployments';
import { unknownTime } from '../../plan/current-state';
import { createdApart, isArn } from '../../plan/ecs-lifecycle';
import type { StartedDeployment } from '../../watch/model';
import { countsOf, type NewTasks, unreadable } from '../serving-of';

/**
 * The tasks of the service's primary deployment, where that has the revision and is not one that came after the one asked for, and
 * its target groups. Where none is asked for, those of the deployment that serves: somebody may have begun another one of the revision.
 *
 * @throws errors of AWS that may pass
 */
export async function newTasksOf(
  aws: Aws,
  service: Service,
  deployment: Pick<StartedDeployment, 'id' | 'createdAt'> | undefined,
  revision: string,
): Promise<NewTasks> {
  const { id, createdAt = unknownTime } = deployment ?? {};
  const { deployments = [] } = service;
  const completed = deployments.find((one) => one.rolloutState === 'COMPLETED' && one.taskDefinition === revision);
  const current = deployments.find(({ status }) => status === 'PRIMARY');
  // One that is being replaced task by task wants none in the end.
  const primary = deployment === undefined && completed?.desiredCount ? completed : current;
  const isLater = createdAt !== unknownTime && (primary?.createdAt?.getTime() ?? 0) > createdAt + createdApart;
  if (primary?.taskDefinition !== revision || isLater) return { tasks: undefined, targetGroups: [] };
  const tasks = countsOf(primary.runningCount, primary.desiredCount);
  const by = { revision, createdAt: primary.createdAt?.getTime() ?? Number.MAX_SAFE_INTEGER };
  return { tasks, targetGroups: tasks.desired > 0 ? await targetGroupsOf(aws, service, id, by) : [] };
}

const unread = 'which target groups they are in';

/** Blue/green alternates between two groups of each load balancer: which of them is in use, the service revision tells. */
async function targetGroupsOf(
  aws: Aws,
  service: Service,
  id: string | undefined,
  serving: ServingBy,
): Promise<NewTasks['targetGroups']> {
  const { loadBalancers = [] } = service;
  const alternates = loadBalancers.some(({ advancedConfiguration }) => advancedConfiguration?.alternateTargetGroupArn);
  if (!alternates) return arnsOf(loadBalancers);
  if (id !== undefined && !isArn(id)) return { unread: `${unread}: the role may not list service deployments` };
  let revision: ServiceRevision | undefined;
  const why = await unreadable(async () => {
    revision = id === undefined ? await runningRevision(aws, service, serving) : await targetRevision(aws, id);
  });
  const resolved = revision?.resolvedConfiguration?.loadBalancers;
  return resolved ? arnsOf(resolved) : { unread: `${unread}: ${why ?? 'ECS does not say'}` };
}

async function targetRevision(aws: Aws, id: string): Promise<ServiceRevision | undefined> {
  const { targetServiceRevision: target } = await readServiceDeployment(aws, id);
  return target?.arn ? (await readServiceRevisions(aws, [target.arn]))[0] : undefined;
}

/** What serves: its task definition, and the time (milliseconds) at which its deployment was created. */
interface ServingBy {
  readonly revision: string;
  readonly createdAt: number;
}

/** Of the revisions with this task definition that have tasks, as one on its way out or in has, the nearest in time. */
async function runningRevision(
  aws: Aws,
  { currentServiceRevisions = [] }: Service,
  { revision, createdAt }: ServingBy,
): Promise<ServiceRevision | undefined> {
  const arns = currentServiceRevisions.flatMap(({ arn }) => arn ?? []);
  const revisions = await readServiceRevisions(aws, arns);
  const distance = (one: ServiceRevision) => Math.abs((one.createdAt?.getTime() ?? 0) - createdAt);
  return revisions
    .filter(({ taskDefinition }) => taskDefinition === revision)
    .sort((one, other) => distance(one) - distance(other))[0];
}

const arnsOf = (balancers: readonly { readonly targetGroupArn?: string | undefined }[]) =>
  balancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);

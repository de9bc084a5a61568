import type { LastDeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Service } from '@aws-sdk/client-ecs';

/** The revision that takes the production traffic; the one that is being deployed does not yet. */
export function runningRevision({ taskSets, deployments = [], taskDefinition }: Service): string | undefined {
  const taskSet = taskSets?.find(({ status }) => status === 'PRIMARY');
  const completed = deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  return taskSet?.taskDefinition ?? completed?.taskDefinition ?? taskDefinition;
}

/**
 * Ids of the task sets or deployments before the one that takes the production traffic. Their tasks may be kept, or be on their way out, and
 * do not tell what runs, even if their revision is the same. `startedBy` of a task has the id (API model).
 */
export function leftBehind({ taskSets = [], deployments = [] }: Service): ReadonlySet<string> {
  const serving =
    taskSets.find(({ status }) => status === 'PRIMARY') ??
    deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  const since = serving?.createdAt ?? new Date(0);
  const earlier = [...taskSets, ...deployments].filter(({ createdAt }) => createdAt && createdAt < since);
  return new Set(earlier.flatMap(({ id }) => id ?? []));
}

/** A service has two at a time, and three where one replaces another. */
const mostUnderWay = 3;

/** The revisions that a service is being given, besides the one that runs; older ones are being replaced. */
export function revisionsUnderWay({ taskSets = [], deployments = [] }: Service, running: string | undefined): string[] {
  const isPrimary = ({ status }: { readonly status?: string | undefined }) => status === 'PRIMARY';
  const since = taskSets.find(isPrimary)?.createdAt ?? new Date(0);
  const advancing = [
    ...taskSets.filter(({ createdAt }) => !createdAt || createdAt > since),
    ...deployments.filter(isPrimary),
  ];
  const names = new Set(advancing.flatMap(({ taskDefinition }) => taskDefinition ?? []));
  return [...names].filter((name) => name !== running).slice(0, mostUnderWay);
}

/** How well a service runs a revision; `needsDeployment` where a new deployment of it is worth while. */
export type Health =
  | { readonly health: 'healthy' }
  | { readonly health: 'degraded'; readonly why: string; readonly needsDeployment: boolean };

/**
 * How a service runs a revision: healthy with all its tasks after a deployment that has succeeded. Undefined where it
 * runs another one. `last` is the last deployment of CodeDeploy; ECS tells its own.
 */
export function healthOf(service: Service, arn: string, last: LastDeploymentInfo | undefined): Health | undefined {
  if (runningRevision(service) !== arn) return undefined;
  const taskSet = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  if (!taskSet && primary && primary.taskDefinition !== arn) return undefined;
  const rollout = taskSet ? last?.status : primary?.rolloutState;
  if (rollout !== undefined && rollout !== 'Succeeded' && rollout !== 'COMPLETED') {
    const id = taskSet && last?.deploymentId ? ` ${last.deploymentId}` : '';
    return { health: 'degraded', why: `its last deployment${id} is ${rollout}`, needsDeployment: true };
  }
  const desired = taskSet ? taskSet.computedDesiredCount : primary?.desiredCount;
  const running = (taskSet ?? primary)?.runningCount;
  if (desired === undefined || running === undefined || running >= desired) return { health: 'healthy' };
  // Where some run, the others may just be starting, as after a change of their number.
  return { health: 'degraded', why: `${running} of its ${desired} tasks run`, needsDeployment: running === 0 };
}

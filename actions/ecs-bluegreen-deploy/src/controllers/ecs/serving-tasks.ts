import type { Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../../shared/aws/clients';
import { readServiceDeployment, readServiceRevisions } from '../../aws/ecs-deployments';
import { isArn } from '../../plan/ecs-lifecycle';
import { type NewTasks, unreadable } from '../serving-of';

/**
 * The tasks of the service's primary deployment, where that has the revision, and its target groups.
 *
 * @throws errors of AWS that may pass
 */
export async function newTasksOf(aws: Aws, service: Service, id: string, revision: string): Promise<NewTasks> {
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  if (primary?.taskDefinition !== revision) return { tasks: undefined, targetGroups: [] };
  const tasks = { running: primary.runningCount ?? 0, desired: primary.desiredCount ?? 0 };
  return { tasks, targetGroups: tasks.desired > 0 ? await targetGroupsOf(aws, service, id) : [] };
}

/** Blue/green alternates between two groups of each load balancer: which of them is in use, the service revision tells. */
async function targetGroupsOf(
  aws: Aws,
  { loadBalancers = [] }: Service,
  id: string,
): Promise<NewTasks['targetGroups']> {
  const alternates = loadBalancers.some(({ advancedConfiguration }) => advancedConfiguration?.alternateTargetGroupArn);
  if (!alternates) return arnsOf(loadBalancers);
  let resolved: readonly string[] | undefined;
  const why = isArn(id)
    ? await unreadable(async () => {
        const { targetServiceRevision: target } = await readServiceDeployment(aws, id);
        const [revision] = target?.arn ? await readServiceRevisions(aws, [target.arn]) : [];
        resolved =
          revision?.resolvedConfiguration?.loadBalancers && arnsOf(revision.resolvedConfiguration.loadBalancers);
      })
    : 'the role may not list service deployments';
  return resolved ?? { unread: `which target groups they are in: ${why ?? 'ECS does not tell'}` };
}

const arnsOf = (balancers: readonly { readonly targetGroupArn?: string | undefined }[]) =>
  balancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);

import type { LastDeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { type Look, lookUp } from './reads';

/** Reads the service. */
export async function readService(
  aws: Aws,
  { cluster, service }: { cluster: string; service: string },
): Promise<Look<Service>> {
  const ecs = await aws.ecs();
  const answer = await lookUp(() => ecs.describeServices({ cluster, services: [service] }), {
    ClusterNotFoundException: `there is no cluster ${cluster} in ${aws.region}`,
  });
  if (!('found' in answer)) return answer;
  const found = answer.found.services?.[0];
  return found ? { found } : { missing: `there is no service ${service} in cluster ${cluster} in ${aws.region}` };
}

/** The revision that takes the production traffic; the one that is being deployed does not yet. Pure. */
export function runningRevision({ taskSets, deployments = [], taskDefinition }: Service): string | undefined {
  const taskSet = taskSets?.find(({ status }) => status === 'PRIMARY');
  const completed = deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  return taskSet?.taskDefinition ?? completed?.taskDefinition ?? taskDefinition;
}

/** How a service stands to a revision: it runs another one, or this one wholly, or this one with something amiss. */
export type Standing =
  | 'other'
  | 'whole'
  | { readonly amiss: string /** It is worth a deployment. */; readonly again: boolean };

/**
 * Whether a service runs a revision so that nothing is to be done: with all its tasks, and the last deployment to it has
 * succeeded. `last` is that of CodeDeploy; ECS tells its own. Pure.
 */
export function standingOf(service: Service, arn: string, last: LastDeploymentInfo | undefined): Standing {
  if (runningRevision(service) !== arn) return 'other';
  const taskSet = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  if (!taskSet && primary && primary.taskDefinition !== arn) return 'other';
  const rollout = taskSet ? last?.status : primary?.rolloutState;
  if (rollout !== undefined && rollout !== 'Succeeded' && rollout !== 'COMPLETED') {
    const id = taskSet && last?.deploymentId ? ` ${last.deploymentId}` : '';
    return { amiss: `its last deployment${id} is ${rollout}`, again: true };
  }
  const wanted = taskSet ? taskSet.computedDesiredCount : primary?.desiredCount;
  const running = (taskSet ?? primary)?.runningCount;
  if (wanted === undefined || running === undefined || running >= wanted) return 'whole';
  // Where some run, the others may just be starting, as after a change of their number.
  return { amiss: `${running} of its ${wanted} tasks run`, again: running === 0 };
}

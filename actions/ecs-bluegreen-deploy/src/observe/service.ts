import type { Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { type Look, lookUp } from './look';

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

/** Whether a service runs a revision, and its deployment to it has not failed. Pure. */
export function runsAlready(service: Service, arn: string): boolean {
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const isWhole = !primary || (primary.taskDefinition === arn && (primary.rolloutState ?? 'COMPLETED') === 'COMPLETED');
  return runningRevision(service) === arn && isWhole;
}

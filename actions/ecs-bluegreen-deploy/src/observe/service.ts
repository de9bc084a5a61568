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

/** The revision that takes the production traffic. */
export function runningRevision(service: Service): string | undefined {
  return service.taskSets?.find(({ status }) => status === 'PRIMARY')?.taskDefinition ?? service.taskDefinition;
}

import { consoleHost } from '../../../../shared/aws/arn';
import { isArn } from '../aws/ecs-deployments';
import type { Plan } from '../plan/plan';
import { shellWord } from '../text';

type Place = Pick<Plan, 'controller' | 'request' | 'previous'>;

/** A part of an address: ids come from AWS. */
const part = encodeURIComponent;

/** The address that the built-in action gives. */
export const serviceUrl = ({ region, cluster, service }: Plan['request']): string =>
  `https://${consoleHost(region)}/ecs/home?region=${part(region)}#/clusters/${part(cluster)}/services/${part(service)}/events`;

/** The deployment in the console; under the ECS controller, the deployments of the service. */
export function deploymentUrl({ controller, request: { region, cluster, service } }: Place, id: string): string {
  const host = `https://${consoleHost(region)}`;
  if (controller === 'CODE_DEPLOY')
    return `${host}/codesuite/codedeploy/deployments/${part(id)}?region=${part(region)}`;
  return `${host}/ecs/v2/clusters/${part(cluster)}/services/${part(service)}/deployments?region=${part(region)}`;
}

/** How somebody stops a deployment and has it rolled back. */
export function stopCommand({ controller, request, previous }: Place, id: string): string {
  const { region, cluster, service } = request;
  if (controller === 'CODE_DEPLOY') {
    return `aws deploy stop-deployment --deployment-id ${shellWord(id)} --auto-rollback-enabled --region ${region}`;
  }
  // A role that may not list service deployments does not know the ARN of its own.
  return isArn(id)
    ? `aws ecs stop-service-deployment --service-deployment-arn ${shellWord(id)} --stop-type ROLLBACK --region ${region}`
    : `aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${shellWord(previous ?? '')} --region ${region}`;
}

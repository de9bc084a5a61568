import { consoleHost } from '../../../../shared/aws/arn';
import type { ControllerName } from '../plan/current-state';
import { isArn } from '../plan/ecs-lifecycle';
import type { Plan } from '../plan/plan';
import { shellWord, shortId } from '../text';

type Place = Pick<Plan, 'controller' | 'request' | 'previous'>;

/** A part of an address: ids come from AWS. */
const part = encodeURIComponent;

/** The address that the built-in action gives. */
export const serviceUrl = ({ region, cluster, service }: Plan['request']): string =>
  `https://${consoleHost(region)}/ecs/home?region=${part(region)}#/clusters/${part(cluster)}/services/${part(service)}/events`;

/** The deployment in the console; under the ECS controller, the deployments of the service. */
export function deploymentUrl({ controller, request: { region, cluster, service } }: Place, id: string): string {
  const paths: Readonly<Record<ControllerName, string>> = {
    CODE_DEPLOY: `codesuite/codedeploy/deployments/${part(id)}`,
    ECS: `ecs/v2/clusters/${part(cluster)}/services/${part(service)}/deployments`,
  };
  return `https://${consoleHost(region)}/${paths[controller]}?region=${part(region)}`;
}

/** A task in the console. */
export const taskUrl = ({ region, cluster }: Pick<Plan['request'], 'region' | 'cluster'>, arn: string): string =>
  `https://${consoleHost(region)}/ecs/v2/clusters/${part(cluster)}/tasks/${part(shortId(arn))}?region=${part(region)}`;

/** How somebody stops a deployment and has it rolled back. */
export const stopCommand = (place: Place, id: string): string => stopCommands[place.controller](place, id);

const stopCommands: Readonly<Record<ControllerName, (place: Place, id: string) => string>> = {
  CODE_DEPLOY: ({ request: { region } }, id) =>
    `aws deploy stop-deployment --deployment-id ${shellWord(id)} --auto-rollback-enabled --region ${region}`,
  // A role that may not list service deployments does not know the ARN of its own.
  ECS: ({ request: { region, cluster, service }, previous }, id) =>
    isArn(id)
      ? `aws ecs stop-service-deployment --service-deployment-arn ${shellWord(id)} --stop-type ROLLBACK --region ${region}`
      : `aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${shellWord(previous ?? '')} --region ${region}`,
};

/** `family:revision` of an ARN. */
export const revisionName = (arn: string): string => arn.replace(/^.*\//, '');

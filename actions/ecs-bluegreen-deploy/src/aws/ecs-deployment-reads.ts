import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { isRefusal } from '../../../../shared/aws/errors';
import { ActionError } from '../../../../shared/errors';
import { oneLine } from '../text';
import { readServiceDeploymentsSince, type ServiceNames } from './ecs-deployments';
import { foundIn } from './reads';

/** Reads a service deployment. @throws ActionError where ECS no longer has it */
export async function readServiceDeployment(aws: Aws, arn: string): Promise<ServiceDeployment> {
  const ecs = await aws.ecs();
  const { serviceDeployments = [], failures = [] } = await ecs.describeServiceDeployments({
    serviceDeploymentArns: [arn],
  });
  const [deployment] = serviceDeployments;
  if (deployment) return deployment;
  const why = oneLine(failures[0]?.reason) || 'it is not there';
  throw new ActionError(`cannot read service deployment ${arn}: ${why}; look at the deployments of the service`);
}

/** What the list tells of a service deployment: its status and why. @throws ActionError where it is not in the list */
export async function readBrief(aws: Aws, { cluster, service }: ServiceNames, arn: string): Promise<ServiceDeployment> {
  const ecs = await aws.ecs();
  const { serviceDeployments = [] } = await ecs.listServiceDeployments({ cluster, service });
  const brief = serviceDeployments.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn);
  if (brief) return brief;
  throw new ActionError(`cannot read service deployment ${arn}: ECS does not list it; look at the service`);
}

/** The status of a service deployment, by the list where the role may not see more. @throws ActionError where it is not there */
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

/** The service deployment that replaced a stopped one: the first that was created after it. */
export async function findSuccessor(
  aws: Aws,
  names: ServiceNames,
  { id, createdAt }: { readonly id: string; readonly createdAt: number },
): Promise<string | undefined> {
  const later = foundIn(await readServiceDeploymentsSince(aws, names, createdAt)) ?? [];
  const [successor] = later
    .filter((one) => one.id !== id && one.createdAt > createdAt)
    .sort((a, b) => a.createdAt - b.createdAt);
  return successor?.id;
}

/** Whether each of these target groups has so many targets, and finds all healthy that are not leaving. */
export async function areTargetsHealthy(aws: Aws, targetGroups: readonly string[], count: number): Promise<boolean> {
  const elb = await aws.elb();
  const states = await Promise.all(
    targetGroups.map(async (TargetGroupArn) => {
      const { TargetHealthDescriptions = [] } = await elb.describeTargetHealth({ TargetGroupArn });
      return TargetHealthDescriptions.flatMap(({ TargetHealth }) => TargetHealth?.State ?? []);
    }),
  );
  return states.every((group) => {
    const staying = group.filter((state) => state !== 'draining');
    return staying.length >= count && staying.every((state) => state === 'healthy');
  });
}

import type { UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../service';
import type { ServiceRecord } from '../state';
import type { World } from '../world';
import { toService } from './describe-service';
import { requireService } from './find';

const refuse = (message: string): never => {
  throw new AwsRefusal('InvalidParameterException', message);
};

/** UpdateService, under either controller. */
export function updateService(world: World, input: UpdateServiceRequest): UpdateServiceResponse {
  const service = requireService(world, { cluster: input.cluster, service: input.service });
  if (service.status !== 'ACTIVE') {
    throw new AwsRefusal('ServiceNotActiveException', 'Service was not ACTIVE.');
  }
  updateUnderCodeDeploy(world, service, input);
  return { service: toService(world, service) };
}

/** With CodeDeploy in control only the number of tasks and such can change here. */
function updateUnderCodeDeploy(world: World, service: ServiceRecord, input: UpdateServiceRequest): void {
  const instead =
    'on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.';
  if (input.taskDefinition) refuse(`Unable to update task definition ${instead}`);
  if (input.platformVersion) refuse(`Unable to update platform version ${instead}`);
  if (input.networkConfiguration) refuse(`Unable to update network parameters ${instead}`);
  if (input.loadBalancers) refuse(`Unable to update load balancers ${instead}`);
  if (input.forceNewDeployment) refuse(`Cannot force a new deployment ${instead}`);
  if (input.desiredCount === undefined) return;
  service.desiredCount = input.desiredCount;
  for (const fleet of service.fleets) if (fleet.status !== 'DRAINING') fleet.desiredCount = input.desiredCount;
  world.changes.notify();
}

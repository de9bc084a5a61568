import { createFleet, drainFleet, isSteady, scheduleFleet } from '../ecs/fleets';
import { findTaskDefinition } from '../ecs/task-definitions';
import { shiftTraffic } from '../elb-traffic';
import type { Fleet } from '../state';
import type { World } from '../world';
import type { Ending } from './ending';
import type { DeploymentRecord } from './record';
import { productionListener, targetGroupNames } from './routes';

/** Install: the replacement task set, until its tasks are healthy behind the other target group. */
export async function install(world: World, deployment: DeploymentRecord): Promise<Ending | undefined> {
  const refusal = refusalOf(world, deployment);
  if (refusal) {
    await deployment.course.wait(world.timing.step);
    return updateFailed(refusal);
  }
  startGreen(world, deployment);
  const { green, course } = deployment;
  const steady = await course.until(() => green !== undefined && isSteady(world, green), world.timing.installTimeout);
  return steady ? undefined : timedOut(world);
}

function startGreen(world: World, deployment: DeploymentRecord): void {
  const { service, appSpec } = deployment;
  const blue = service.fleets.find((fleet) => fleet.status === 'PRIMARY');
  for (const left of service.fleets.filter((fleet) => fleet !== blue)) drainFleet(world, left);
  const definition = findTaskDefinition(world, appSpec.taskDefinition);
  if (!definition) return;
  const green = createFleet(world, service, definition.definition, {
    targetGroupArn: otherTargetGroup(world, deployment, blue),
    status: 'ACTIVE',
    replacement: true,
    externalId: deployment.id,
  });
  if (appSpec.network) green.network = appSpec.network;
  if (appSpec.platformVersion) green.platformVersion = appSpec.platformVersion;
  if (appSpec.capacityProviderStrategy) green.capacityProviderStrategy = appSpec.capacityProviderStrategy;
  Object.assign(deployment, { blue, green });
  routeToBoth(world, deployment);
  scheduleFleet(world, green);
}

/** Both target groups stand in the production listener from now on, green without weight. */
function routeToBoth(world: World, { blue, green, group }: DeploymentRecord): void {
  if (!blue?.targetGroupArn || !green?.targetGroupArn) return;
  shiftTraffic(world, productionListener({ group }), [
    { targetGroupArn: blue.targetGroupArn, weight: 100 },
    { targetGroupArn: green.targetGroupArn, weight: 0 },
  ]);
}

function otherTargetGroup(world: World, deployment: DeploymentRecord, blue: Fleet | undefined): string | undefined {
  const names = targetGroupNames(deployment);
  const pair = [...world.state.targetGroups.values()].filter((group) => names.includes(group.TargetGroupName ?? ''));
  return pair.find((group) => group.TargetGroupArn !== blue?.targetGroupArn)?.TargetGroupArn;
}

/** What ECS says about a task set for this AppSpec, when it refuses it. */
function refusalOf(world: World, { service, appSpec }: DeploymentRecord): string | undefined {
  if (service.status !== 'ACTIVE') return 'Service was not ACTIVE.';
  const found = findTaskDefinition(world, appSpec.taskDefinition);
  if (!found) return 'Unable to describe task definition.';
  if (found.definition.status === 'INACTIVE') return 'TaskDefinition is inactive';
  const { containerName, containerPort } = appSpec;
  const container = found.definition.containerDefinitions?.find(({ name }) => name === containerName);
  if (!container) return `The container ${containerName} does not exist in the task definition.`;
  if (container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) return undefined;
  return `The container ${containerName} did not have a container port ${containerPort} defined.`;
}

const updateFailed = (refusal: string): Ending => ({
  status: 'Failed',
  trigger: 'DEPLOYMENT_FAILURE',
  error: {
    code: 'ECS_UPDATE_ERROR',
    message:
      `The ECS service cannot be updated due to an unexpected error: ${refusal} (Service: AmazonECS; ` +
      'Status Code: 400; Error Code: InvalidParameterException). Check your ECS service status.',
  },
});

const timedOut = (world: World): Ending => ({
  status: 'Failed',
  trigger: 'DEPLOYMENT_FAILURE',
  error: {
    code: 'TIMEOUT',
    message:
      'The deployment timed out while waiting for the replacement task set to become healthy. ' +
      `This time out period is ${Math.round(world.timing.installTimeout / 60_000)} minutes.`,
  },
});

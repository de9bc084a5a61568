import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfiguration, UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../service';
import type { ServiceRecord } from '../state';
import type { World } from '../world';
import { toService } from './describe-service';
import { requireService } from './find';
import { startServiceDeployment } from './start-service-deployment';
import { requireTaskDefinition } from './task-definitions';

function refuse(message: string): never {
  throw new AwsRefusal('InvalidParameterException', message);
}

/** UpdateService, under either controller. */
export function updateService(world: World, input: UpdateServiceRequest): UpdateServiceResponse {
  const service = requireService(world, { cluster: input.cluster, service: input.service });
  if (service.status !== 'ACTIVE') {
    throw new AwsRefusal('ServiceNotActiveException', 'Service was not ACTIVE.');
  }
  if (service.controller === 'ECS') updateUnderEcs(world, service, input);
  else updateUnderCodeDeploy(world, service, input);
  return { service: toService(world, service) };
}

/** With CodeDeploy in control only the number of tasks and such can change here. */
function updateUnderCodeDeploy(world: World, service: ServiceRecord, input: UpdateServiceRequest): void {
  const instead = `on services with a ${service.controller} deployment controller. Use AWS CodeDeploy to trigger a new deployment.`;
  if (input.taskDefinition) refuse(`Unable to update task definition ${instead}`);
  if (input.platformVersion) refuse(`Unable to update platform version ${instead}`);
  if (input.networkConfiguration) refuse(`Unable to update network parameters ${instead}`);
  if (input.loadBalancers) refuse(`Unable to update load balancers ${instead}`);
  if (input.forceNewDeployment) refuse(`Cannot force a new deployment ${instead}`);
  scale(world, service, input.desiredCount);
}

function scale(world: World, service: ServiceRecord, desiredCount: number | undefined): void {
  if (desiredCount === undefined) return;
  service.desiredCount = desiredCount;
  for (const fleet of service.fleets) if (fleet.status !== 'DRAINING') fleet.desiredCount = desiredCount;
  world.changes.notify();
}

/** Changes what is given; a new deployment starts for what running tasks cannot take over. */
function updateUnderEcs(world: World, service: ServiceRecord, input: UpdateServiceRequest): void {
  const configuration = { ...keptSettings(service, input), ...input.deploymentConfiguration };
  const loadBalancers = input.loadBalancers ?? service.loadBalancers;
  checkConfiguration(configuration, loadBalancers);
  const primary = service.fleets.find(({ status }) => status === 'PRIMARY');
  const current = primary?.definition;
  const name = input.taskDefinition ?? current?.taskDefinitionArn ?? '';
  const { definition } = requireTaskDefinition(world, name);
  if (definition.status === 'INACTIVE' && input.taskDefinition) {
    throw new AwsRefusal('ClientException', 'TaskDefinition is inactive');
  }
  checkBalancers(definition.containerDefinitions ?? [], loadBalancers);
  service.deploymentConfiguration = configuration;
  service.loadBalancers = loadBalancers;
  if (input.networkConfiguration?.awsvpcConfiguration) service.network = input.networkConfiguration.awsvpcConfiguration;
  if (input.platformVersion) service.platformVersion = input.platformVersion;
  if (input.capacityProviderStrategy) service.capacityProviderStrategy = input.capacityProviderStrategy;
  if (input.enableECSManagedTags !== undefined) service.managedTags = input.enableECSManagedTags;
  if (input.propagateTags) service.propagateTags = input.propagateTags;
  const isOtherVolume = input.volumeConfigurations && !isDeepStrictEqual(input.volumeConfigurations, service.volumes);
  if (input.volumeConfigurations) service.volumes = input.volumeConfigurations;
  scale(world, service, input.desiredCount);
  const isNew = definition.taskDefinitionArn !== current?.taskDefinitionArn;
  const { networkConfiguration, platformVersion, capacityProviderStrategy, forceNewDeployment } = input;
  const needed = [
    isNew,
    networkConfiguration,
    platformVersion,
    capacityProviderStrategy,
    input.loadBalancers,
    isOtherVolume,
  ];
  if (forceNewDeployment || needed.some(Boolean)) startServiceDeployment(world, service, definition);
}

/** The steps of a strategy go with it. */
function keptSettings(
  { deploymentConfiguration: current }: ServiceRecord,
  { deploymentConfiguration: { strategy } = {} }: UpdateServiceRequest,
): DeploymentConfiguration {
  if (strategy === undefined || strategy === (current.strategy ?? 'ROLLING')) return current;
  const { canaryConfiguration: _canary, linearConfiguration: _linear, ...kept } = current;
  return kept;
}

function checkConfiguration(
  { strategy = 'ROLLING', canaryConfiguration, linearConfiguration, bakeTimeInMinutes = 0 }: DeploymentConfiguration,
  loadBalancers: ServiceRecord['loadBalancers'],
): void {
  if (canaryConfiguration && strategy !== 'CANARY')
    refuse('canaryConfiguration requires the CANARY deployment strategy.');
  if (linearConfiguration && strategy !== 'LINEAR')
    refuse('linearConfiguration requires the LINEAR deployment strategy.');
  if (bakeTimeInMinutes < 0 || bakeTimeInMinutes > 1440) refuse('bakeTimeInMinutes must be between 0 and 1440.');
  const { canaryPercent = 5 } = canaryConfiguration ?? {};
  if (canaryPercent < 0.1 || canaryPercent > 100) refuse('canaryPercent must be between 0.1 and 100.0.');
  const { stepPercent = 10 } = linearConfiguration ?? {};
  if (stepPercent < 3 || stepPercent > 100) refuse('stepPercent must be between 3.0 and 100.0.');
  if (strategy === 'ROLLING' || loadBalancers.every(({ advancedConfiguration }) => advancedConfiguration)) return;
  refuse(`advancedConfiguration is required in loadBalancers for the ${strategy} deployment strategy.`);
}

function checkBalancers(
  containers: NonNullable<ReturnType<typeof requireTaskDefinition>['definition']['containerDefinitions']>,
  loadBalancers: ServiceRecord['loadBalancers'],
): void {
  for (const { containerName, containerPort } of loadBalancers) {
    const container = containers.find(({ name }) => name === containerName);
    if (!container) refuse(`The container ${containerName} does not exist in the task definition.`);
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      refuse(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
  }
}

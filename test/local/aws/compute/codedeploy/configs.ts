import type {
  CreateDeploymentConfigInput,
  CreateDeploymentConfigOutput,
  DeploymentConfigInfo,
  GetDeploymentConfigInput,
  GetDeploymentConfigOutput,
  ListDeploymentConfigsOutput,
  TrafficRoutingConfig,
} from '@aws-sdk/client-codedeploy';
import { AwsRefusal } from '../../service';
import { minutes } from '../timing';
import { dateOf, type World } from '../world';

const canary = (canaryPercentage: number, canaryInterval: number): TrafficRoutingConfig => ({
  type: 'TimeBasedCanary',
  timeBasedCanary: { canaryPercentage, canaryInterval },
});
const linear = (linearPercentage: number, linearInterval: number): TrafficRoutingConfig => ({
  type: 'TimeBasedLinear',
  timeBasedLinear: { linearPercentage, linearInterval },
});

const predefined: Readonly<Record<string, TrafficRoutingConfig>> = {
  'CodeDeployDefault.ECSAllAtOnce': { type: 'AllAtOnce' },
  'CodeDeployDefault.ECSCanary10Percent5Minutes': canary(10, 5),
  'CodeDeployDefault.ECSCanary10Percent15Minutes': canary(10, 15),
  'CodeDeployDefault.ECSLinear10PercentEvery1Minutes': linear(10, 1),
  'CodeDeployDefault.ECSLinear10PercentEvery3Minutes': linear(10, 3),
};

/** The configurations that every account has. */
export function addPredefinedConfigs(world: World): void {
  for (const [name, routing] of Object.entries(predefined)) addConfig(world, name, routing);
}

function addConfig(world: World, name: string, routing: TrafficRoutingConfig): DeploymentConfigInfo {
  const config: DeploymentConfigInfo = {
    deploymentConfigId: world.ids.uuid(),
    deploymentConfigName: name,
    computePlatform: 'ECS',
    createTime: dateOf(world),
    trafficRoutingConfig: routing,
  };
  world.state.deploymentConfigs.set(name, config);
  return config;
}

/** A configuration by name. Throws DeploymentConfigDoesNotExistException. */
export function findConfig(world: World, name: string): DeploymentConfigInfo {
  const config = world.state.deploymentConfigs.get(name);
  if (config) return config;
  throw new AwsRefusal('DeploymentConfigDoesNotExistException', `No Deployment Configuration found for name: ${name}`);
}

/** The percentages of green, each with the milliseconds until the next. */
export function trafficSteps(config: DeploymentConfigInfo): { readonly weight: number; readonly waitMs: number }[] {
  const { timeBasedCanary, timeBasedLinear } = config.trafficRoutingConfig ?? {};
  const steps: { weight: number; waitMs: number }[] = [];
  if (timeBasedCanary) {
    steps.push({ weight: timeBasedCanary.canaryPercentage ?? 0, waitMs: minutes(timeBasedCanary.canaryInterval) });
  }
  const { linearPercentage = 100, linearInterval } = timeBasedLinear ?? {};
  for (let weight = linearPercentage; timeBasedLinear && weight < 100; weight += linearPercentage) {
    steps.push({ weight, waitMs: minutes(linearInterval) });
  }
  return [...steps, { weight: 100, waitMs: 0 }];
}

export const configOperations = (world: World) => ({
  ListDeploymentConfigs: (): ListDeploymentConfigsOutput => ({
    deploymentConfigsList: [...world.state.deploymentConfigs.keys()],
  }),
  GetDeploymentConfig: (input: GetDeploymentConfigInput): GetDeploymentConfigOutput => ({
    deploymentConfigInfo: findConfig(world, input.deploymentConfigName ?? ''),
  }),
  CreateDeploymentConfig: (input: CreateDeploymentConfigInput): CreateDeploymentConfigOutput => ({
    deploymentConfigId: createConfig(world, input).deploymentConfigId,
  }),
});

function createConfig(world: World, input: CreateDeploymentConfigInput): DeploymentConfigInfo {
  const name = input.deploymentConfigName ?? '';
  if (name.startsWith('CodeDeployDefault.')) {
    throw new AwsRefusal(
      'InvalidDeploymentConfigNameException',
      'Deployment Configuration name uses a reserved prefix',
    );
  }
  if (world.state.deploymentConfigs.has(name)) {
    const message = `Deployment Configuration name already exists: ${name}`;
    throw new AwsRefusal('DeploymentConfigAlreadyExistsException', message);
  }
  if (input.computePlatform !== 'ECS') {
    throw new AwsRefusal('InvalidComputePlatformException', 'The compute platform of this simulation is ECS');
  }
  return addConfig(world, name, checkRouting(input.trafficRoutingConfig));
}

function checkRouting(routing: TrafficRoutingConfig | undefined): TrafficRoutingConfig {
  const shares = {
    AllAtOnce: [1, 1],
    TimeBasedCanary: [routing?.timeBasedCanary?.canaryPercentage, routing?.timeBasedCanary?.canaryInterval],
    TimeBasedLinear: [routing?.timeBasedLinear?.linearPercentage, routing?.timeBasedLinear?.linearInterval],
  }[routing?.type ?? 'AllAtOnce'];
  const [percentage = 0, interval = 0] = shares ?? [];
  if (routing?.type && percentage > 0 && percentage < 100 && interval > 0) return routing;
  throw new AwsRefusal(
    'InvalidTrafficRoutingConfigurationException',
    'The traffic routing configuration is invalid: percentage has to be 1 to 99 and the interval at least 1 minute',
  );
}

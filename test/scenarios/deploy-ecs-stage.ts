import { type DeploymentConfiguration, ECS } from '@aws-sdk/client-ecs';
import type { EcsServiceOptions, Scenario } from '../local/aws/compute';
import { family, on, type Stage, type StageOptions, serviceOf } from './deploy-stage';

/** The four strategies, each with short waits. */
export const strategies = [
  { name: 'rolling', configuration: { strategy: 'ROLLING' } },
  { name: 'blue-green', configuration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } },
  {
    name: 'canary',
    configuration: {
      strategy: 'CANARY',
      bakeTimeInMinutes: 2,
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
    },
  },
  {
    name: 'linear',
    configuration: {
      strategy: 'LINEAR',
      bakeTimeInMinutes: 2,
      linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 2 },
    },
  },
] as const satisfies readonly { name: string; configuration: DeploymentConfiguration }[];

export type StrategyCase = (typeof strategies)[number];

/** Those that move the traffic between two target groups. */
export const shifting = strategies.filter(({ name }) => name !== 'rolling');

/** A circuit breaker that rolls back. */
export const breaker: DeploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };

/** Runs a test on a service with this strategy. */
export const onService = (
  { configuration }: Pick<StrategyCase, 'configuration'>,
  options: { more?: DeploymentConfiguration; play?: Scenario; ecs?: EcsServiceOptions },
  test: (stage: Stage) => Promise<void>,
): (() => Promise<void>) => {
  const ecs = { ...options.ecs, deployment: { ...configuration, ...options.more } };
  const stage: StageOptions = { ecs, ...(options.play && { play: options.play }) };
  return on(stage, test);
};

/** The service's deployments after the seeded one, with their ends and what they deployed, in the order of creation. */
export const serviceDeployments = (stage: Stage): string[] =>
  serviceOf(stage)
    .serviceDeployments.slice(0, -1)
    .map(({ status, target }) => `${status} ${target.revision.taskDefinition.replace(/^.*\//, '')}`)
    .reverse();

/** The revision whose tasks take the production traffic. */
export const servedRevision = (stage: Stage): string | undefined => {
  const [first] = stage.aws.compute.traffic(stage.seeded.productionListenerArn).filter(({ weight }) => weight > 0);
  const fleets = serviceOf(stage).fleets.filter(
    ({ status, targetGroupArn }) => status !== 'DRAINING' && targetGroupArn === first?.targetGroupArn,
  );
  return fleets.map(({ definition }) => definition.taskDefinitionArn?.replace(/^.*\//, '')).join();
};

export const before = `${family}:1`;
export const after = `${family}:2`;

const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' };

/** The client of somebody else. */
export const ecsOf = ({ aws }: Stage): ECS =>
  new ECS({ region: aws.region, credentials, requestHandler: aws.handler as never });

/** Somebody else's deployment of what runs already. */
export const compete = (stage: Stage) =>
  ecsOf(stage).updateService({ cluster: 'EcsCluster', service: 'EcsService', forceNewDeployment: true });

import { followRealTime, SimulationClock } from '../aws/clock';
import type { Seeded, TaskRuntime } from '../aws/compute';
import { createEmbeddedAws, type EmbeddedAws } from '../aws/embedded';
import type { Variables } from '../workflow/environment';

/** How many times as fast as real time the embedded AWS runs: its minute is a second. */
export const scale = 60;

/** The names in the workflow file of this project. */
export const names = {
  repository: 'codecatalyst-ecs-image-repo',
  application: 'tutorial-bluegreen-app',
  group: 'tutorial-bluegreen-dg',
} as const;

export interface TutorialAws {
  readonly aws: EmbeddedAws;
  readonly seeded: Seeded;
  readonly endpoint: string;
  /** `127.0.0.1:PORT`, the host of the image registry. */
  readonly registryHost: string;
  /** Variables for the actions of a workflow. CodeCatalyst gives no region, so there is none. */
  readonly variables: Variables;
  close(): Promise<void>;
}

export interface TutorialAwsOptions {
  /** Runs the tasks; without it they are state only. */
  readonly runtime?: TaskRuntime;
  /** What the first revision of the service runs. */
  readonly firstImage?: string;
}

/**
 * An embedded AWS on loopback with the tutorial's service, which moves its traffic in steps of 10 % a minute, and an
 * empty repository. Its time follows the real one, `scale` times as fast.
 */
export async function openTutorialAws({ runtime, firstImage }: TutorialAwsOptions = {}): Promise<TutorialAws> {
  const clock = new SimulationClock(Date.now());
  const aws = createEmbeddedAws({ clock, compute: { ...(runtime && { runtime }) } });
  const stopClock = followRealTime(clock, scale);
  const seeded = await aws.compute.seedTutorial({
    application: names.application,
    group: names.group,
    deploymentConfig: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
    terminationWait: 1,
    ...(firstImage !== undefined && { image: firstImage }),
  });
  aws.ecr.createRepository(names.repository);
  const { endpoint, registryHost, env, close } = await aws.listen();
  const { AWS_REGION: _region, ...variables } = env;
  return {
    aws,
    seeded,
    endpoint,
    registryHost,
    variables,
    async close() {
      stopClock();
      await close();
    },
  };
}

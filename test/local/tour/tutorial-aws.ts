import { followRealTime, SimulationClock } from '../aws/clock';
import type { Seeded } from '../aws/compute';
import { createEmbeddedAws, type EmbeddedAws } from '../aws/embedded';
import { type BaseImage, seedBaseImage } from '../aws/registry/seed';
import { noCredentials, type Variables } from '../runner/environment';
import { baseImage } from './task-images';
import { createTaskRuntime } from './task-runtime';
import { chooseWay, type WayOfTasks } from './way-of-tasks';

/** How many times as fast as real time the embedded AWS runs, unless it is slowed down: its minute is a second. */
export const scale = 60;

/** The names in the workflow file of this project. */
export const names = {
  repository: 'codecatalyst-ecs-image-repo',
  application: 'tutorial-bluegreen-app',
  group: 'tutorial-bluegreen-dg',
  /** A CloudWatch alarm on the answers of the service that are errors; the deployment group watches it. */
  alarm: 'EcsService-5xx',
} as const;

export interface TutorialAws {
  readonly aws: EmbeddedAws;
  /** Its time. */
  readonly clock: SimulationClock;
  readonly seeded: Seeded;
  readonly endpoint: string;
  /** An image of the embedded registry that a Dockerfile can begin with when there is no network. */
  readonly base: string;
  /** Variables for the actions of a workflow. CodeCatalyst provides no region, so none is set. */
  readonly variables: Variables;
  /** What a task is on this machine; absent where tasks are state only. */
  readonly tasksAre?: string;
  /** From now on its time runs so many times as fast as the real one. */
  runAt(scale: number): void;
  close(): Promise<void>;
}

/** The container of the sample's own task definition, so that a deployment changes its image and nothing else. */
const container = {
  name: 'MyContainer',
  image: 'public.ecr.aws/nginx/nginx:1.27',
  essential: true,
  portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' as const }],
  logConfiguration: {
    logDriver: 'awslogs' as const,
    options: {
      'awslogs-group': '/ecs/CdkEcsInfraStackTaskDef',
      'awslogs-region': 'us-west-2',
      'awslogs-stream-prefix': 'web',
    },
  },
};

/** Has tasks run on this machine. Without it they are state only. */
export interface RealTasks {
  /** For what they need on disk. */
  readonly folder: string;
  /** What the service runs before the first deployment. */
  readonly first: BaseImage;
  /** Whether they may run as containers, where an engine can. */
  readonly containers: boolean;
}

/**
 * An embedded AWS on loopback with the tutorial's service, which moves its traffic in steps of 10 % a minute, and an
 * empty repository. Its time follows the real one, `scale` times as fast until `runAt` changes that.
 */
export async function openTutorialAws(tasks?: RealTasks): Promise<TutorialAws> {
  const clock = new SimulationClock(Date.now());
  let way: WayOfTasks | undefined;
  const runtime = createTaskRuntime((task, port) => way!.launch(task, port));
  const aws = createEmbeddedAws({ clock, compute: tasks ? { runtime } : {} });
  const { endpoint, registryHost, env, close } = await aws.listen();
  // Whatever ends this process, its blobs go with it.
  const removeBlobs = () => aws.ecr.blobs.close();
  process.once('exit', removeBlobs);
  const seed = async (image: BaseImage) => {
    await seedBaseImage(aws.ecr, image);
    return `${registryHost}/${image.repository}:${image.tag}`;
  };
  const first = tasks && (await seed(tasks.first));
  if (tasks && first) way = await chooseWay(aws.ecr, { ...tasks, image: first, registryHost });
  let stopClock = followRealTime(clock, scale);
  const seeded = await seedService(aws, first);
  const { AWS_REGION: _region, ...toAws } = env;
  // Nothing that the user has set for AWS may lead anywhere else.
  const variables = { ...noCredentials, ...toAws };
  return {
    aws,
    clock,
    seeded,
    endpoint,
    base: await seed(baseImage),
    variables,
    ...(way && { tasksAre: way.words }),
    runAt(factor) {
      stopClock();
      stopClock = followRealTime(clock, factor);
    },
    async close() {
      stopClock();
      await close();
      await way?.close();
      process.off('exit', removeBlobs);
    },
  };
}

function seedService({ ecr, compute }: EmbeddedAws, image: string | undefined): Promise<Seeded> {
  ecr.createRepository(names.repository);
  return compute.seedTutorial({
    application: names.application,
    group: names.group,
    deploymentConfig: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
    terminationWait: 1,
    alarms: [names.alarm],
    rollbackOn: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
    taskDefinition: { containerDefinitions: [{ ...container, ...(image !== undefined && { image }) }] },
  });
}

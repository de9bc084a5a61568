import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeDeploy } from '@aws-sdk/client-codedeploy';
import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { EcsServiceOptions, Scenario, Seeded, TutorialOptions } from '../local/aws/compute';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../local/aws/embedded';
import { runInProcess } from '../support/in-process';
import { type Ended, type Killable, plainEnvironment } from '../support/process';
import { atCall, type SignalAt } from './signal-at';

export const family = 'CdkEcsInfraStackTaskDef';
export const application = 'tutorial-bluegreen-app';
export const group = 'tutorial-bluegreen-dg';

export interface Act {
  /** Inputs that differ from those of the tutorial; '' leaves one out. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (output: string) => void;
  /** A signal that the run gets when a call of it arrives. */
  readonly signal?: SignalAt;
}

/** What a run of the action left. */
export interface Deployed {
  readonly status: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The HTML report; '' where there is none. */
  readonly report: string;
  /** The changes that this run asked for. */
  readonly changes: readonly string[];
}

/** The tutorial's service on an embedded AWS, and a source folder with its task definition. */
export interface Stage {
  readonly aws: EmbeddedAws;
  readonly seeded: Seeded;
  readonly folder: string;
  deploy(act?: Act): Promise<Deployed>;
  write(name: string, content: string | object): void;
  clear(): Promise<void>;
}

/** The service that is deployed to, as the embedded ECS keeps it. */
export const serviceOf = ({ aws, seeded }: Stage) => aws.compute.state.services.get(seeded.serviceArn)!;

const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' };

/** The client of somebody else. */
export const codeDeployOf = ({ aws }: Stage): CodeDeploy =>
  new CodeDeploy({ region: aws.region, credentials, requestHandler: aws.handler as never });

/** The same service under each controller. */
export const serviceUnder = {
  CODE_DEPLOY: {},
  ECS: { ecs: { deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 } } },
  rolling: { ecs: {} },
} as const satisfies Readonly<Record<string, StageOptions>>;

/** Denies calls to the role of the action. The answer allows them again. */
export function deny({ aws }: Pick<Stage, 'aws'>, ...calls: readonly string[]): () => void {
  const lifts = calls.map((on) => aws.faults.add({ on, times: 'always', effect: { kind: 'refuse' } }));
  return () => {
    for (const lift of lifts) lift();
  };
}

/** The task definition of the tutorial with another image than the one that runs. */
export const taskDefinition = (change: Partial<RegisterTaskDefinitionRequest> = {}): RegisterTaskDefinitionRequest => ({
  family,
  executionRoleArn: 'arn:aws:iam::123456789012:role/AppRole',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [container()],
  ...change,
});

export const container = (change: object = {}) => ({
  name: 'MyContainer',
  image: 'public.ecr.aws/nginx/nginx:1.28',
  essential: true,
  portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' as const }],
  logConfiguration: {
    logDriver: 'awslogs' as const,
    options: {
      'awslogs-group': `/ecs/${family}`,
      'awslogs-region': 'us-west-2',
      'awslogs-stream-prefix': 'ecs',
    },
  },
  ...change,
});

/** What runs already, with the image that was seeded. */
export const running = (image = 'public.ecr.aws/nginx/nginx:1.27') =>
  taskDefinition({ containerDefinitions: [container({ image })] });

/** An image by its digest: a service that runs it is left alone. */
export const pinned = `public.ecr.aws/nginx/nginx@sha256:${'1'.repeat(64)}`;

export interface StageOptions {
  readonly seed?: TutorialOptions;
  /** A service under the ECS controller instead of the tutorial's. */
  readonly ecs?: EcsServiceOptions;
  readonly play?: Scenario;
  /** Default us-west-2. */
  readonly region?: string;
  /** Runs the action; in this process unless told otherwise. */
  readonly run?: RunDeploy;
}

/** One run of the action, with everything that it is given. */
export interface DeployRun {
  readonly aws: EmbeddedAws;
  readonly endpoint: Endpoint;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly onOutput?: (output: string) => void;
  readonly onStart?: (run: Killable) => void;
}

export type RunDeploy = (run: DeployRun) => Promise<Ended>;

/** In this process, on the clock of the embedded AWS; over HTTP only where the test names another address of AWS. */
const runHere: RunDeploy = ({ aws, endpoint, ...run }) => {
  const isAway = run.env['AWS_ENDPOINT_URL'] !== endpoint.endpoint;
  return runInProcess('ecs-bluegreen-deploy', { ...run, clock: aws.clock, handler: isAway ? undefined : aws.handler });
};

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const aws = createEmbeddedAws(options.region === undefined ? {} : { region: options.region });
  const { compute } = aws;
  const seeded = await (options.ecs ? compute.seedEcsService(options.ecs) : compute.seedTutorial(options.seed));
  if (options.play) aws.compute.play(options.play);
  const endpoint = await aws.listen();
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  const write = (name: string, content: string | object) =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  write('task.json', taskDefinition());
  return {
    aws,
    seeded,
    folder,
    write,
    deploy: async (act = {}) => {
      const before = aws.mutations().length;
      // With an argument the action is a command, on CodeCatalyst too.
      const isAction = Object.keys(act.env ?? {}).some((name) => name.startsWith('CATALYST_'));
      const ended = await (options.run ?? runHere)({
        aws,
        endpoint,
        env: {
          ...plainEnvironment,
          ...endpoint.env,
          ...act.env,
          ...variables({ ...(options.ecs ? named : tutorial), ...act.inputs }),
        },
        args: isAction ? [] : ['--json'],
        cwd: folder,
        ...(act.onOutput && { onOutput: act.onOutput }),
        ...(act.signal && { onStart: atCall(aws, act.signal) }),
      });
      const outputs = ended.stdout.startsWith('{') ? (JSON.parse(ended.stdout) as Record<string, string>) : {};
      const report = outputs['report'] ? readFileSync(outputs['report'], 'utf8') : '';
      const changes = aws
        .mutations()
        .slice(before)
        .map(({ operation }) => operation);
      return { status: ended.status, log: ended.output, outputs, report, changes };
    },
    clear: async () => {
      await aws.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const named: Readonly<Record<string, string>> = {
  service: 'EcsService',
  cluster: 'EcsCluster',
  'task-definition': 'task.json',
  // A twelfth of the calls of the default.
  'poll-interval-seconds': '60',
};

/** Inputs of a run that polls as often as it does where nobody says how often. */
export const defaultPace: Readonly<Record<string, string>> = { 'poll-interval-seconds': '' };

/** Inputs of a run that must see what is over within a minute. */
export const closePace: Readonly<Record<string, string>> = { 'poll-interval-seconds': '15' };

/** Inputs of a run that lasts for hours. */
export const widePace: Readonly<Record<string, string>> = { 'poll-interval-seconds': '300' };

const tutorial: Readonly<Record<string, string>> = {
  ...named,
  'codedeploy-application': application,
  'codedeploy-deployment-group': group,
};

const variables = (inputs: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

/** The deployments of CodeDeploy with their ends, in the order of their creation. */
export const deployments = ({ aws }: Stage) =>
  aws.compute.state.deployments.map(({ creator, status }) => `${creator} ${status}`);

/** The revision that takes the production traffic in the end. */
export const servingRevision = ({ aws, seeded }: Stage): string | undefined => {
  const service = aws.compute.state.services.get(seeded.serviceArn);
  const [first] = aws.compute.traffic(seeded.productionListenerArn).filter(({ weight }) => weight > 0);
  const fleet = service?.fleets.find(({ targetGroupArn }) => targetGroupArn === first?.targetGroupArn);
  return fleet?.definition.taskDefinitionArn?.replace(/^.*\//, '');
};

/** Runs a test on a stage of its own. */
export const on =
  (options: Parameters<typeof setStage>[0], test: (stage: Stage) => Promise<void>) => async (): Promise<void> => {
    const stage = await setStage(options);
    try {
      await test(stage);
      expectAllHappened(stage);
    } finally {
      await stage.clear();
    }
  };

/** A fault or moment that never came shows nothing. @throws Error that names it */
function expectAllHappened({ aws: { faults, moments } }: Stage): void {
  const [never] = [...faults.pending(), ...moments.pending()];
  if (never) throw new Error(`the test waits for this, and it never happened: ${JSON.stringify(never)}`);
}

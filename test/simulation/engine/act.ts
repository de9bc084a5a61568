import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended } from '../../support/process';
import { imageOf } from '../oracle/images';
import { secrets } from '../oracle/secrets';
import type { RunSpec, WorldSpec } from '../spec';
import { names } from './build-world';

export const images = {
  running: 'public.ecr.aws/nginx/nginx:1.27',
  new: 'public.ecr.aws/nginx/nginx:1.28',
  newer: 'public.ecr.aws/nginx/nginx:1.29',
} as const satisfies Record<RunSpec['content'], string>;

/** A folder with what a run deploys. */
export function prepareFolder(root: string, { name, content, mistake }: RunSpec): string {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'task.json'), JSON.stringify(taskDefinition(imageOf[content], mistake)));
  return folder;
}

const family = 'CdkEcsInfraStackTaskDef';

const taskDefinition = (image: string, mistake: RunSpec['mistake']) => ({
  family,
  executionRoleArn: 'arn:aws:iam::123456789012:role/AppRole',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: mistake === 'memory' ? '100' : '512',
  containerDefinitions: [
    {
      name: mistake === 'container' ? 'Another' : 'MyContainer',
      image,
      essential: true,
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': `/ecs/${family}`,
          'awslogs-region': 'us-west-2',
          'awslogs-stream-prefix': 'ecs',
        },
      },
    },
  ],
});

/** The environment that its host gives a run. */
export function environmentOf({ host }: RunSpec, folder: string): Record<string, string> {
  const common = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TMPDIR: folder,
    AWS_REGION: 'us-west-2',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'AKIASIMULATED',
    AWS_SECRET_ACCESS_KEY: secrets.key,
    AWS_SESSION_TOKEN: secrets.token,
    NODE_NO_WARNINGS: '1',
  };
  if (host === 'codecatalyst') {
    return {
      ...common,
      CATALYST_SOURCE_DIR_WorkflowSource: folder,
      CATALYST_DEFAULT_DIR: folder,
      CATALYST_PROJECT: 'p',
    };
  }
  if (host !== 'github') return common;
  return {
    ...common,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
    GITHUB_OUTPUT: join(folder, 'outputs'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  };
}

/** The inputs of a run, as its host hands them over. */
export function inputsOf(run: RunSpec, { controller }: WorldSpec): Record<string, string> {
  const inputs: Record<string, string> = {
    service: run.mistake === 'service' ? 'NoSuchService' : names.service,
    cluster: names.cluster,
    'task-definition': run.mistake === 'revision' ? `${family}:99` : 'task.json',
    'wait-until': run.waitUntil,
    'wait-for-minutes': String(run.waitForMinutes),
    'if-deploying': run.ifDeploying,
    'force-new-deployment': String(run.force),
    'dry-run': String(run.dryRun),
    ...(run.preDeploy && { 'pre-deploy-command': 'MyContainer: npm run migrate' }),
    'rollback-on': [...run.rollbackOn, ...alarmsOf(run)].join(', '),
    ...(run.host !== 'codecatalyst' && { 'poll-interval-seconds': String(run.pollSeconds) }),
    ...(controller === 'CODE_DEPLOY' && {
      'codedeploy-application': names.application,
      'codedeploy-deployment-group': names.group,
    }),
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

const alarmsOf = ({ alarms }: RunSpec): readonly string[] =>
  alarms === 'as they are' ? [] : [alarms === 'off' ? 'alarm:off' : `alarm:${names.alarm}`];

/** The outputs as the host reads them. */
export function outputsIn({ stdout }: Ended, { host }: RunSpec, folder: string): Record<string, string> {
  if (host === 'shell') return stdout.startsWith('{') ? (JSON.parse(stdout) as Record<string, string>) : {};
  const text = host === 'github' ? readIfThere(join(folder, 'outputs')) : stdout;
  const entries = host === 'github' ? text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm) : commands(text);
  return Object.fromEntries([...entries].map(([, name, , value]) => [name ?? '', value ?? '']));
}

function* commands(text: string) {
  for (const [line, name, value] of text.matchAll(/^::set-output name=([\w-]+)::(.*)$/gm))
    yield [line, name, '', value];
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

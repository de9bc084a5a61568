import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws } from '../local/aws/embedded';
import { seedBaseImage } from '../local/aws/registry/seed';
import { baseImage } from '../local/tour/task-images';
import { blocksOf } from '../support/doc-blocks';
import { projectRoot } from '../support/project-files';

const commands = blocksOf(readFileSync(join(projectRoot, 'docs/getting-started.md'), 'utf8')).filter(
  ({ language }) => language === 'sh',
);
const drivenClock = `--require ${join(__dirname, '../support/driven-clock.cjs')}`;

/** What the stacks of the guide would have made. */
async function createStacks({ compute, ecr }: EmbeddedAws): Promise<void> {
  ecr.createRepository('sample-web');
  const names = { cluster: 'sample', container: 'web', desiredCount: 2 };
  await compute.seedTutorial({
    ...names,
    service: 'sample-web',
    family: 'sample-web',
    application: 'sample-web-app',
    group: 'sample-web-group',
    deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes',
    terminationWait: 5,
    alarms: ['sample-web-5xx'],
  });
  await compute.seedEcsService({
    ...names,
    service: 'sample-native',
    family: 'sample-native',
    deployment: {
      strategy: 'CANARY',
      bakeTimeInMinutes: 5,
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
    },
  });
}

describe('docs/getting-started.md, command by command', () => {
  let temp: string;
  let aws: EmbeddedAws;
  let out = '';
  let status: number | null;
  beforeAll(async () => {
    temp = mkdtempSync(join(tmpdir(), 'guide-'));
    mkdirSync(join(temp, 'home'));
    aws = createEmbeddedAws();
    await createStacks(aws);
    await seedBaseImage(aws.ecr, baseImage);
    const { endpoint, registryHost, env } = await aws.listen();
    const base = `${registryHost}/${baseImage.repository}:${baseImage.tag}`;
    // The network of the sample's base image is not here.
    const baseIsHere = `sed -i 's|^ARG BASE=.*|ARG BASE=${base}|' ~/sample-web/Dockerfile\n`;
    const script = commands.map(({ text }) => (text.includes('cp -R') ? text + baseIsHere : text)).join('\n');
    const child = spawn('sh', ['-eu', '-c', script], {
      cwd: temp,
      env: {
        ...env,
        PATH: `${join(__dirname, '../support/stand-ins')}:${process.env['PATH']}`,
        HOME: join(temp, 'home'),
        TMPDIR: temp,
        NODE_OPTIONS: drivenClock,
        EMBEDDED_CLOCK_URL: endpoint,
        PROJECT: projectRoot,
        AWS_CALLS: join(temp, 'aws-calls'),
        REPOSITORY: 'https://example.com/ecs-delivery-actions.git',
        GITHUB_REPOSITORY: 'owner/application',
      },
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (out += text));
    status = await new Promise((resolve) => child.once('close', resolve));
  }, 120_000);
  afterAll(async () => {
    await aws.close();
    rmSync(temp, { recursive: true });
  });

  it('runs to its end', () => {
    expect(`exit status ${status}: ${out.slice(-3_000)}`).toMatch(/^exit status 0:/);
  });

  it('deploys the image that it has built, under both controllers', () => {
    const [image] = /sample-web@sha256:[0-9a-f]{64}/.exec(out) ?? [];
    for (const name of ['sample-web', 'sample-native']) {
      const service = [...aws.compute.state.services.values()].find((one) => one.name === name);
      const primary = service?.fleets.find(({ status: of }) => of === 'PRIMARY');
      expect(primary?.definition.containerDefinitions?.[0]?.image).toContain(image);
      expect(primary?.definition.executionRoleArn).toBe('arn:aws:iam::123456789012:role/sample-ExecutionRole');
    }
    expect(out).toMatch(/blue +90% ░{18}██ 10% green/);
  });

  it('creates stacks from templates that are there, with parameters that they have, and deletes all of them', () => {
    const calls = readFileSync(join(temp, 'aws-calls'), 'utf8').trim().split('\n');
    const stackOf = (call: string) => /--stack-name (\S+)/.exec(call)![1]!;
    const created = calls.filter((call) => call.startsWith('cloudformation deploy'));
    for (const call of created) {
      const template = readFileSync(/--template-file (\S+)/.exec(call)![1]!, 'utf8');
      if (template.includes('AWS::IAM::Role')) expect(call).toContain('--capabilities CAPABILITY_IAM');
      const given = (/--parameter-overrides (.*)$/.exec(call)?.[1] ?? '').split(' ').filter(Boolean);
      const parameters = template.split(/^Parameters:$/m)[1]!.split(/^\w/m)[0]!;
      for (const parameter of given) expect(parameters).toMatch(new RegExp(`^  ${parameter.split('=')[0]}:$`, 'm'));
    }
    const deleted = calls.filter((call) => call.startsWith('cloudformation delete-stack')).map(stackOf);
    expect([...deleted].sort()).toEqual(created.map(stackOf).sort());
    expect(deleted.at(-1)).toBe('sample');
  });
});

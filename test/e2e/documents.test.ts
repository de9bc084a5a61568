import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { createEmbeddedAws, type EmbeddedAws } from '../local/aws/embedded';
import { type ActionName, actionBundle } from '../support/bundles';
import { type Block, blocksOf } from '../support/doc-blocks';
import { fargateTask } from '../support/fargate-task';
import { workflowFile } from '../support/workflow-scene';

const page = 'docs/hosts.md';
const names: readonly ActionName[] = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

/** The commands of a script of GitLab or CodeBuild. */
function commandsIn({ text }: Block): readonly string[] {
  const { phases, deploy } = parse(text) as {
    readonly phases?: Readonly<Record<string, { readonly commands: readonly string[] }>>;
    readonly deploy?: { readonly script: readonly string[] };
  };
  return phases ? Object.values(phases).flatMap(({ commands }) => commands) : (deploy?.script ?? []);
}

const blocks = blocksOf(workflowFile(page));
const scripts = blocks
  .filter(({ language }) => language === 'yaml')
  .flatMap((block) => (commandsIn(block).length > 0 ? [[`${page}:${block.line}`, commandsIn(block)] as const] : []));
const shells = blocks
  .filter(({ language }) => language === 'sh')
  .map(({ line, text }) => [`${page}:${line}`, [text]] as const);

let folder: string;
let aws: EmbeddedAws;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
  aws = createEmbeddedAws();
});
afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** A program on the PATH of the script. */
function install(name: string, text: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

/** Runs the commands as a job does, with the actions installed and time that does not have to be waited for. */
async function run(commands: readonly string[]) {
  const { endpoint, env } = await aws.listen();
  mkdirSync(join(folder, 'bin'));
  for (const name of names) install(name, `exec '${process.execPath}' '${actionBundle(name)}' "$@"`);
  install('npm', 'echo "npm $*"');
  install('aws', `echo '${JSON.stringify(fargateTask('web'))}'`);
  writeFileSync(join(folder, 'task.json'), JSON.stringify(fargateTask('web')));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY task.json /\n');
  const child = spawn('sh', ['-eu', '-c', commands.join('\n')], {
    cwd: folder,
    env: {
      ...env,
      AWS_REGION: 'us-west-2',
      IMAGE: `public.ecr.aws/team/web@${digest}`,
      CODEBUILD_RESOLVED_SOURCE_VERSION: 'c0ffee',
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      HOME: folder,
      TMPDIR: folder,
      INPUT_BUILDER: 'builtin',
      NODE_OPTIONS: `--require ${join(__dirname, '../support/driven-clock.cjs')}`,
      EMBEDDED_CLOCK_URL: endpoint,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const status = await new Promise((resolve) => child.once('close', resolve));
  return { status, output };
}

const digest = `sha256:${'1'.repeat(64)}`;

it.each(scripts)('the script of %s deploys', async (_, commands) => {
  aws.ecr.createRepository('web');
  const options = { cluster: 'prod', service: 'web', family: 'web', container: 'web' };
  await aws.compute.seedTutorial({ ...options, terminationWait: 1 });
  const { status, output } = await run(commands);
  expect({ status, end: output.slice(-2_000) }).toMatchObject({ status: 0 });
  const [deployment] = aws.compute.state.deployments;
  expect(deployment?.status).toBe('Succeeded');
  expect(deployment?.green?.definition.containerDefinitions?.[0]?.image).toMatch(/\/web@sha256:\w{64}$/);
});

it.each(shells)('the commands of %s run', async (_, commands) => {
  const { status, output } = await run(commands);
  expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining('"family":"web"') });
});

it('there are two scripts and some commands', () => {
  expect([scripts.length, shells.length]).toEqual([2, 1]);
});

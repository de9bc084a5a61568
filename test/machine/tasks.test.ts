import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws } from '../local/aws/embedded';
import { seedBaseImage } from '../local/aws/registry/seed';
import { findEngine } from '../local/tour/launch-container';
import { firstImage } from '../local/tour/task-images';
import { createTaskRuntime } from '../local/tour/task-runtime';
import { missing, type Server, startDocker } from './build-servers';

const sample = join(__dirname, '../local/sample');

let folder: string;
let aws: EmbeddedAws;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tasks-test-'));
  aws = createEmbeddedAws();
});
afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** Runs a task of the sample's image as a container, asks for its page, and stops it. */
async function expectContainers(engineName: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { registryHost: host } = await aws.listen();
  const { repository, tag } = firstImage(sample, 'Here');
  await seedBaseImage(aws.ecr, firstImage(sample, 'Here'));
  const task = { arn: 'task', image: `${host}/${repository}:${tag}`, environment: {}, containerPort: 80 };
  const registry = { host, password: aws.ecr.tokens.issue().password };
  const engine = await findEngine(task, { env, folder, registry });
  if ('none' in engine) throw new Error(engine.none);
  expect(engine.name).toBe(engineName);
  const runtime = createTaskRuntime(engine.launch);
  const addresses = await Promise.all([runtime.start(task), runtime.start({ ...task, arn: 'other' })]);
  for (const { host, port } of addresses) {
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toContain('Here');
  }
  const asked = (...words: string[]) => execFileSync(engineName, words, { env }).toString();
  expect(asked('ps', '--format', '{{.Image}}').split('\n')).toContain(task.image);
  await Promise.all([runtime.stop('task'), runtime.stop('other')]);
  await engine.close();
  expect(asked('ps', '--all', '--format', '{{.Image}}').split('\n')).not.toContain(task.image);
  expect(asked('images', '--format', '{{.Repository}}').split('\n')).not.toContain(`${host}/${repository}`);
}

const notRoot = process.getuid?.() === 0 ? undefined : 'not root';

describe('tasks as containers of docker', () => {
  const reason = missing('dockerd') ?? notRoot;
  if (reason) return it.todo(`is left out: ${reason}`);
  let daemon: Server | undefined;
  afterEach(() => daemon?.stop());
  it('serve, and leave neither container nor image', async () => {
    daemon = await startDocker();
    await expectContainers('docker', { ...process.env, DOCKER_HOST: daemon.address });
  });
});

describe('tasks as containers of podman', () => {
  const reason = missing('podman', 'runc') ?? notRoot;
  if (reason) return it.todo(`is left out: ${reason}`);
  // Nobody answers for docker.
  const env = { ...process.env, DOCKER_HOST: 'unix:///nonexistent' };
  it('serve, and leave neither container nor image', () => expectContainers('podman', env));

  it('carry npm start, which loses no request and leaves no container', async () => {
    const out = execFileSync('npm', ['start', '--silent'], { cwd: join(__dirname, '../..'), env }).toString();
    expect(out).toContain('Each task of the service is a container of podman,');
    expect(out).toMatch(/^Requests: .* New York \d+, status 500 \d+; lost: 0\./m);
    expect(execFileSync('podman', ['ps', '--all', '--format', '{{.Names}}']).toString()).not.toContain('ecs-start-');
  });
});

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openScene, type Scene } from '../scenarios/build-scene';
import { processEnd } from '../support/process';

const fake = join(__dirname, '../support/build-fake-docker.cjs');
let scene: Scene;
let notes: string;

beforeEach(async () => {
  scene = await openScene();
  notes = join(scene.source, '..', 'notes');
  const programs = join(scene.source, '..', 'programs');
  mkdirSync(programs);
  chmodSync(fake, 0o755);
  symlinkSync(fake, join(programs, 'docker'));
  // The machine's own engines must not answer.
  for (const name of ['finch', 'podman', 'buildah']) {
    writeFileSync(join(programs, name), '#!/bin/sh\necho it cannot >&2\nexit 1\n', { mode: 0o755 });
  }
});
afterEach(() => scene.close());

interface Note {
  readonly words: readonly string[];
  readonly config?: string;
  readonly buildkit?: string;
}
const noted = () =>
  readFileSync(notes, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Note);
const environment = (more: Record<string, string> = {}) => ({
  PATH: `${join(scene.source, '..', 'programs')}:${process.env['PATH']}`,
  FAKE_DOCKER_NOTES: notes,
  ...more,
});
const run = (inputs: Record<string, string>, env: Record<string, string> = {}) =>
  scene.runBundle({ builder: 'docker', ...inputs }, { env: environment(env) });
const digestOf = (tag: string) => scene.aws.ecr.repository('team/app').tags.get(tag);

describe('docker', () => {
  it('builds with buildx, in the words that the inputs ask for, and pushes each tag', async () => {
    const inputs = {
      tags: 'v1,v2',
      target: 'web',
      'build-args': 'A=b c\nD="$(id)"',
      labels: 'x=y',
      'build-options': "--no-cache --network 'host'",
    };
    const result = await run(inputs, { FAKE_DOCKER_BUILDX: '0.12.1' });
    expect([result.status, result.errors]).toEqual([0, []]);
    const { registryHost } = scene.endpoint;
    expect(noted().map(({ words }) => words)).toEqual([
      ['version', '--format', '{{json .}}'],
      ['buildx', 'version'],
      ['buildx', 'inspect'],
      ['info', '--format', '{{json .DriverStatus}}'],
      ['login', '--username', 'AWS', '--password-stdin', registryHost],
      [
        ...['buildx', 'build', '--load', '--progress=plain', '--provenance=false', '--sbom=false'],
        ...['--file', join(scene.source, 'Dockerfile'), '--target', 'web'],
        ...['--build-arg', 'A=b c', '--build-arg', 'D="$(id)"'],
        ...['--label', `org.opencontainers.image.revision=${scene.commit}`],
        ...['--label', 'org.opencontainers.image.source=https://example.com/team/app.git', '--label', 'x=y'],
        ...['--tag', `${registryHost}/team/app:v1`, '--tag', `${registryHost}/team/app:v2`],
        ...['--no-cache', '--network', 'host', scene.source],
      ],
      ['push', `${registryHost}/team/app:v1`],
      ['push', `${registryHost}/team/app:v2`],
    ]);
    expect(result.outputs).toMatchObject({
      IMAGE: `${registryHost}/team/app@${digestOf('v1')}`,
      'image-tags': 'v1,v2',
    });
    expect(result.stdout).toContain('builder: docker 24.0.9 with buildx 0.12.1');
  });

  it.each([
    ['24.0.9', undefined, '0', ['build', '--file'], 'with the classic builder'],
    ['20.10.24', undefined, '1', ['build', '--progress=plain', '--file'], 'with BuildKit'],
    ['20.10.24', '0.9.1', undefined, ['buildx', 'build', '--load', '--progress=plain', '--file'], 'with buildx 0.9.1'],
  ])('client %s with buildx %s', async (client, buildx, buildkit, words, said) => {
    const result = await run(
      { tags: 'v1' },
      { FAKE_DOCKER_CLIENT: client, ...(buildx && { FAKE_DOCKER_BUILDX: buildx }) },
    );
    expect(result.status).toBe(0);
    const build = noted().find((note) => note.words.includes('--file'))!;
    expect([build.words.slice(0, words.length), build.buildkit]).toEqual([words, buildkit]);
    expect(result.stdout).toContain(said);
  });

  it('shows the output of the build, and keeps it from forging outputs', async () => {
    const result = await run({ tags: 'v1' });
    expect(result.stdout).toContain('set-output name=IMAGE::evil');
    expect(result.outputs['IMAGE']).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  it('pushes again where the registry fails for a while', async () => {
    scene.aws.faults.add({ on: 'registry:PUT manifests', effect: { kind: 'status', status: 503 } });
    const result = await run({ tags: 'v1' });
    expect([result.status, result.errors]).toEqual([0, []]);
    expect(noted().filter(({ words }) => words[0] === 'push')).toHaveLength(2);
    expect(result.outputs['image-digest']).toBe(digestOf('v1'));
  });

  it('believes the registry, not docker, about the digest', async () => {
    scene.aws.faults.add({ on: 'registry:HEAD manifests', effect: { kind: 'wrong-digest' } });
    const result = await run({ tags: 'v1' });
    expect([result.status, result.outputs['IMAGE']]).toEqual([1, undefined]);
    expect(result.errors).toEqual([expect.stringContaining('cannot confirm')]);
  });

  it('says at which step the build failed', async () => {
    const result = await run({ tags: 'v1' }, { FAKE_DOCKER_BUILD: 'fail' });
    expect(result.status).toBe(1);
    expect(result.errors).toEqual([
      "Error: cannot build Dockerfile: docker ended with status 1 at Step 2/3 : RUN false: The command '/bin/sh -c false' returned a non-zero code: 1; see the output above",
    ]);
    expect(scene.aws.mutations()).toEqual([]);
    expect(readdirSync(scene.temp)).toEqual([]);
  });
});

describe('which builder', () => {
  it('auto takes builtin where only the command line of docker is there', async () => {
    const result = await run({ builder: 'auto', tags: 'v1' }, { FAKE_DOCKER_DAEMON: 'none' });
    expect(result.status).toBe(0);
    expect(result.stdout).toMatch(
      /not docker: Cannot connect to the Docker daemon.*\n.*not finch: .*\n.*not podman: .*\n.*not buildah: .*\nbuilder: builtin/,
    );
  });

  it('says why docker was not taken where builtin cannot build', async () => {
    scene.write({ Dockerfile: 'FROM scratch\nRUN x\n' });
    const result = await run({ builder: 'auto' }, { FAKE_DOCKER_DAEMON: 'none' });
    expect(result.status).toBe(2);
    expect(result.errors[0]).toMatch(/Dockerfile:2 RUN: .*\(docker: Cannot connect to the Docker daemon/);
  });

  it('refuses a builder that does not answer', async () => {
    const result = await run({}, { FAKE_DOCKER_DAEMON: 'none' });
    expect([result.status, result.errors[0]]).toEqual([
      2,
      expect.stringMatching(/builder: does not answer: docker: Cannot connect/),
    ]);
    const missing = await scene.runBundle({ builder: 'docker' }, { env: { PATH: '/nonexistent' } });
    expect([missing.status, missing.errors.join()]).toEqual([
      2,
      expect.stringContaining('docker: docker is not installed'),
    ]);
  });

  it('takes no option whose quote is never closed', async () => {
    const result = await scene.runBundle({ 'build-options': '--label "a=b' });
    expect([result.status, result.errors[0]]).toEqual([
      2,
      expect.stringContaining('build-options: has a quote (") that is never closed'),
    ]);
  });

  it('refuses options of a command line for builtin', async () => {
    const result = await scene.runBundle({ 'build-options': '--no-cache' });
    expect([result.status, result.errors[0]]).toEqual([
      2,
      expect.stringContaining('build-options: builtin takes no options; use a builder that can: docker, finch'),
    ]);
  });
});

describe('the password', () => {
  it('is in no argument, no output and no file that is left', async () => {
    const home = join(scene.temp, 'home');
    mkdirSync(home);
    const result = await run({ tags: 'v1' }, { HOME: home });
    expect(result.status).toBe(0);
    const [password, ...more] = scene.aws.ecr.tokens.issued();
    expect(more).toEqual([]);
    for (const secret of [password!, Buffer.from(`AWS:${password}`).toString('base64')]) {
      expect(result.output).not.toContain(secret);
      expect(readFileSync(notes, 'utf8')).not.toContain(secret);
    }
    const configs = new Set(
      noted().flatMap(({ config, words }) => (['login', 'build', 'push'].includes(words[0]!) ? config : [])),
    );
    expect([...configs]).toEqual([expect.stringContaining(scene.temp)]);
    expect([...configs].map((folder) => existsSync(folder!))).toEqual([false]);
    expect([readdirSync(scene.temp), readdirSync(home)]).toEqual([['home'], []]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is gone after %s, and so is the build', async (signal) => {
    let child = 0;
    const result = await scene.runBundle(
      { builder: 'docker', tags: 'v1' },
      {
        env: environment({ FAKE_DOCKER_BUILD: 'hang' }),
        onOutput(output, action) {
          const [, pid] = /child (\d+)/.exec(output) ?? [];
          if (pid === undefined || child !== 0) return;
          child = Number(pid);
          action.kill(signal);
        },
      },
    );
    expect(result.status).toBe(signal === 'SIGTERM' ? 143 : 130);
    expect(child).toBeGreaterThan(0);
    await processEnd(child);
    expect(readdirSync(scene.temp)).toEqual([]);
    expect(scene.aws.mutations()).toEqual([]);
  });
});

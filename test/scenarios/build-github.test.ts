import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runHere } from '../support/in-process';
import { openScene, type Scene } from './build-scene';

/** build-and-push as a workflow of docker/build-push-action starts it with only its `uses:` line changed. */

const fake = join(__dirname, '../support/build-fake-docker.cjs');
let scene: Scene;
let place: string;

beforeEach(async () => {
  scene = await openScene();
  place = join(scene.source, '..');
  mkdirSync(join(place, 'programs'));
  chmodSync(fake, 0o755);
  symlinkSync(fake, join(place, 'programs/docker'));
});
afterEach(() => scene.close());

interface Note {
  readonly words: readonly string[];
  readonly builder?: string;
  readonly secrets: Readonly<Record<string, string>>;
}

const builder = { FAKE_DOCKER_BUILDX: '0.24.0', FAKE_DOCKER_DRIVER: 'docker-container' };
const cacheService = { ACTIONS_RUNTIME_TOKEN: 'runtime', ACTIONS_RESULTS_URL: 'https://results.example' };

/** The outputs of the heredoc form. */
const outputsIn = (text: string) =>
  Object.fromEntries([...text.matchAll(/^([\w-]+)<<(\S+)\n(.*?)\n\2$/gms)].map(([, name, , value]) => [name, value]));

async function run(inputs: Record<string, string>, env: Record<string, string | undefined> = {}) {
  const [notes, file] = [join(place, 'notes'), join(place, 'outputs')];
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const ended = await runHere('build-and-push', [], {
    cwd: scene.source,
    env: {
      ...scene.endpoint.env,
      PATH: `${join(place, 'programs')}:${process.env['PATH']}`,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: scene.source,
      GITHUB_OUTPUT: file,
      RUNNER_TEMP: scene.temp,
      TMPDIR: scene.temp,
      DOCKER_CONFIG: join(place, '.docker'),
      FAKE_DOCKER_NOTES: notes,
      ...builder,
      ...Object.fromEntries(variables),
      ...env,
    },
  });
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  const calls = read(notes)
    .split('\n')
    .flatMap((line): Note[] => (line ? [JSON.parse(line)] : []));
  return { ...ended, output: ended.stdout + ended.stderr, outputs: outputsIn(read(file)), calls };
}

const image = () => `${scene.endpoint.registryHost}/team/app`;
const buildOf = (calls: readonly Note[]) => calls.find(({ words }) => words.includes('--file'))!;
const valuesOf = ({ words }: Note, option: string) =>
  words.flatMap((word, at) => (words[at - 1] === option ? [word] : []));

describe('a step of docker/build-push-action', () => {
  it('builds and pushes what docker/metadata-action names, with its cache and secrets', async () => {
    const { status, calls, outputs, output } = await run(
      {
        context: '.',
        file: './Dockerfile',
        push: 'true',
        builder: 'builder-1',
        tags: `${image()}:1.2.3\n${image()}:latest`,
        labels: 'org.opencontainers.image.version=1.2.3\norg.opencontainers.image.description=Shop, "fast"',
        'cache-from': 'type=gha',
        'cache-to': `type=gha,mode=max\ntype=registry,ref=${image()}:cache`,
        secrets: 'TOKEN=hunter2-hunter2\n"KEY=line one\nline two"',
        'no-cache': 'false',
        pull: 'true',
        'add-hosts': 'db:10.0.0.2',
        'shm-size': '2g',
        'build-contexts': 'docs=public\nalpine=docker-image://alpine:3.20',
        'github-token': 'ghs_token',
      },
      cacheService,
    );
    expect([status, output.match(/^::error.*/gm)]).toEqual([0, null]);
    const build = buildOf(calls);
    expect(build.builder).toBe('builder-1');
    expect(valuesOf(build, '--tag')).toEqual([`${image()}:1.2.3`, `${image()}:latest`]);
    expect(valuesOf(build, '--label')).toContain('org.opencontainers.image.description=Shop, "fast"');
    expect(valuesOf(build, '--cache-from')).toEqual(['type=gha']);
    expect(valuesOf(build, '--cache-to')).toEqual([
      'type=gha,mode=max',
      `type=registry,ref=${image()}:cache,image-manifest=true,oci-mediatypes=true`,
    ]);
    expect(valuesOf(build, '--build-context')).toEqual([
      `docs=${join(scene.source, 'public')}`,
      'alpine=docker-image://alpine:3.20',
    ]);
    expect(build.words).toEqual(expect.arrayContaining(['--pull', '--add-host', '--shm-size']));
    expect(build.words).not.toContain('--no-cache');
    expect(valuesOf(build, '--secret')).toEqual(['id=TOKEN,env=BUILD_SECRET_0', 'id=KEY,env=BUILD_SECRET_1']);
    expect(build.secrets).toEqual({ BUILD_SECRET_0: 'hunter2-hunter2', BUILD_SECRET_1: 'line one\nline two' });
    expect(JSON.stringify(calls.map(({ words }) => words))).not.toMatch(/hunter2|line one|ghs_token/);
    expect(output.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/hunter2|line one|ghs_token/);
    const digest = scene.aws.ecr.repository('team/app').tags.get('latest');
    expect(outputs).toMatchObject({ digest, 'image-digest': digest, IMAGE: `${image()}@${digest}` });
    expect(outputs['imageid']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(JSON.parse(outputs['metadata']!)).toEqual({
      'containerimage.config.digest': outputs['imageid'],
      'containerimage.digest': digest,
      'image.name': `${image()}:1.2.3,${image()}:latest`,
    });
  });

  it('pushes what cannot be loaded by the builder, built once and with its attestations', async () => {
    const { status, calls } = await run({
      push: 'true',
      tags: `${image()}:v1`,
      platforms: 'linux/amd64,linux/arm64',
      provenance: 'mode=max',
      sbom: 'true',
      annotations: 'manifest:org.opencontainers.image.title=Shop',
      outputs: 'type=image,push=true,compression=zstd',
      'no-cache': 'true',
      'cache-to': 'type=inline\ntype=local,dest=/tmp/cache',
    });
    expect(status).toBe(0);
    const [build, push] = calls.filter(({ words }) => words.includes('--file'));
    expect(build!.words).toEqual(expect.arrayContaining(['--provenance=mode=max', '--sbom=true', '--no-cache']));
    expect(build!.words).not.toContain('--load');
    expect(valuesOf(push!, '--output')).toEqual(['type=image,push=true,compression=zstd']);
    expect(valuesOf(push!, '--cache-to')).toEqual(['type=inline']);
    expect(push!.words).not.toContain('--no-cache');
  });

  it('loads an image to be tested, and pushes nothing', async () => {
    const { status, calls, outputs } = await run({ load: 'true', tags: 'shop:test' });
    expect(status).toBe(0);
    expect(calls.map(({ words }) => words[0])).toEqual(['version', 'buildx', 'buildx', 'buildx']);
    expect(buildOf(calls).words).toContain('--load');
    expect(valuesOf(buildOf(calls), '--tag')).toEqual(['docker.io/library/shop:test']);
    expect(outputs).toMatchObject({
      'image-uri': 'docker.io/library/shop:test',
      imageid: expect.stringMatching(/^sha256/),
    });
    expect(outputs).not.toHaveProperty('digest');
  });

  it('builds for a pull request, which has no credentials', async () => {
    const nobody = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { status, output, calls } = await run({ push: 'false', tags: `${image()}:pr-1` }, nobody);
    expect(status).toBe(0);
    expect(output).toContain(`not logged in to ${scene.endpoint.registryHost}`);
    expect(calls.some(({ words }) => words[0] === 'login' || words[0] === 'push')).toBe(false);
  });

  it.each(['docker', 'builtin'])('pushes with the login that docker/login-action left, by %s', async (name) => {
    const { password } = scene.aws.ecr.tokens.issue();
    const auth = Buffer.from(`AWS:${password}`).toString('base64');
    mkdirSync(join(place, '.docker'));
    const config = { auths: { [scene.endpoint.registryHost]: { auth } } };
    writeFileSync(join(place, '.docker/config.json'), JSON.stringify(config));
    const nobody = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { status, outputs, output } = await run({ builder: name, push: 'true', tags: `${image()}:v1` }, nobody);
    expect([status, output.match(/^::error.*/gm)]).toEqual([0, null]);
    expect(outputs['digest']).toBe(scene.aws.ecr.repository('team/app').tags.get('v1'));
    const refused = await run({ builder: name, tags: `${image()}:v1`, 'scan-severity': 'high' }, nobody);
    expect(refused.status).toBe(2);
    expect(refused.output).toContain('scan-severity: needs calls of ECR, which docker login alone does not allow');
  });

  it('says that a cache of GitHub is not used where the environment has none', async () => {
    const { status, output } = await run({ tags: `${image()}:v1`, 'cache-to': 'type=gha,mode=max' });
    expect(status).toBe(0);
    expect(output).toContain('the cache of type=gha is not used: ACTIONS_RUNTIME_TOKEN is not set');
  });

  it('leaves out a secret that is empty, as in a build of a fork', async () => {
    const { status, output, calls } = await run({ tags: `${image()}:v1`, secrets: 'TOKEN=' });
    expect(status).toBe(0);
    expect(output).toContain('secrets: "TOKEN" is empty and left out');
    expect(valuesOf(buildOf(calls), '--secret')).toEqual([]);
  });
});

describe('what is refused before anything is built', () => {
  const several = { 'cache-to': 'type=gha', platforms: 'linux/amd64,linux/arm64', sbom: 'true', load: 'true' };
  it.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
    ['no name', {}, {}, /repository: is required and was not given; give it, or tags/],
    ['tags without a name', { tags: 'v1' }, {}, /repository: is required .* full name of the image in tags/],
    ['another registry', { tags: 'ghcr.io/o/app:v1' }, {}, /"ghcr.io\/o\/app" is not in Amazon ECR/],
    ['a check', { call: 'check' }, {}, /call: does not exist: this action builds/],
    ['an exported folder', { outputs: 'type=local,dest=out' }, {}, /outputs: .* writes files/],
    ['a context of Git', { context: 'https://github.com/o/app.git' }, {}, /context: .* check the repository out/],
    ['a context that is missing', { 'build-contexts': 'docs=nowhere' }, {}, /build-contexts: docs is not a directory/],
    ['two Dockerfiles', { file: 'a', dockerfile: 'b' }, {}, /file: cannot be combined with dockerfile/],
    ['two caches', { cache: 'inline', 'cache-to': 'type=gha' }, {}, /cache-to: cannot be combined with cache: inline/],
    ['no agent', { ssh: 'default' }, {}, /ssh: needs an agent, but SSH_AUTH_SOCK is not set/],
    [
      'no such builder',
      { builder: 'nowhere' },
      {},
      /builder: does not answer: docker: buildx has no builder "nowhere"/,
    ],
    ['the store of the daemon', several, { FAKE_DOCKER_DRIVER: 'docker' }, /cache-to: .* cannot keep a cache there/],
    [
      'the store of the daemon',
      several,
      { FAKE_DOCKER_DRIVER: 'docker' },
      /sbom: .* \| load: .* containerd image store/,
    ],
    ['builtin', { builder: 'builtin', ssh: 'default=/k', network: 'host' }, {}, /ssh: builtin .* \| network: builtin/],
  ])('%s: %j', async (_, inputs, env, reason) => {
    const given = 'tags' in inputs || Object.keys(inputs).length === 0 ? {} : { tags: `${image()}:v1` };
    const { status, output, calls } = await run({ ...given, ...inputs }, env);
    expect(status).toBe(2);
    expect(output).toMatch(reason);
    expect(calls.some(({ words }) => words.includes('--file') || words[0] === 'push')).toBe(false);
  });

  it('a workspace that is empty, with the step that fills it', async () => {
    const empty = join(place, 'empty');
    mkdirSync(empty);
    const { status, output } = await run({ tags: `${image()}:v1` }, { GITHUB_WORKSPACE: empty });
    expect(status).toBe(2);
    expect(output).toMatch(/context: has no files, .* \(actions\/checkout\)/);
  });

  it('is built with the containerd image store', async () => {
    const env = { FAKE_DOCKER_DRIVER: 'docker', FAKE_DOCKER_STORE: 'io.containerd.snapshotter.v1' };
    const { status, calls } = await run(
      { tags: `${image()}:v1`, ...several, push: 'true' },
      { ...env, ...cacheService },
    );
    expect(status).toBe(0);
    expect(buildOf(calls).words).toContain('--load');
  });
});

it('reads a Dockerfile from standard input in a shell', async () => {
  const args = ['--builder', 'builtin', '--tags', `${image()}:v1`, '--dockerfile', '-', '--format', 'json'];
  const { env } = scene.endpoint;
  const stdin = 'FROM scratch\nCOPY server.js /\n';
  const { status, stdout } = await runHere('build-and-push', args, { cwd: scene.source, env, stdin });
  expect([status, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ 'image-tags': 'v1', repository: 'team/app' }),
  ]);
});

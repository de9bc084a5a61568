import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openScene, type Scene } from '../scenarios/build-scene';
import { missing, pathOf, type Server, startDocker, startRegistry } from './build-servers';
import { buildKitPrograms, startDaemon } from './judge/buildkit';

/** The real plugin: the file that BUILDX names, or that of Docker's packages. */
const plugin = [process.env['BUILDX'], '/usr/libexec/docker/cli-plugins/docker-buildx'].find(
  (path) => path !== undefined && existsSync(path),
);
const programs = buildKitPrograms();
const reason =
  missing('docker', 'docker-registry', 'busybox') ??
  (plugin ? undefined : 'buildx is not installed, and BUILDX names none') ??
  (programs ? undefined : 'BuildKit is not installed, and BUILDKIT names no folder of it');

const dockerfile = [
  'FROM scratch AS base',
  'COPY bin /bin',
  'ARG V',
  'RUN echo "made by a step: $V" > /made',
  'FROM base AS with-secret',
  'RUN --mount=type=secret,id=token busybox sha256sum /run/secrets/token > /sum',
  'FROM base AS with-context',
  'COPY --from=more file /more',
  'RUN busybox grep 10.1.2.3 /etc/hosts',
  '',
].join('\n');

interface Manifest {
  readonly config?: { readonly mediaType: string };
  readonly manifests?: readonly { readonly platform: object; readonly annotations?: Record<string, string> }[];
  readonly annotations?: Record<string, string>;
}

(reason ? describe.skip : describe)('buildx with the builder of another machine, without a daemon', () => {
  let scene: Scene;
  let [registry, buildKit]: (Server | undefined)[] = [];
  beforeAll(async () => {
    registry = await startRegistry();
    buildKit = await startDaemon(programs!);
  });
  afterAll(async () => {
    await buildKit?.stop();
    await registry?.stop();
  });
  beforeEach(async () => {
    scene = await openScene({ '.dockerignore': '.git\n', Dockerfile: dockerfile, 'more/file': 'more\n' });
    mkdirSync(join(scene.source, 'bin'));
    for (const name of ['busybox', 'sh']) copyFileSync(pathOf('busybox')!, join(scene.source, 'bin', name));
    mkdirSync(join(config(), 'cli-plugins'), { recursive: true });
    copyFileSync(plugin!, join(config(), 'cli-plugins/docker-buildx'));
    execFileSync('docker', ['buildx', 'create', '--name', 'far', '--use', '--driver', 'remote', buildKit!.address], {
      env: { ...process.env, ...env() },
    });
  });
  afterEach(() => scene.close());

  const config = () => join(scene.source, '../docker');
  const env = () => ({ DOCKER_CONFIG: config(), DOCKER_HOST: `unix://${join(scene.source, '../no-daemon')}` });
  /** As on GitHub, where the inputs are those of docker/build-push-action. */
  const run = (inputs: Record<string, string>, more: Record<string, string> = {}) => {
    const output = join(scene.source, '../output');
    writeFileSync(output, '');
    const github = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: scene.source, GITHUB_OUTPUT: output };
    return scene.runBundle({ builder: 'docker', ...inputs }, { env: { ...env(), ...github, ...more } });
  };
  const name = (tag: string) => `${registry!.address}/team/app:${tag}`;
  async function manifest(tag: string): Promise<{ digest: string | null; body: Manifest }> {
    const accept = ['oci.image.index.v1', 'oci.image.manifest.v1', 'docker.distribution.manifest.v2'];
    const answer = await fetch(`http://${registry!.address}/v2/team/app/manifests/${tag}`, {
      headers: { accept: accept.map((type) => `application/vnd.${type}+json`).join(', ') },
    });
    return { digest: answer.headers.get('docker-content-digest'), body: (await answer.json()) as Manifest };
  }

  it('builds, pushes every tag, and tells the digest that the registry has', async () => {
    const inputs = { registry: registry!.address, target: 'base', tags: 'v1,v2', 'build-args': 'V=a "b" $c' };
    const { status, errors, outputs, stdout } = await scene.runBundle({ builder: 'auto', ...inputs }, { env: env() });
    expect([status, errors]).toEqual([0, []]);
    expect(stdout).toMatch(/builder: docker \S+ with buildx \S+ \(remote\)/);
    const [first, second] = [await manifest('v1'), await manifest('v2')];
    expect([first.digest, second.digest]).toEqual([outputs['image-digest'], outputs['image-digest']]);
  });

  it('pushes to ECR, with a login of its own', async () => {
    const { status, errors, outputs } = await scene.runBundle(
      { builder: 'docker', target: 'base', tags: 'v1' },
      { env: env() },
    );
    expect([status, errors]).toEqual([0, []]);
    expect(scene.aws.ecr.repository('team/app').tags.get('v1')).toBe(outputs['image-digest']);
    expect(existsSync(join(config(), 'config.json'))).toBe(false);
  });

  it('makes an index of two platforms with provenance, a list of its parts, and annotations', async () => {
    const inputs = {
      tags: name('index'),
      file: 'Dockerfile.plain',
      platforms: 'linux/amd64,linux/386',
      provenance: 'mode=max',
      annotations: 'index:org.example.team=shop',
    };
    scene.write({ 'Dockerfile.plain': 'FROM scratch\nCOPY bin /bin\n' });
    const { status, stdout } = await run(inputs);
    expect([status, stdout.match(/^::error.*/m)?.[0]]).toEqual([0, undefined]);
    const { body } = await manifest('index');
    expect(body.manifests?.map(({ platform }) => platform)).toEqual([
      { architecture: 'amd64', os: 'linux' },
      { architecture: '386', os: 'linux' },
      { architecture: 'unknown', os: 'unknown' },
      { architecture: 'unknown', os: 'unknown' },
    ]);
    expect(body.annotations).toEqual({ 'org.example.team': 'shop' });
  });

  it('keeps a cache in the registry, and reads it where nothing is left of the build', async () => {
    const cache = `type=registry,ref=${registry!.address}/team/cache:main`;
    const inputs = { target: 'base', 'build-args': `V=${Date.now()}` };
    const first = await run({ ...inputs, tags: name('cached-1'), 'cache-to': `${cache},mode=max` });
    expect(first.status).toBe(0);
    execFileSync('docker', ['buildx', 'prune', '--all', '--force'], { env: { ...process.env, ...env() } });
    const second = await run({ ...inputs, tags: name('cached-2'), 'cache-from': cache });
    expect([second.status, second.stdout]).toEqual([0, expect.stringMatching(/RUN echo .*\n(.*\n)?#\d+ CACHED/)]);
  });

  it('passes secrets, build contexts and settings of commands, and shows no secret', async () => {
    const secret = await run({
      tags: name('secret'),
      target: 'with-secret',
      secrets: 'token=secret-of-a-variable',
      'no-cache': 'true',
    });
    const shown = secret.stdout.split('\n').filter((line) => /secret-of/.test(line));
    expect([secret.status, shown]).toEqual([0, ['::add-mask::secret-of-a-variable']]);
    const context = await run({
      tags: name('context'),
      target: 'with-context',
      'build-contexts': 'more=more',
      'add-hosts': 'db:10.1.2.3',
    });
    expect([context.status, (await manifest('context')).digest]).toEqual([0, expect.stringMatching(/^sha256:/)]);
  });

  it('only builds where nothing is to be pushed, and refuses what needs a daemon', async () => {
    const unpushed = await run({ tags: name('unpushed'), target: 'base', push: 'false' });
    expect([unpushed.status, (await manifest('unpushed')).digest]).toEqual([0, null]);
    const loaded = await run({ tags: name('loaded'), target: 'base', load: 'true', push: 'false' });
    expect([loaded.status, loaded.stdout]).toEqual([2, expect.stringContaining('keeps no image on this machine')]);
  });

  it('shows the line of the Dockerfile that fails', async () => {
    scene.write({ Dockerfile: 'FROM scratch\nCOPY bin /bin\nRUN echo working; exit 3\n' });
    const { status, stdout } = await run({ tags: name('failed') });
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^::error.*file=Dockerfile,line=3/m)]);
  });

  describe('with a daemon too', () => {
    let daemon: Server | undefined;
    beforeAll(async () => {
      daemon = pathOf('dockerd') ? await startDocker() : undefined;
    });
    afterAll(() => daemon?.stop());

    (pathOf('dockerd') ? it : it.skip).each([
      ['loads what another machine has built, and pushes it', 'far', /with buildx \S+ \(remote\)/],
      ['builds inside the daemon', 'default', /with buildx [^\s(]+\n/],
    ])('%s', async (_, builder, title) => {
      const place = { DOCKER_HOST: daemon!.address, BUILDX_BUILDER: builder };
      scene.write({ Dockerfile: 'FROM scratch AS base\nCOPY bin /bin\n' });
      const { status, errors, outputs, stdout } = await scene.runBundle(
        { builder: 'docker', target: 'base', tags: 'v1' },
        { env: { ...env(), ...place } },
      );
      expect([status, errors]).toEqual([0, []]);
      expect(stdout).toMatch(title);
      expect(scene.aws.ecr.repository('team/app').tags.get('v1')).toBe(outputs['image-digest']);
    });
  });
});

if (reason) it.todo(`is left out: ${reason}`);

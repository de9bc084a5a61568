// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addTar } from '../../actions/build-and-push/src/builders/builtin/tar';
import { FileTree } from '../../actions/build-and-push/src/builders/builtin/tree/tree';
import { RegistryClient } from '../../actions/build-and-push/src/registry/client';
import type { ImageConfig, ImageManifest } from '../../actions/build-and-push/src/registry/oci';
import { systemClock } from '../../shared/clock';
import { openScene, type Scene } from '../scenarios/build-scene';
import { missing, pathOf, type Server, startDocker, startRegistry } from './build-servers';

/** Node binaries, separated by colons, as `.ci/run` brings them. */
const nodes = [process.execPath, ...(process.env['NODE_BINARIES'] ?? '').split(':').filter((path) => path !== '')];

/** Paths, links, modes, owners: everything about which two builders could disagree. */
const difficult = [
  'FROM scratch AS a',
  'COPY --chown=5:6 x /d/x',
  'COPY --chown=5:6 sub /d/sub',
  'FROM scratch',
  'ARG V=1',
  'COPY --from=a /d /e',
  'COPY --from=a /d/x /f/',
  'COPY --chown=7:8 x /g/h/x',
  'COPY nomatch* /n/',
  'WORKDIR /w',
  'COPY sub/l /m/',
  'COPY sub /d/',
  'COPY [".", "/all files/"]',
  'COPY sub/* ./star/',
  'ADD a.tar.gz /added',
  'USER 9',
  'WORKDIR u/v',
  'COPY x .',
  'ENV A=${V:-2} B="c d"',
  'LABEL l="$A"',
  'EXPOSE 80 53/udp',
  'VOLUME /v',
  'STOPSIGNAL SIGQUIT',
  'HEALTHCHECK --interval=5s --retries=2 CMD true',
  'ENTRYPOINT ["/bin/sh"]',
  'CMD echo hi',
  '',
].join('\n');

let scene: Scene;
beforeEach(async () => {
  scene = await openScene({ '.dockerignore': '.git\n*.Dockerfile\nDockerfile\nprogram\n', x: 'x', 'sub/y': 'y' });
  execFileSync('ln', ['-sf', '../x', join(scene.source, 'sub/l')]);
  execFileSync('tar', ['-czf', 'a.tar.gz', 'sub'], { cwd: scene.source });
  scene.write({ 'difficult.Dockerfile': difficult });
});
afterEach(() => scene.close());

/** An image of a registry without a login: its files as text, and its configuration. */
async function inspect(host: string, digest: string) {
  const effects = { clock: systemClock, log: { info: () => {} }, signal: new AbortController().signal };
  const client = new RegistryClient({ base: new URL(`http://${host}`), ...effects });
  const manifest = JSON.parse((await client.manifest('team/app', digest))!.body.toString()) as ImageManifest;
  const tree = new FileTree();
  for (const layer of manifest.layers) {
    const tar = gunzipSync(await client.smallBlob('team/app', layer));
    await addTar(tree, { read: (consume) => consume(Readable.from([tar])) }, { whiteouts: true });
  }
  const { config } = JSON.parse((await client.smallBlob('team/app', manifest.config)).toString()) as ImageConfig;
  client.close();
  const files = tree.below('').map((path) => {
    const { kind, mode, uid, gid, ...rest } = tree.get(path)!;
    return `${path} ${kind} ${mode.toString(8)} ${uid}:${gid} ${'target' in rest ? rest.target : ''}`;
  });
  return { files, config: config! };
}

const busybox = pathOf('busybox');
/** A program that runs in an image without anything else. */
function writeProgram() {
  mkdirSync(join(scene.source, 'bin'));
  copyFileSync(busybox!, join(scene.source, 'bin/busybox'));
  copyFileSync(busybox!, join(scene.source, 'bin/sh'));
}

describe('builtin with a registry and clients that others wrote', () => {
  const reason = missing('docker-registry', 'skopeo', 'buildah', 'busybox');
  if (reason) {
    it.todo(`is left out: ${reason}`);
    return;
  }
  let registry: Server;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.stop());

  it('pushes an image that skopeo accepts and buildah runs', async () => {
    writeProgram();
    scene.write({
      Dockerfile:
        'FROM scratch\nCOPY bin /bin\nENV A="it runs"\nUSER 7\nCMD ["sh", "-c", "echo $A as $(busybox id -u)"]\n',
    });
    const { status, outputs } = await scene.runBundle({ registry: registry.address, tags: 'v1' });
    expect(status).toBe(0);
    const found = JSON.parse(
      execFileSync('skopeo', ['inspect', '--tls-verify=false', `docker://${outputs['IMAGE']}`]).toString(),
    );
    expect(found.Digest).toBe(outputs['image-digest']);
    const buildah = (...words: string[]) => {
      const places = [
        '--root',
        join(scene.temp, 'root'),
        '--runroot',
        join(scene.temp, 'runroot'),
        '--storage-driver',
        'vfs',
      ];
      return execFileSync('buildah', [...places, ...words])
        .toString()
        .trim();
    };
    const container = buildah('from', '--quiet', '--tls-verify=false', outputs['IMAGE']!);
    expect(buildah('run', '--isolation', 'chroot', container, '--', 'sh', '-c', 'echo $A as $(busybox id -u)')).toBe(
      'it runs as 7',
    );
    buildah('rm', container);
  });

  it('builds on an image of another registry, which is read without a login', async () => {
    scene.write({ Dockerfile: 'FROM scratch\nCOPY sub /base/\n' });
    const base = await scene.runBundle({ registry: registry.address, tags: 'base' });
    scene.write({
      Dockerfile: `FROM ${base.outputs['IMAGE']}\nCOPY --from=${base.outputs['image-uri']} /base/y /own/\n`,
    });
    const built = await scene.runBundle({ tags: 'v1' });
    expect([built.status, built.errors]).toEqual([0, []]);
    expect(scene.aws.ecr.repository('team/app').tags.get('v1')).toBe(built.outputs['image-digest']);
  });

  it.each(nodes)('gives the same digest with %s', async (node) => {
    const first = await scene.runBundle({ registry: registry.address, tags: 'v1', dockerfile: 'difficult.Dockerfile' });
    const second = await scene.runBundle(
      { registry: registry.address, tags: 'v2', dockerfile: 'difficult.Dockerfile' },
      { node },
    );
    expect([second.status, second.outputs['image-digest']]).toEqual([0, first.outputs['image-digest']]);
  });
});

describe('docker', () => {
  const reason =
    missing('dockerd', 'docker-registry', 'busybox') ?? (process.getuid?.() === 0 ? undefined : 'not root');
  if (reason) {
    it.todo(`is left out: ${reason}`);
    return;
  }
  // Each command line that is there: they differ in the builders that they can ask for.
  const folders = ['/usr/bin', '/usr/local/bin'].filter((folder) => existsSync(join(folder, 'docker')));
  let [registry, daemon]: Server[] = [];
  beforeAll(async () => {
    registry = await startRegistry();
    daemon = await startDocker();
  });
  afterAll(async () => {
    await daemon?.stop();
    await registry?.stop();
  });
  const environment = (folder: string) => ({
    PATH: `${folder}:${process.env['PATH']}`,
    DOCKER_HOST: daemon!.address,
    HOME: scene.temp,
  });
  const asked = (env: NodeJS.ProcessEnv, ...words: string[]) =>
    execFileSync('docker', words, { env }).toString().trim();

  it.each(folders)('%s/docker builds, pushes, and runs what it pulls back', async (folder) => {
    writeProgram();
    scene.write({
      Dockerfile:
        'FROM scratch\nCOPY bin /bin\nARG V\nRUN echo "made by a step: $V" > /made\nCMD ["busybox", "cat", "/made"]\n',
    });
    const env = environment(folder);
    const inputs = { builder: 'auto', tags: 'v1,v2', 'build-args': 'V=a "b" $c', 'build-options': '--network host' };
    const { status, errors, outputs } = await scene.runBundle({ ...inputs, registry: registry!.address }, { env });
    expect([status, errors]).toEqual([0, []]);
    for (const tag of ['v1', 'v2']) asked(env, 'image', 'rm', '--force', `${registry!.address}/team/app:${tag}`);
    expect(asked(env, 'run', '--rm', '--network', 'host', outputs['IMAGE']!)).toBe('made by a step: a "b" $c');
    const embedded = await scene.runBundle(inputs, { env });
    expect([embedded.status, embedded.errors]).toEqual([0, []]);
    expect(scene.aws.ecr.repository('team/app').tags.get('v2')).toBe(embedded.outputs['image-digest']);
  });

  it.each(folders)('%s/docker says at which step it failed', async (folder) => {
    writeProgram();
    scene.write({ Dockerfile: 'FROM scratch\nCOPY bin /bin\nRUN echo working; exit 3\n' });
    const inputs = { builder: 'docker', 'build-options': '--network host' };
    const { status, errors, outputs } = await scene.runBundle(inputs, { env: environment(folder) });
    expect([status, outputs['IMAGE']]).toEqual([1, undefined]);
    expect(errors).toEqual([
      expect.stringMatching(
        /cannot build Dockerfile: .* at .*RUN echo working; exit 3: .*(exit code|non-zero code): 3/,
      ),
    ]);
  });

  it('makes the same files and settings as builtin', async () => {
    // The command line of Debian has BuildKit; that of Docker's own packages needs buildx for it.
    const env = environment(folders[0]!);
    const inputs = { dockerfile: 'difficult.Dockerfile', registry: registry!.address, 'build-args': 'V=3' };
    const theirs = await scene.runBundle({ ...inputs, builder: 'docker', tags: 'docker' }, { env });
    const ours = await scene.runBundle({ ...inputs, builder: 'builtin', tags: 'builtin' });
    expect([theirs.errors, ours.errors]).toEqual([[], []]);
    expect(theirs.stdout).toContain('with Bu');
    const [a, b] = [theirs, ours].map(({ outputs }) => inspect(registry!.address, outputs['image-digest']!));
    const [{ files, config }, expected] = [await b!, await a!];
    expect(files).toEqual(expected.files);
    // Fields of Docker's own, which no image specification knows.
    expect({ OnBuild: null, ArgsEscaped: true, ...config }).toEqual(expected.config);
  });
});

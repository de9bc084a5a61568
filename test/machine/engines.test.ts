import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { seedBaseImage } from '../local/aws/registry/seed';
import { openScene, type Scene } from '../scenarios/build-scene';
import { missing, pathOf, type Server, startDocker, startRegistry } from './build-servers';

/** A daemon, or what else an engine needs beside its command line. */
interface Engine {
  readonly name: string;
  readonly program: string;
  readonly needs: readonly string[];
  start?(): Promise<Server>;
  /** What its commands need; its images go with the scene. */
  env(scene: Scene, server: Server | undefined): Record<string, string>;
  /** Words for a build on a machine where containers have no network of their own. */
  readonly options?: string;
  run(scene: Scene, image: string): string[];
}

/** Podman and buildah keep their images in the scene, by a configuration of their own. */
function ownStorage(scene: Scene): Record<string, string> {
  const file = join(scene.source, '..', 'storage.conf');
  const folder = (name: string) => `"${join(scene.source, '..', name)}"`;
  writeFileSync(file, `[storage]\ndriver = "vfs"\ngraphroot = ${folder('graph')}\nrunroot = ${folder('runroot')}\n`);
  return { CONTAINERS_STORAGE_CONF: file };
}

const engines: readonly Engine[] = [
  {
    name: 'docker',
    program: 'docker',
    needs: ['dockerd'],
    start: startDocker,
    // The command line of Debian has BuildKit; that of Docker's own packages needs buildx for it.
    env: (scene, server) => ({
      DOCKER_HOST: server!.address,
      HOME: scene.temp,
      PATH: `/usr/bin:${process.env['PATH']}`,
    }),
    options: '--network host',
    run: (_, image) => ['docker', 'run', '--rm', '--network', 'host', image],
  },
  ...(['podman', 'buildah'] as const).map((name) => ({
    name,
    program: name,
    needs: [],
    env: ownStorage,
    run: runWithBuildah,
  })),
];

/** Podman starts containers with a runtime that a plain machine may not allow; buildah runs the same image in a chroot. */
function runWithBuildah(_: Scene, image: string): string[] {
  const script = [
    `c=$(buildah from --quiet --tls-verify=false ${image})`,
    // What it prints may be lost where the machine is busy: it is written, and read afterwards.
    `buildah run --isolation chroot "$c" -- busybox cp /made /said`,
    'cat "$(buildah mount "$c")/said"',
    'buildah rm "$c" >/dev/null',
  ];
  return ['sh', '-c', script.join(' && ')];
}

const dockerfile = [
  'FROM scratch AS base',
  'COPY bin /bin',
  'ARG V',
  'RUN echo "made by a step: $V" > /made',
  'CMD ["busybox", "cat", "/made"]',
  'FROM base AS with-secret',
  'RUN --mount=type=secret,id=a --mount=type=secret,id=b busybox cat /run/secrets/a /run/secrets/b',
  '',
].join('\n');

let scene: Scene;
beforeEach(async () => {
  scene = await openScene({ '.dockerignore': '.git\n', Dockerfile: dockerfile, file: 'secret-of-a-file\n' });
  mkdirSync(join(scene.source, 'bin'));
  for (const name of ['busybox', 'sh']) copyFileSync(pathOf('busybox')!, join(scene.source, 'bin', name));
});
afterEach(() => scene.close());

describe.each(engines)('$name', (engine) => {
  const { name, options = '' } = engine;
  const reason =
    missing(engine.program, ...engine.needs, 'buildah', 'docker-registry', 'busybox') ??
    (process.getuid?.() === 0 ? undefined : 'not root');
  if (reason) {
    it.todo(`is left out: ${reason}`);
    return;
  }
  let [registry, server]: (Server | undefined)[] = [];
  beforeAll(async () => {
    registry = await startRegistry();
    server = await engine.start?.();
  });
  afterAll(async () => {
    await server?.stop();
    await registry?.stop();
  });
  const env = () => engine.env(scene, server);
  const run = (inputs: Record<string, string>, more: Record<string, string> = {}) =>
    scene.runBundle(
      { builder: name, target: 'base', 'build-options': options, ...inputs },
      { env: { ...env(), ...more } },
    );

  it('builds and pushes; what is pulled back runs', async () => {
    const inputs = { registry: registry!.address, tags: 'v1,v2', 'build-args': 'V=a "b" $c', labels: 'x=y z' };
    const { status, errors, outputs, stdout } = await run(inputs);
    expect([status, errors]).toEqual([0, []]);
    expect(stdout).toContain(`builder: ${name} `);
    const [program, ...words] = engine.run(scene, outputs['IMAGE']!);
    const made = execFileSync(program!, words, { env: { ...process.env, ...env() } });
    expect(made.toString().trim()).toBe('made by a step: a "b" $c');
  });

  it('pushes to ECR, with a login that nothing keeps', async () => {
    const seen = new Set<string>();
    const watching = setInterval(() => watchArguments(seen), 20);
    const { status, errors, outputs, output } = await run({ tags: 'v1' }).finally(() => clearInterval(watching));
    expect([status, errors]).toEqual([0, []]);
    expect(scene.aws.ecr.repository('team/app').tags.get('v1')).toBe(outputs['image-digest']);
    expect(seen.size).toBeGreaterThan(0);
    const [password] = scene.aws.ecr.tokens.issued();
    for (const secret of [password!, Buffer.from(`AWS:${password}`).toString('base64')]) {
      expect([...seen, output].filter((text) => text.includes(secret))).toEqual([]);
    }
    expect(readdirSync(scene.temp).filter((entry) => entry.startsWith('ecs-action-'))).toEqual([]);
  });

  it('builds on an image of the registry that it pushes to', async () => {
    const files = { 'bin/busybox': { content: readFileSync(pathOf('busybox')!), mode: 0o755 } };
    await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files, config: {} });
    const from = `FROM ${scene.endpoint.registryHost}/base:1 AS base`;
    scene.write({ Dockerfile: `${from}\nRUN ["/bin/busybox", "touch", "/made"]\n` });
    const { status, errors } = await run({ tags: 'v1' });
    expect([status, errors]).toEqual([0, []]);
  });

  it('passes secrets to the build, and shows them nowhere', async () => {
    const inputs = { target: 'with-secret', 'secret-envs': 'a=MY_TOKEN', 'secret-files': 'b=file', tags: 'v1' };
    const { status, errors, stdout } = await run(inputs, { MY_TOKEN: 'secret-of-a-variable' });
    expect([status, errors]).toEqual([0, []]);
    expect(stdout).toMatch(/\*{3}/);
    expect(stdout).not.toMatch(/secret-of/);
  });

  it('takes the image of another run that was faster to push an immutable tag', async () => {
    scene.aws.ecr.repository('team/app').mutability = 'IMMUTABLE';
    let theirs: string | undefined;
    const onOutput = (output: string) => {
      if (theirs === undefined && output.includes('pushing to')) {
        theirs = scene.aws.ecr.putImage('team/app', { tags: ['v1'] }).digest;
      }
    };
    const inputs = { builder: name, target: 'base', 'build-options': options, tags: 'v1' };
    const { status, outputs, stdout } = await scene.runBundle(inputs, { env: env(), onOutput });
    expect([status, outputs['image-digest'], outputs['skipped']]).toEqual([0, theirs, 'true']);
    expect(stdout).toContain('another run has pushed the image');
  });

  it('only builds where nothing is to be pushed', async () => {
    const { status, outputs } = await run({ push: 'false', tags: 'v1' });
    expect([status, outputs['IMAGE'], outputs['image-digest']]).toEqual([0, undefined, undefined]);
    expect(scene.aws.mutations()).toEqual([]);
  });

  it('says at which step it failed', async () => {
    scene.write({ Dockerfile: 'FROM scratch AS base\nCOPY bin /bin\nRUN echo working; exit 3\n' });
    const { status, errors } = await run({ tags: 'v1' });
    expect(status).toBe(1);
    // Those before the last are the builder's own.
    expect(errors[errors.length - 1]).toMatch(
      new RegExp(`cannot build Dockerfile: ${name} ended with status \\d+ at .*RUN echo working; exit 3`),
    );
  });

  // Docker's own builder writes the time of the build into the image.
  if (name !== 'docker') {
    it('gives the same digest again', async () => {
      const first = await run({ tags: 'v1', 'build-options': `${options} --no-cache` });
      const second = await run({ tags: 'v2', 'build-options': `${options} --no-cache` });
      expect([second.status, second.outputs['image-digest']]).toEqual([0, first.outputs['image-digest']]);
    });
  }
});

/** The arguments of all processes at this moment. */
function watchArguments(seen: Set<string>): void {
  for (const id of existsSync('/proc') ? readdirSync('/proc') : []) {
    if (!/^\d+$/.test(id)) continue;
    try {
      seen.add(readFileSync(join('/proc', id, 'cmdline'), 'utf8'));
    } catch {
      // It has ended.
    }
  }
}

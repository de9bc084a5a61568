import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openScene, type Scene } from '../scenarios/build-scene';

const fake = join(__dirname, '../support/build-fake-docker.cjs');
let scene: Scene;
let programs: string;
beforeEach(async () => {
  scene = await openScene();
  programs = join(scene.source, '..', 'programs');
  mkdirSync(programs);
  chmodSync(fake, 0o755);
});
afterEach(() => scene.close());

const notes = () => join(programs, 'notes');
const noted = () =>
  readFileSync(notes(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { words: string[] }).words);
const script = (name: string, text: string) =>
  writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const run = (inputs: Record<string, string>, env: Record<string, string> = {}) => {
  const own = { PATH: `${programs}:${process.env['PATH']}`, FAKE_DOCKER_NOTES: notes(), ...env };
  return scene.runBundle({ tags: 'v1,v2', ...inputs }, { env: own });
};
const digestOf = (tag: string) => scene.aws.ecr.repository('team/app').tags.get(tag);

/** `load` is an input on GitHub and in a shell. */
const githubInputs = { GITHUB_ACTIONS: 'true' };

describe('docker with a builder of its own', () => {
  const own = { FAKE_DOCKER_BUILDX: '0.24.0', FAKE_DOCKER_DRIVER: 'docker-container' };
  beforeEach(() => symlinkSync(fake, join(programs, 'docker')));
  const builds = () => noted().filter(([first, second]) => first === 'buildx' && second === 'build');

  it('builds several platforms and pushes them from the builder', async () => {
    const inputs = { builder: 'docker', platforms: 'linux/amd64,linux/arm64', provenance: 'true' };
    const { status, errors, outputs, stdout } = await run(inputs, own);
    expect([status, errors]).toEqual([0, []]);
    expect(outputs['image-digest']).toBe(digestOf('v1'));
    expect(digestOf('v2')).toBe(digestOf('v1'));
    expect(stdout).toContain('builder: docker 24.0.9 with buildx 0.24.0 (docker-container)');
    const [build, push, ...others] = builds();
    expect(others).toEqual([]);
    expect([build, push].map((words) => words!.includes('--push'))).toEqual([false, true]);
    for (const words of [build!, push!]) {
      expect(words).toEqual(expect.arrayContaining(['--platform', 'linux/amd64,linux/arm64', '--provenance=true']));
      expect(words).not.toContain('--load');
    }
    expect(noted().filter(([first]) => first === 'push')).toEqual([]);
  });

  it.each(['remote', 'kubernetes', 'cloud'])(
    'builds and pushes with the driver %s where no daemon runs',
    async (driver) => {
      const elsewhere = { ...own, FAKE_DOCKER_DRIVER: driver, FAKE_DOCKER_DAEMON: 'none' };
      const { status, errors, outputs, stdout } = await run({ builder: 'auto' }, elsewhere);
      expect([status, errors]).toEqual([0, []]);
      expect(stdout).toContain(`builder: docker 24.0.9 with buildx 0.24.0 (${driver})`);
      expect([digestOf('v1'), digestOf('v2')]).toEqual([outputs['image-digest'], outputs['image-digest']]);
      expect(builds().map((words) => [words.includes('--load'), words.includes('--push')])).toEqual([
        [false, false],
        [false, true],
      ]);
      expect(noted().filter(([first]) => first === 'push')).toEqual([]);
    },
  );

  it('refuses to load an image where no daemon keeps it', async () => {
    const inputs = { ...githubInputs, INPUT_LOAD: 'true', INPUT_BUILDER: 'docker' };
    const elsewhere = { ...own, FAKE_DOCKER_DRIVER: 'remote', FAKE_DOCKER_DAEMON: 'none' };
    const { status, stdout } = await run({}, { ...elsewhere, ...inputs });
    expect([status, builds()]).toEqual([2, []]);
    expect(stdout).toMatch(/load: .* keeps no image on this machine; use a builder that can: docker with a daemon, /);
  });

  it.each(['docker', 'docker-container'])('is not taken with the driver %s where no daemon runs', async (driver) => {
    const { status, stdout } = await run(
      { builder: 'docker' },
      { ...own, FAKE_DOCKER_DRIVER: driver, FAKE_DOCKER_DAEMON: 'none' },
    );
    expect([status, builds()]).toEqual([2, []]);
    expect(stdout).toMatch(/builder: does not answer: docker: Cannot connect to the Docker daemon/);
  });

  it.each([
    ['goes on', 1],
    ['fatal', 2],
  ])('warns of a cache that cannot be written: %s', async (kind, count) => {
    const { status, stdout, outputs } = await run(
      { builder: 'docker', cache: 'registry' },
      { ...own, FAKE_DOCKER_CACHE: kind },
    );
    expect([status, outputs['image-digest']]).toEqual([0, digestOf('v1')]);
    expect(stdout).toContain('Warning: the cache could not be written: error writing manifest blob: 400 Bad Request');
    expect(builds()).toHaveLength(count);
    expect(builds().map((words) => words.includes('--cache-to'))).toEqual([true, false].slice(0, count));
  });

  it('refuses a secret that is a part of the name of the image', async () => {
    const inputs = { builder: 'docker', 'secret-envs': 'user=DB_USER' };
    const { status, errors, outputs } = await run(inputs, { ...own, DB_USER: 'team' });
    expect([status, errors]).toEqual([
      2,
      [expect.stringMatching(/^Error: secret-envs: holds a value that is a part of/)],
    ]);
    expect([outputs['IMAGE'], builds()]).toEqual([undefined, []]);
  });

  it('refuses for the builder inside the daemon what that cannot do', async () => {
    const inputs = { builder: 'docker', platforms: 'linux/amd64,linux/arm64', cache: 'registry', provenance: 'true' };
    const { status, stdout } = await run(inputs, { ...own, FAKE_DOCKER_DRIVER: 'docker' });
    expect(status).toBe(2);
    expect(stdout).toMatch(/3 inputs are wrong: platforms: .*docker buildx create --use.*cache: .*provenance: /);
    expect(builds()).toEqual([]);
  });
});

describe('finch', () => {
  it('logs in, builds and pushes, and leaves no login behind', async () => {
    symlinkSync(fake, join(programs, 'finch'));
    script('docker', 'exit 1');
    const inputs = { builder: 'auto', 'secret-envs': 'npm=NPM_TOKEN' };
    const { status, errors, outputs, stdout } = await run(inputs, { NPM_TOKEN: 'very-secret' });
    expect([status, errors]).toEqual([0, []]);
    expect(stdout).toContain('builder: finch with containerd v2.1.0');
    // This one does not tell digests as finch does: the registry is asked.
    expect(outputs['image-digest']).toBe(digestOf('v1'));
    const order = ['info', 'login', 'build', 'logout', 'login', 'push', 'push', 'logout'];
    expect(noted().map(([first]) => first)).toEqual(order);
    expect(noted()[2]).toEqual(expect.arrayContaining(['--secret', 'id=npm,env=NPM_TOKEN']));
    expect(noted().flat().join()).not.toContain('very-secret');
    expect(readdirSync(scene.temp)).toEqual([]);
  });
});

describe('podman and buildah', () => {
  const cannotClone = 'echo "Error: cannot clone: Operation not permitted" >&2; exit 125';

  it('are not taken where they are installed but cannot build', async () => {
    script('finch', 'exit 1');
    script('docker', `echo '{"Client":{"Version":"5.0.0"}}'`);
    for (const name of ['podman', 'buildah']) {
      script(name, `[ "$1" = --version ] && echo "${name} version 5.0.0" && exit 0\n${cannotClone}`);
    }
    const { status, stdout } = await run({ builder: 'auto' });
    expect(status).toBe(0);
    expect(stdout).toContain('not docker: no daemon answered\n');
    expect(stdout).toContain(
      'not podman: it cannot build on this machine: Error: cannot clone: Operation not permitted',
    );
    expect(stdout).toMatch(/not buildah: it cannot build on this machine.*\n.*builder: builtin/);
  });

  it.each(['podman', 'buildah'])('%s builds with what the machine needs', async (name) => {
    const noting = `printf '%s\\n' "$*" >> ${notes()}`;
    const version = `[ "$1" = --version ] && echo "${name} version 5.0.0" && exit 0`;
    script(
      name,
      `${noting}\n${version}\ncase "$*" in *chroot*) exit 0;; login*) cat >/dev/null; exit 0;; esac\n${cannotClone}`,
    );
    const { status, stdout } = await run({ builder: name, push: 'false' });
    expect(status).toBe(0);
    expect(stdout).toContain(`builder: ${name} 5.0.0 with --isolation chroot --network host`);
    const lines = readFileSync(notes(), 'utf8').trim().split('\n');
    const host = scene.endpoint.registryHost;
    expect(lines[3]).toBe(`login --tls-verify=false --username AWS --password-stdin ${host}`);
    expect(lines[4]).toMatch(/^build --isolation chroot --network host --timestamp 0 --file \S+\/Dockerfile /);
    expect(lines).toHaveLength(5);
  });

  it.each([{}, { 'build-args': 'SOURCE_DATE_EPOCH=60' }])(
    'a newer buildah, which reads SOURCE_DATE_EPOCH itself, gets one time only: %j',
    async (inputs) => {
      // As imagebuildah.BuildDockerfiles refuses it.
      const ambiguous = 'timestamp and source-date-epoch would be ambiguous if allowed together';
      const refusing = `case "$*" in *--timestamp*) case "$SOURCE_DATE_EPOCH $*" in [0-9]*|*=60*|*-epoch*) echo "${ambiguous}" >&2; exit 125;; esac;; esac`;
      script('buildah', `[ "$1" = --version ] && echo "buildah version 1.41.0" && exit 0\n${refusing}\ncat >/dev/null`);
      const { status, errors } = await run(
        { builder: 'buildah', push: 'false', ...inputs },
        { SOURCE_DATE_EPOCH: '1700000000' },
      );
      expect([status, errors]).toEqual([0, []]);
    },
  );
});

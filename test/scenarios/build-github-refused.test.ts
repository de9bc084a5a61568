import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildOf, cacheService, type GitHubScene, openGitHubScene } from './build-github-scene';

let scene: GitHubScene;
beforeEach(async () => {
  scene = await openGitHubScene();
});
afterEach(() => scene.close());

describe('what is refused before anything is built', () => {
  const several = { 'cache-to': 'type=gha', platforms: 'linux/amd64,linux/arm64', sbom: 'true', load: 'true' };
  it.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
    ['no name', {}, {}, /repository: is required but not set; set it, or tags/],
    [
      'no name, and yet a push',
      { push: 'true' },
      {},
      /repository: is required .* or tags or outputs or load: true or push: false/,
    ],
    ['a cache nowhere', { push: 'false', cache: 'registry' }, {}, /cache: registry needs a repository to keep it in/],
    ['tags without a name, only built', { push: 'false', tags: 'v1' }, {}, /repository: is required .* full name/],
    ['tags without a name', { tags: 'v1' }, {}, /repository: is required .* full name of the image in tags/],
    ['Docker Hub', { push: 'true', tags: 'user/app:latest' }, {}, /"docker.io\/user\/app" is not in Amazon ECR/],
    ['another registry', { tags: 'ghcr.io/o/app:v1' }, {}, /"ghcr.io\/o\/app" is not in Amazon ECR/],
    ['a check', { call: 'check' }, {}, /call: does not exist: this action builds/],
    ['an exported folder', { outputs: 'type=local,dest=out' }, {}, /outputs: .* writes files/],
    ['a context of Git', { context: 'https://github.com/o/app.git' }, {}, /context: .* check the repository out/],
    ['one without a scheme', { context: 'github.com/o/app' }, {}, /context: .* check the repository out/],
    [
      'a folder that the default context does not have',
      { context: '{{defaultContext}}:nowhere' },
      {},
      /context: .* check the repository out/,
    ],
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
    const given =
      'tags' in inputs || 'push' in inputs || Object.keys(inputs).length === 0 ? {} : { tags: `${scene.image}:v1` };
    const { status, output, calls } = await scene.run({ ...given, ...inputs }, env);
    expect(status).toBe(2);
    expect(output).toMatch(reason);
    expect(calls.some(({ words }) => words.includes('--file') || words[0] === 'push')).toBe(false);
  });

  it('a workspace that is empty, with the step that fills it, unless the files are elsewhere', async () => {
    const empty = join(scene.place, 'empty');
    mkdirSync(empty);
    const given = { tags: `${scene.image}:v1` };
    for (const [more, place] of [
      [{}, 'dockerfile'],
      [{ context: 'app' }, 'context'],
    ] as const) {
      const { status, output } = await scene.run({ ...given, ...more }, { GITHUB_WORKSPACE: empty }, empty);
      expect(status).toBe(2);
      expect(output).toMatch(new RegExp(`${place}: .*; the workspace is empty: .* \\(actions/checkout\\)`));
    }
    const elsewhere = await scene.run({ ...given, context: scene.source }, { GITHUB_WORKSPACE: empty }, empty);
    expect(elsewhere.status).toBe(0);
  });

  it('is built with the containerd image store', async () => {
    const env = { FAKE_DOCKER_DRIVER: 'docker', FAKE_DOCKER_STORE: 'io.containerd.snapshotter.v1' };
    const { status, calls } = await scene.run(
      { tags: `${scene.image}:v1`, ...several, push: 'true' },
      { ...env, ...cacheService },
    );
    expect(status).toBe(0);
    expect(buildOf(calls).words).toContain('--load');
  });
});

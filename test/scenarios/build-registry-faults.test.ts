import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultEffect } from '../local/aws/faults';
import { seedBaseImage } from '../local/aws/registry/seed';
import { openScene, type Scene } from './build-scene';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  const programs = join(scene.source, '..', 'programs');
  const fake = join(__dirname, '../support/build-fake-docker.cjs');
  mkdirSync(programs);
  chmodSync(fake, 0o755);
  symlinkSync(fake, join(programs, 'docker'));
});
afterEach(() => scene.close());

const repository = () => scene.aws.ecr.repository('team/app');
const asked = (operation: string) => scene.aws.calls.filter((call) => call.operation === operation);

/** Pushes with a builder; nothing is left behind, and no image is named that the registry does not have. */
async function push(builder: string, inputs: Record<string, string> = {}) {
  const env = {
    PATH: `${join(scene.source, '..', 'programs')}:${process.env['PATH']}`,
    FAKE_DOCKER_NOTES: join(scene.source, '..', 'notes'),
  };
  const result = await scene.run({ builder, tags: 'v1', ...inputs }, { env });
  expect(readdirSync(scene.temp)).toEqual([]);
  const digest = result.outputs['image-digest'];
  if (digest !== undefined) expect([...repository().images.keys()]).toContain(digest);
  return result;
}

const builders = ['builtin', 'docker'];
const passing: FaultEffect[] = [
  { kind: 'throttle' },
  { kind: 'status', status: 503 },
  { kind: 'drop', when: 'before' },
  { kind: 'drop', when: 'after' },
];
const lasting: FaultEffect[] = [{ kind: 'throttle' }, { kind: 'status', status: 503 }];

describe.each(builders)('pushing with %s', (builder) => {
  it.each(['v1', 'v2', 'v3'])('confirms each tag: %s of three', async (tag) => {
    const tags = ['v1', 'v2', 'v3'];
    // Only confirming asks for the digests of tags.
    scene.aws.faults.add({ on: 'registry:HEAD manifests', effect: { kind: 'wrong-digest' }, after: tags.indexOf(tag) });
    const { status, errors, outputs } = await push(builder, { tags: tags.join() });
    expect([status, outputs['IMAGE']]).toEqual([1, undefined]);
    expect(errors).toEqual([
      expect.stringMatching(`cannot confirm .*/team/app:${tag}: .* the registry answers sha256:`),
    ]);
  });

  it('asks once for the digest of each tag', async () => {
    const { status } = await push(builder, { tags: 'v1,v2,v3' });
    expect(status).toBe(0);
    const references = asked('HEAD manifests').map(({ input }) => (input as { reference: string }).reference);
    expect(references).toEqual(['v1', 'v2', 'v3']);
  });

  it.each(passing)('confirms after %j', async (effect) => {
    scene.aws.faults.add({ on: 'registry:HEAD manifests', effect });
    const { status, errors, outputs } = await push(builder);
    expect([status, errors]).toEqual([0, []]);
    expect(outputs['image-digest']).toBe(repository().tags.get('v1'));
    expect(asked('HEAD manifests')).toHaveLength(2);
  });

  it.each(lasting)('fails with one line where it cannot confirm for %j', async (effect) => {
    scene.aws.faults.add({ on: 'registry:HEAD manifests', effect, times: 'always' });
    const { status, errors, outputs } = await push(builder);
    expect([status, outputs['IMAGE']]).toEqual([1, undefined]);
    expect(errors).toEqual([expect.stringMatching(/cannot push to .*\/team\/app: .*; run again later/)]);
    expect(asked('HEAD manifests')).toHaveLength(6);
  });

  // How builders tell of a dropped connection is in the tests of their output.
  it.each(passing.slice(0, 2))('stores the manifest after %j', async (effect) => {
    scene.aws.faults.add({ on: 'registry:PUT manifests', effect });
    const { status, errors, outputs } = await push(builder);
    expect([status, errors]).toEqual([0, []]);
    expect(outputs['image-digest']).toBe(repository().tags.get('v1'));
    expect(asked('PUT manifests')).toHaveLength(2);
  });

  it.each(lasting)('fails with one line where no manifest can be stored for %j', async (effect) => {
    scene.aws.faults.add({ on: 'registry:PUT manifests', effect, times: 'always' });
    const { status, errors, outputs } = await push(builder);
    expect([status, outputs['IMAGE']]).toEqual([1, undefined]);
    expect(errors).toEqual([expect.stringMatching(/^Error: cannot push .*(429|503|throttling|failed)/)]);
    expect(asked('PUT manifests')).toHaveLength(6);
    expect(repository().tags.size).toBe(0);
  });

  it.each(['PUT blobs', 'PUT manifests'])(
    'believes the digest of the tag, not that in the answer to %s',
    async (call) => {
      scene.aws.faults.add({ on: `registry:${call}`, effect: { kind: 'wrong-digest' }, times: 'always' });
      const { status, errors, outputs } = await push(builder);
      expect([status, errors]).toEqual([0, []]);
      expect(outputs['image-digest']).toBe(repository().tags.get('v1'));
    },
  );
});

describe('a base image', () => {
  beforeEach(async () => {
    await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files: { a: 'a' }, config: {} });
    scene.write({ Dockerfile: `FROM ${scene.endpoint.registryHost}/base:1\nCOPY server.js /\n` });
  });

  it.each([...passing, { kind: 'wrong-digest' } as const])('is read after %j', async (effect) => {
    scene.aws.faults.add({ on: 'registry:GET manifests', effect });
    const { status, errors } = await push('builtin');
    expect([status, errors]).toEqual([0, []]);
    expect(asked('GET manifests')).toHaveLength(2);
  });

  it.each(lasting)('that cannot be read for %j ends in one line, and nothing is pushed', async (effect) => {
    scene.aws.faults.add({ on: 'registry:GET manifests', effect, times: 'always' });
    const { status, errors } = await push('builtin');
    expect([status, errors]).toEqual([1, [expect.stringMatching(/^Error: cannot .*base:1.*; /)]]);
    expect(asked('GET manifests')).toHaveLength(6);
    expect(scene.aws.mutations()).toEqual([]);
  });
});

describe('a further tag for an image that is there', () => {
  beforeEach(async () => {
    expect((await push('builtin')).status).toBe(0);
    repository().mutability = 'IMMUTABLE';
  });

  it.each(passing)('is given after %j', async (effect) => {
    scene.aws.faults.add({ on: 'registry:GET manifests', effect });
    const { status, errors, outputs } = await push('builtin', { tags: 'v1,v2' });
    expect([status, errors, outputs['skipped']]).toEqual([0, [], 'true']);
    expect(repository().tags.get('v2')).toBe(repository().tags.get('v1'));
    expect(asked('GET manifests')).toHaveLength(2);
  });

  it.each(lasting)('is not given where the image cannot be read for %j, and one line says so', async (effect) => {
    scene.aws.faults.add({ on: 'registry:GET manifests', effect, times: 'always' });
    const { status, errors, outputs } = await push('builtin', { tags: 'v1,v2' });
    expect([status, outputs['IMAGE']]).toEqual([1, undefined]);
    expect(errors).toEqual([expect.stringMatching(/cannot push to .*\/team\/app: .*; run again later/)]);
    expect(repository().tags.has('v2')).toBe(false);
  });
});

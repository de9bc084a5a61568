import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../local/aws/faults';
import { digestOf } from '../support/hostile-registry';
import { openScene, type Scene } from './build-scene';

const large = 'text that is long enough to be worth a question\n'.repeat(40_000);

let scene: Scene;
beforeEach(async () => {
  scene = await openScene({ Dockerfile: 'FROM scratch\nCOPY large /\nCOPY small /\n', large, small: 'small' });
});
afterEach(() => scene.close());

const repository = () => scene.aws.ecr.repository('team/app');
const kept = /layer \w+ \([\d.]+ \w+\) already exists, and was not compressed again/g;

async function build(tags: string, inputs: Record<string, string> = {}) {
  const { status, errors, outputs, stdout } = await scene.run({ tags, ...inputs });
  expect([status, errors]).toEqual([0, []]);
  return { digest: outputs['image-digest']!, kept: stdout.match(kept)?.length ?? 0, stdout };
}

/** Changes the manifest that v1 names, as if another program had pushed it. */
function repush(change: (manifest: string) => string): void {
  const { images, tags } = repository();
  const image = images.get(tags.get('v1')!)!;
  const text = change(image.manifest.toString());
  expect(text).not.toBe(image.manifest.toString());
  const digest = digestOf(text);
  images.clear();
  images.set(digest, { ...image, digest, manifest: Buffer.from(text) });
  tags.set('v1', digest);
}

describe('a build whose layers the registry has', () => {
  it.each([
    ['the tag', 'v1'],
    ['the newest image', 'v2'],
  ])('compresses nothing large again where %s has them, and gives the same digest', async (_, tag) => {
    const first = await build('v1');
    const second = await build(tag);
    expect([first.kept, second.kept]).toEqual([0, 1]);
    expect(second.digest).toBe(first.digest);
  });

  it('looks through several images, newest first', async () => {
    const first = await build('v1');
    scene.write({ large: large.toUpperCase() });
    expect((await build('v2')).kept).toBe(0);
    scene.write({ large });
    const third = await build('v3');
    expect([third.kept, third.digest]).toEqual([1, first.digest]);
  });

  it('compresses a layer of the same size and other content', async () => {
    await build('v1');
    scene.write({ large: large.toUpperCase() });
    expect((await build('v1')).kept).toBe(0);
  });
});

describe('a layer is compressed again', () => {
  it.each<[string, (manifest: string) => string]>([
    ['another version has compressed it', (text) => text.replaceAll('deflate-1', 'deflate-0')],
    ['nobody says how it was compressed', (text) => text.replace(/,"annotations":\{[^}]*\}/g, '')],
    ['what is said is malformed', (text) => text.replace(/deflate-1 sha256:\w+/g, 'deflate-1 sha256:0')],
    ['it is of another type', (text) => text.replaceAll('tar+gzip', 'tar+zstd')],
    ['the manifest is malformed', (text) => text.replace(/"size":\d+/g, '"size":-1')],
  ])('where %s', async (_, change) => {
    const { digest } = await build('v1');
    repush(change);
    const second = await build('v2');
    expect([second.kept, second.digest]).toEqual([0, digest]);
  });

  it('where the registry has it no more', async () => {
    const { digest } = await build('v1');
    repository().blobs.clear();
    const second = await build('v2');
    expect([second.kept, second.digest]).toEqual([0, digest]);
  });

  it.each<Fault>([
    { on: 'ecr:DescribeImages', effect: { kind: 'refuse' }, after: 1, times: 'always' },
    { on: 'registry:GET manifests', effect: { kind: 'status', status: 403 }, times: 'always' },
    { on: 'registry:GET manifests', effect: { kind: 'status', status: 418 }, times: 'always' },
  ])('where nobody may look: %j', async (fault) => {
    const { digest } = await build('v1');
    scene.aws.faults.add(fault);
    const second = await build('v2');
    expect([second.kept, second.digest]).toEqual([0, digest]);
    expect(second.stdout).toMatch(/cannot look for layers that are there already \(.+\); compressing all/);
  });
});

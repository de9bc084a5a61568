import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seedBaseImage } from '../local/aws/registry/seed';
import { openScene, type Scene } from './build-scene';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe('what builtin cannot build is found before the repository is created', () => {
  const missing = { repository: 'team/new', 'create-repository': 'true', tags: 'v1' };

  it.each<[string, Record<string, string>, RegExp]>([
    ['a stage that a variable names', { Dockerfile: 'ARG W=b\nFROM scratch AS b\nRUN x\nFROM $W\n' }, /:3 RUN: runs a/],
    ['a variable without an image', { Dockerfile: 'FROM $W\n' }, /Dockerfile:1 FROM: names no image/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the Dockerfile
    ['a global argument', { Dockerfile: 'ARG V=${W:?missing}\nFROM scratch\n' }, /:1 ARG: W is not set: missing/],
    ['an ignore file', { '.dockerignore': '[\n' }, /: \.dockerignore:1: "\[" is a malformed pattern/],
  ])('%s', async (_, files, problem) => {
    scene.write(files);
    const result = await scene.run(missing);
    expect([result.status, result.errors]).toEqual([2, [expect.stringMatching(problem)]]);
    expect(scene.aws.calls).toEqual([]);
  });
});

it('names a file whose name is not UTF-8', async () => {
  const name = Buffer.concat([Buffer.from(`${scene.source}/caf`), Buffer.from([0xe9])]);
  renameSync(join(scene.source, 'server.js'), name);
  const { status, errors } = await scene.run({ tags: 'v1' });
  expect([status, errors]).toEqual([2, [expect.stringContaining('"caf\uFFFD" of the context has a name')]]);
});

it('fails where AWS does not let it read the base image, and says what is missing', async () => {
  await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files: {} });
  scene.write({ Dockerfile: `FROM ${scene.endpoint.registryHost}/base:1\n` });
  scene.aws.faults.add({ on: 'registry:GET manifests', effect: { kind: 'refuse' } });
  const { status, errors } = await scene.run({ tags: 'v1' });
  expect([status, errors]).toEqual([
    1,
    [expect.stringMatching(/cannot read the base image .*allow ecr:BatchGetImage/)],
  ]);
  expect(scene.aws.mutations()).toEqual([]);
});

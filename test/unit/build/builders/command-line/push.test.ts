import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Destination, Effects } from '../../../../../actions/build-and-push/src/builders/builder';
import { commandLineBuilder } from '../../../../../actions/build-and-push/src/builders/command-line/command-line';
import { isTagTaken } from '../../../../../actions/build-and-push/src/registry/errors';
import { spec } from '../spec';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'push-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Pushes with a program that fails to push, with these words. */
async function failureOf(words: string): Promise<Error> {
  const script = `#!${process.execPath}
if (process.argv[2] !== 'push') process.exit();
console.error(${JSON.stringify(words)});
process.exit(125);`;
  writeFileSync(join(folder, 'podman'), script, { mode: 0o755 });
  const env = { PATH: folder };
  const tool: Parameters<typeof commandLineBuilder>[0] = {
    name: 'podman',
    title: 'podman',
    features: new Set(),
    environment: () => env,
    login: () => ['login'],
    build: () => ({ args: ['build'] }),
    pushes: () => [{ name: 'r/a:v1', args: ['push'], digest: () => undefined }],
  };
  const temp = { path: () => folder, remove: () => {}, removeRemains: () => {} };
  const log = { info: () => {}, warn: () => {} } as unknown as Effects['log'];
  const clock = { now: () => 0, sleep: async () => {} };
  const builder = commandLineBuilder(tool, { env, log, clock, temp, signal: new AbortController().signal });
  const destination = { host: 'r', repository: 'a', tags: ['v1'], credentials: { user: 'u', password: 'p' } };
  const built = await builder.build(spec(), destination as unknown as Destination);
  return built.push().then(
    () => {
      throw new Error('it was pushed');
    },
    (error) => error,
  );
}

it.each([0, 200, 280, 400, 900, 2_000])(
  'knows an immutable tag that is there, though a builder says so after %i letters',
  async (before) => {
    const taken = "The image tag 'v1' already exists in the 'a' repository and cannot be overwritten";
    const error = await failureOf(`Error: ${'x'.repeat(before)} ${taken} because the tag is immutable.`);
    expect([isTagTaken(error), error.message]).toEqual([true, expect.stringMatching(/; use another tag$/)]);
  },
);

it('takes no other failure for that', async () => {
  const error = await failureOf('Error: denied');
  expect([isTagTaken(error), error.message]).toEqual([false, expect.stringMatching(/; see the output above$/)]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Destination, Effects } from '../../../../../actions/build-and-push/src/builders/builder';
import { commandLineBuilder } from '../../../../../actions/build-and-push/src/builders/command-line/command-line';
import { spec } from '../spec';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logout-test-'));
  // It builds and logs out for ever, whatever it is asked.
  const script = `#!${process.execPath}
if (process.argv[2] === 'login') process.exit();
process.on('SIGTERM', () => {});
console.log(process.argv[2]);
setInterval(() => {}, 1000);`;
  writeFileSync(join(folder, 'finch'), script, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  [0, 2_600],
  [1_500, 1_100],
  [2_500, 300],
])(
  'a logout after an interruption has what the builder, which took %i ms to end, has left: %i ms',
  async (took, left) => {
    const ending = new AbortController();
    const waits: number[] = [];
    let now = 0;
    const clock: Effects['clock'] = {
      now: () => now,
      // Nobody waits: a program that was asked to end has used up its time at once.
      sleep: async (ms) => void waits.push(ms),
    };
    const log = {
      info: () => {
        ending.abort(new Error('interrupted'));
        now = took;
      },
    } as unknown as Effects['log'];
    const env = { PATH: folder };
    const tool: Parameters<typeof commandLineBuilder>[0] = {
      name: 'finch',
      title: 'finch',
      features: new Set(),
      environment: () => env,
      login: () => ['login'],
      logout: () => ['logout'],
      build: () => ({ args: ['build'] }),
      pushes: () => [],
    };
    const temp = { path: () => folder, remove: () => {}, removeRemains: () => {} };
    const builder = commandLineBuilder(tool, { env, log, clock, temp, signal: ending.signal });
    const destination = { host: 'r', repository: 'a', tags: ['v1'], credentials: { user: 'u', password: 'p' } };
    await expect(builder.build(spec(), destination as unknown as Destination)).rejects.toThrow('interrupted');
    expect(waits).toContain(left);
    expect(waits).not.toContain(10_000);
    // It is killed with no time to end of its own.
    expect(waits).toContain(0);
  },
);

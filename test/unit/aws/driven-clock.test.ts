import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../../local/aws/embedded';
import { runNode } from '../../support/process';

const preload = join(__dirname, '../../support/driven-clock.cjs');

let aws: EmbeddedAws;
let http: Endpoint;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driven-clock-test-'));
  aws = createEmbeddedAws();
  http = await aws.listen();
});
afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program under the preload; answers what it wrote as JSON. */
async function run(program: string): Promise<unknown> {
  const script = join(folder, 'program.js');
  writeFileSync(script, `const { setTimeout: delay } = require('timers/promises');\n(async () => {${program}})();`);
  const env = { EMBEDDED_CLOCK_URL: http.endpoint };
  const ended = await runNode(script, [], { env, nodeArguments: ['--require', preload] });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(ended.stdout);
}

describe('a real process under the preload', () => {
  it('sleeps an hour at once, and the date follows', async () => {
    const start = aws.clock.now();
    const seen = await run(`
      const before = [Date.now(), new Date().toISOString()];
      const value = await delay(3_600_000, 'slept');
      console.log(JSON.stringify([...before, value, Date.now(), new Date().getTime()]));
    `);
    const end = start + 3_600_000;
    expect(seen).toEqual([start, new Date(start).toISOString(), 'slept', end, end]);
    expect(aws.clock.now()).toBe(end);
  });

  it('runs what is due on the way', async () => {
    let ranAt = 0;
    const start = aws.clock.now();
    aws.clock.after(5_000, () => {
      ranAt = aws.clock.now();
    });
    await run(`await delay(60_000); console.log('1')`);
    expect(ranAt).toBe(start + 5_000);
  });

  it('leaves other dates and timers alone', async () => {
    const seen = await run(`
      const real = await new Promise((resolve) => setTimeout(resolve, 1, 'real'));
      const day = new Date(2026, 0, 5);
      console.log(JSON.stringify([real, new Date(0).toISOString(), day instanceof Date, day.getDate(), Date.parse('1970-01-01'), Date.UTC(1970, 0, 2)]));
    `);
    expect(seen).toEqual(['real', '1970-01-01T00:00:00.000Z', true, 5, 0, 86_400_000]);
  });

  it.each([
    ['before', `ending.abort('why');`, ''],
    ['during', '', `ending.abort('why');`],
  ])('rejects as Node does when it is aborted %s the sleep', async (_when, before, during) => {
    const seen = await run(`
      const ending = new AbortController();
      ${before}
      const sleep = delay(60_000, undefined, { signal: ending.signal });
      ${during}
      await sleep.catch(({ name, code, cause }) => console.log(JSON.stringify([name, code, cause])));
    `);
    expect(seen).toEqual(['AbortError', 'ABORT_ERR', 'why']);
  });
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulationClock } from '../../local/aws/clock';
import { actionGrace, type ChildOptions, runChild } from '../../local/runner/child';

let place: string;
let clock: SimulationClock;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'child-test-'));
  clock = new SimulationClock();
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** A program that is asked to end once it has said `ready`; `asked` resolves with what it says next. */
function started(program: string, options: Partial<ChildOptions> = {}) {
  const ending = new AbortController();
  let said = (_: string) => {};
  const asked = new Promise<string>((resolve) => {
    said = resolve;
  });
  const line = (text: string) => {
    if (text === 'ready\n') ending.abort('SIGTERM');
    else said(text);
  };
  const env = { PATH: process.env['PATH']! };
  const status = runChild(process.execPath, ['-e', program], {
    cwd: place,
    env,
    line,
    signal: ending.signal,
    clock,
    ...options,
  });
  return { status, asked };
}

/** Says that it heard the signal, and ends with status 143 only when it finds the file `end`. */
const slow = `
  process.on('SIGTERM', () => console.log('heard'));
  setInterval(() => { if (require('fs').existsSync('end')) process.exit(143); }, 10);
  console.log('ready');`;

describe('a program that was asked to end', () => {
  it('is killed just before three seconds are over', async () => {
    const { status, asked } = started(slow);
    expect(await asked).toBe('heard\n');
    await clock.advance(actionGrace);
    expect([await status, existsSync(join(place, 'end')), actionGrace < 3_000]).toEqual([137, false, true]);
  });

  it('is not killed in the time that a deployment needs for its rollback and its report', async () => {
    const { status, asked } = started(slow);
    await asked;
    await clock.advance(2_500);
    writeFileSync(join(place, 'end'), '');
    expect(await status).toBe(143);
  });

  it('has the time that it is given', async () => {
    const { status, asked } = started(slow, { grace: 100 });
    await asked;
    await clock.advance(100);
    expect(await status).toBe(137);
  });
});

import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Command, runCommand } from '../../../../actions/build-and-push/src/process/run-command';
import { type Clock, systemClock } from '../../../../shared/clock';
import { SimulationClock } from '../../../local/aws/clock';

/** Runs a Node script as the command. */
function run(
  script: string,
  more: Partial<Command> = {},
  { clock = systemClock, signal = new AbortController().signal }: { clock?: Clock; signal?: AbortSignal } = {},
) {
  const command = { program: process.execPath, args: ['-e', script], env: process.env, ...more };
  return { result: runCommand(command, { clock, signal }) };
}

/** Starts a process in a session of its own, which holds the output, and tells its number. */
const leaveBehind = `
  const { spawn } = require('node:child_process');
  const left = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  left.unref();
  console.log(left.pid);`;

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await setImmediate();
  }
}

describe('runCommand', () => {
  it('gives lines of both streams as they come, whatever they end with', async () => {
    const seen: string[] = [];
    const script = "process.stdout.write('a\\r\\nb\\rc\\n'); process.stderr.write('d'); process.exitCode = 3";
    const { status, lines } = await run(script, { onLine: (line) => seen.push(line) }).result;
    expect(status).toBe(3);
    expect([...lines].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(seen).toEqual(lines);
  });

  it('hands over the input, and words as they are', async () => {
    const script = "process.stdin.on('data', (text) => console.log(String(text), process.argv[1]))";
    const { lines } = await run('', { args: ['-e', script, '$(id) "x"'], input: 'secret' }).result;
    expect(lines).toEqual(['secret $(id) "x"']);
  });

  it('keeps the last lines only', async () => {
    const { lines } = await run('for (let i = 0; i < 1000; i++) console.log(i)').result;
    expect([lines.length, lines[0], lines[199]]).toEqual([200, '800', '999']);
  });

  it('says that a program is not installed', async () => {
    const { status, lines } = await run('', { program: 'no-such-program' }).result;
    expect([status, lines]).toEqual([127, ['no-such-program is not installed']]);
  });

  it('gives up a program that does not answer in time', async () => {
    const { status, lines } = await run(
      'setInterval(() => {}, 1000)',
      { timeoutMs: 5_000 },
      { clock: new SimulationClock() },
    ).result;
    expect(status).not.toBe(0);
    expect(lines).toEqual(['no answer within 5 s']);
  });

  it('ends a program that ignores SIGTERM', async () => {
    const ending = new AbortController();
    const script = "process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)";
    const onLine = () => ending.abort(new Error('interrupted'));
    const { result } = run(script, { onLine }, { clock: new SimulationClock(), signal: ending.signal });
    await expect(result).rejects.toThrow('interrupted');
  });

  it('ends with a program what it has started in another session', async () => {
    const ending = new AbortController();
    let left = 0;
    const onLine = (line: string) => {
      left = Number(line);
      ending.abort(new Error('interrupted'));
    };
    const { result } = run(`${leaveBehind} setInterval(() => {}, 1000)`, { onLine }, { signal: ending.signal });
    await expect(result).rejects.toThrow('interrupted');
    await untilGone(left);
  });

  it('does not wait for what a program has left behind with its output', async () => {
    let left = 0;
    let tell = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const onLine = (line: string) => {
      left = Number(line);
      tell();
    };
    const { status } = await run(leaveBehind, { onLine }, { clock: { now: () => 0, sleep: () => told } }).result;
    process.kill(left);
    expect(status).toBe(0);
  });

  it('says which signal ended a program', async () => {
    const { status, lines } = await run("process.kill(process.pid, 'SIGKILL')").result;
    expect([status, lines]).toEqual([137, ['ended by SIGKILL, perhaps out of memory']]);
  });

  it('keeps the beginning of a line that never ends, and continues after it', async () => {
    const script = `
      const part = 'x'.repeat(1024 * 1024);
      for (let i = 0; i < 40; i++) process.stdout.write(part);
      process.stdout.write('\\nnext\\r');
      setTimeout(() => process.stdout.write('\\nlast'), 50);`;
    const { lines } = await run(script).result;
    expect(lines).toEqual([`${'x'.repeat(32 * 1024)}…`, 'next', 'last']);
  });

  it('cuts no line that is as long as it may be, and none in two', async () => {
    const script = "process.stdout.write('x'.repeat(32 * 1024) + '\\r\\n' + 'y'.repeat(32 * 1024 + 1) + '\\rz')";
    const { lines } = await run(script).result;
    expect(lines).toEqual(['x'.repeat(32 * 1024), `${'y'.repeat(32 * 1024)}…`, 'z']);
  });

  it('kills within two seconds, and does not wait for its output then', async () => {
    const ending = new AbortController();
    const waits: number[] = [];
    const clock: Clock = {
      now: () => 0,
      sleep: async (ms) => void waits.push(ms),
    };
    const script = `${leaveBehind} process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    const onLine = () => ending.abort(new Error('interrupted'));
    await expect(run(script, { onLine }, { clock, signal: ending.signal }).result).rejects.toThrow('interrupted');
    expect(waits).toEqual([2_000]);
  });

  it('kills what a program starts while it ends', async () => {
    const ending = new AbortController();
    const seen: string[] = [];
    let kill = () => {};
    const asked = new Promise<void>((resolve) => {
      kill = resolve;
    });
    const clock: Clock = { now: () => 0, sleep: () => asked };
    const script = `process.on('SIGTERM', () => { ${leaveBehind} }); console.log('ready'); setInterval(() => {}, 1000)`;
    const onLine = (line: string) => {
      seen.push(line);
      if (line === 'ready') ending.abort(new Error('interrupted'));
      else kill();
    };
    await expect(run(script, { onLine }, { clock, signal: ending.signal }).result).rejects.toThrow('interrupted');
    await untilGone(Number(seen[1]));
  });
});

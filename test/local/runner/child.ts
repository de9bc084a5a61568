import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { systemClock, type Timer } from '../../../shared/clock';

export interface ChildOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Every line of standard output and error, with its line break where it has one. */
  readonly line: (line: string) => void;
  /** Asks the process to end; its reason is the name of a signal. */
  readonly signal: AbortSignal;
  /** Milliseconds that it has to end after it was asked to, default `actionGrace`; then it is killed. */
  readonly grace?: number;
  /** Measures the grace. Default: the machine's. */
  readonly clock?: Timer;
}

/**
 * Milliseconds in which an action ends by itself after a signal: a deployment asks for its rollback within 2.4 seconds, and then
 * writes outputs and report. A run with its actions is over three seconds after a signal.
 */
export const actionGrace = 2_900;

/** A line that is longer is cut into several, so that no output fills the memory. */
const longestLine = 1024 * 1024;

/**
 * Runs a program to its end and answers with its exit status, 128 + n where a signal ended it. Its process group ends
 * with it, and on every way out of this process.
 */
export async function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<number> {
  const { cwd, env, signal, grace = actionGrace, clock = systemClock } = options;
  if (signal.aborted) return statusOf(signal.reason as NodeJS.Signals);
  // A process group of its own, so that what an action has started can be ended with it.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const flush = [child.stdout, child.stderr].map((stream) => splitLines(stream, options.line));
  const kill = (name: NodeJS.Signals) => endGroup(child.pid, name);
  const killNow = () => kill('SIGKILL');
  let spare = () => {};
  const ask = () => {
    kill(signal.reason as NodeJS.Signals);
    spare = clock.after(grace, killNow);
  };
  process.once('exit', killNow);
  signal.addEventListener('abort', ask);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      // The group ends when its leader does: what still holds the pipes would otherwise keep this waiting.
      child.once('exit', killNow);
      child.once('close', (code, by) => resolve(by ? statusOf(by) : (code ?? 1)));
    });
  } finally {
    spare();
    signal.removeEventListener('abort', ask);
    process.off('exit', killNow);
    for (const end of flush) end();
  }
}

const statusOf = (name: NodeJS.Signals) => 128 + constants.signals[name];

function endGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group has ended already.
  }
}

/** Cuts a stream into lines. The answer passes on what is left when the stream has ended. */
function splitLines(stream: NodeJS.ReadableStream, line: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = decoder.write(chunk).split(/(?<=\n)/);
    for (const part of lines) {
      rest += part;
      if (!part.endsWith('\n') && rest.length < longestLine) continue;
      line(rest);
      rest = '';
    }
  });
  return () => {
    if (rest) line(rest);
  };
}

import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Clock } from '../../../shared/clock';

/** A program and its words. No shell reads them. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** Written to its standard input: the place for secrets. */
  readonly input?: string;
  /** Called with each line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Given up after this time, as if it had failed. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  /** Exit status; 127 where the program is not installed. */
  readonly status: number;
  /** The last lines of output and errors, in the order in which they came. */
  readonly lines: readonly string[];
}

const keptLines = 200;
/** As a shell says it. */
const notInstalled = 127;
/** How long a program that was asked to end may take to do so. */
const graceMs = 5_000;

/** Runs a program to its end. An abort ends it with all its children, then rejects with the signal's reason. */
export async function runCommand(
  command: Command,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<CommandResult> {
  if (signal.aborted) throw signal.reason;
  const child = start(command);
  const lines: string[] = [];
  const take = (line: string) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    command.onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) splitLines(stream, take);
  const finished = new AbortController();
  const stop = () => void end(child, clock, finished.signal);
  signal.addEventListener('abort', stop, { once: true });
  void giveUp(command.timeoutMs, clock, finished.signal).then((reason) => {
    take(reason);
    stop();
  }, ignore);
  const status = await ending(child).catch((error: NodeJS.ErrnoException) => {
    take(error.code === 'ENOENT' ? `${command.program} is not installed` : error.message);
    return notInstalled;
  });
  finished.abort();
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw signal.reason;
  return { status, lines };
}

/** A process group of its own, so that its children can be ended with it. */
function start({ program, args, cwd, env, input }: Command): ChildProcessWithoutNullStreams {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that ends without reading its input is no failure of ours.
  child.stdin.on('error', ignore);
  child.stdin.end(input ?? '');
  return child;
}

/** Resolves when a program has taken too long; rejects when it has finished before. */
async function giveUp(timeoutMs: number | undefined, clock: Clock, finished: AbortSignal): Promise<string> {
  if (timeoutMs === undefined) return new Promise(ignore);
  await clock.sleep(timeoutMs, finished);
  return `no answer within ${timeoutMs / 1000} s`;
}

const ignore = () => {};

function ending(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}

async function end(child: ChildProcess, clock: Clock, finished: AbortSignal): Promise<void> {
  kill(child, 'SIGTERM');
  await clock.sleep(graceMs, finished).then(() => kill(child, 'SIGKILL'), ignore);
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Progress bars end their lines with a carriage return only; each state of one is a line. */
function splitLines(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const parts = (rest + text).split(/\r?\n|\r(?!$)/);
    rest = parts.pop()!;
    for (const line of parts) take(line);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}

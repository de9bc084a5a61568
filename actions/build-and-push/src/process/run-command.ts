import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Clock } from '../../../../shared/clock';
import { descendantsOf } from './process-tree';

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
  /** How long it may take to end when it is asked to; 2 seconds. */
  readonly graceMs?: number;
}

export interface CommandResult {
  /** Exit status; 127 where the program is not installed. */
  readonly status: number;
  /** The last lines of output and errors, in the order in which they came. */
  readonly lines: readonly string[];
}

const keptLines = 200;
/** Characters of a line that are kept: more than any that a person reads, or the answer of a builder about itself. */
const longestLine = 32 * 1024;
/** As a shell says it. */
const notInstalled = 127;
/** How long what a program has left behind may hold its output after its end. */
const drainMs = 2_000;
/** How long a program that was asked to end may take to do so: the action itself has three seconds from a signal on. */
const graceMs = 2_000;

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
  let isAskedToEnd = false;
  const stop = () => {
    isAskedToEnd = true;
    void end(child, command.graceMs ?? graceMs, clock, finished.signal);
  };
  signal.addEventListener('abort', stop, { once: true });
  void giveUp(command.timeoutMs, clock, finished.signal).then((reason) => {
    take(reason);
    stop();
  }, ignore);
  child.on('exit', (_, killer) => {
    if (killer && !isAskedToEnd) take(`ended by ${killer}${killer === 'SIGKILL' ? ', perhaps out of memory' : ''}`);
  });
  const drained = () => clock.sleep(drainMs, finished.signal);
  const status = await ending(child, () => (signal.aborted ? Promise.resolve() : drained())).catch(
    (error: NodeJS.ErrnoException) => {
      take(error.code === 'ENOENT' ? `${command.program} is not installed` : error.message);
      return notInstalled;
    },
  );
  finished.abort();
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw signal.reason;
  return { status, lines };
}

/** A process group of its own, so that its children can be ended with it. */
function start({ program, args, cwd, env, input }: Command): ChildProcessWithoutNullStreams {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program may end without reading its input.
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

/** The exit status, when all output has come; what a program leaves behind may hold that back for as long as it lives. */
function ending(child: ChildProcess, drained: () => Promise<void>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      const result = signal ? 128 + constants.signals[signal] : (status ?? 1);
      child.on('close', () => resolve(result));
      void drained().then(() => resolve(result), ignore);
    });
  });
}

/** Ends a program and everything that it has started. What outlives its time, or the action itself, is killed. */
async function end(child: ChildProcess, grace: number, clock: Clock, finished: AbortSignal): Promise<void> {
  const family = new Set(descendantsOf(child.pid!));
  const killAll = () => {
    // While it ends it may start others; once it has ended they cannot be found.
    for (const pid of descendantsOf(child.pid!)) family.add(pid);
    kill(child, 'SIGKILL');
    for (const pid of family) kill({ pid: -pid }, 'SIGKILL');
  };
  process.once('exit', killAll);
  child.once('exit', killAll);
  kill(child, 'SIGTERM');
  await clock.sleep(grace, finished).then(killAll, ignore);
  process.off('exit', killAll);
}

/** A signal to the group of a process; to a process alone where its number is negative. */
function kill({ pid }: Pick<ChildProcess, 'pid'>, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * Progress bars end their lines with a carriage return only; each state of one is a line. Of a line that is too long the
 * beginning is kept, so that output without line breaks takes no memory.
 */
function splitLines(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const parts = (rest + text).split(/\r?\n|\r(?!$)/);
    const last = parts.pop()!;
    // A carriage return at the end may be the half of a line break.
    rest = last.endsWith('\r') ? `${beginning(last.slice(0, -1))}\r` : beginning(last);
    for (const line of parts) take(shown(line));
  });
  stream.on('end', () => {
    if (rest !== '') take(shown(rest));
  });
}

/** One character more tells that there was more. */
const beginning = (line: string) => line.slice(0, longestLine + 1);

const shown = (line: string) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);

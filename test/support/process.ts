import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface Ended {
  /** As a shell tells it: 128 + n where signal n ended the process itself. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams in the order of arrival. */
  readonly output: string;
}

/** A run, in a process of its own or not, that signals can be sent to. */
export interface Killable {
  /** Whether there was a run to send it to. */
  kill(signal: NodeJS.Signals): boolean;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly node?: string;
  /** Arguments of Node itself, such as `--require`. */
  readonly nodeArguments?: readonly string[];
  /** Another user than that of the tests. */
  readonly uid?: number;
  /** Called with the process as soon as it has been started. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with all output so far whenever there is more. */
  readonly onOutput?: (output: string, child: ChildProcess) => void;
}

/** Resolves when a process of somebody else has ended: one that was killed needs a moment for it, longer where others are busy. */
export async function processEnd(pid: number): Promise<void> {
  while (isRunning(pid)) await pause(10);
}

/** An orphan that has ended may stay in the table of processes until somebody asks for its status: a zombie. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}

/** What a process needs to run at all; nothing of this machine's credentials or settings leaks into a test. */
export const plainEnvironment = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  TMPDIR: process.env['TMPDIR'],
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  // Tests leave nothing in the home folder.
  NODE_DISABLE_COMPILE_CACHE: '1',
};

/** Runs a script in a real Node process, with only the environment given, and answers when it has ended. */
export function runNode(script: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(options.node ?? process.execPath, [...(options.nodeArguments ?? []), script, ...args], {
    cwd: options.cwd,
    ...(options.uid !== undefined && { uid: options.uid }),
    env: { ...plainEnvironment, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  const said = { stdout: '', stderr: '', output: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
      said.output += text;
      options.onOutput?.(said.output, child);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ status: code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15), ...said });
    });
  });
}

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Summary } from './summary';

export interface Crash {
  readonly seed: number;
  readonly crash: string;
}

export interface Job {
  readonly player: string;
  readonly seed: number;
  readonly runs: number;
  readonly workers: number;
  readonly story?: boolean;
  /** The seeds are places in the list of the worlds that have a name. */
  readonly named?: boolean;
  onSummary(result: Summary | Crash): void;
  /** Whether no more seeds are needed. */
  isEnough?(): boolean;
}

/** A world that takes longer than this in real time, in milliseconds, will never end. */
const patience = 180_000;
/** A process plays this many worlds; then another one takes over, with a memory of its own. */
const most = 500;
/** Nearly all objects of a world are short-lived: with more room than V8 gives them, they cost a tenth less of the time. */
const largeNursery = '--max-semi-space-size=64';
/** Each run writes a few files that go with its world: in memory, all takes a fifth less of the time. */
const folderInMemory = existsSync('/dev/shm') ? { TMPDIR: '/dev/shm' } : {};

/** Plays seeds in processes of their own. Resolves when all are played, or enough. */
export async function playAll(job: Job): Promise<void> {
  let next = 0;
  const workers = Math.min(job.workers, job.runs);
  const work = async () => {
    while (next < job.runs && !job.isEnough?.()) {
      const count = Math.min(most, Math.ceil((job.runs - next) / workers), job.runs - next);
      const first = next;
      next += count;
      await playSome(job, job.seed + first, count);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** Plays seeds one after the other. A world that never ends counts as a crash, and those behind it are played by another process. */
async function playSome(job: Job, seed: number, count: number): Promise<void> {
  for (let from = seed; from < seed + count; ) {
    const stuckAt = await playIn(job, from, seed + count - from);
    if (stuckAt === undefined || job.isEnough?.()) return;
    job.onSummary({ seed: stuckAt, crash: 'the process stood still or died' });
    from = stuckAt + 1;
  }
}

/** The answer is the seed at which the process stood still. */
function playIn(job: Job, first: number, count: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const args = [String(first), String(count), ...(job.story ? ['story'] : []), ...(job.named ? ['named'] : [])];
    // Source maps cost a fifth of the time; whoever replays a world to read its story has them.
    const execArgv = [largeNursery, ...(job.story ? ['--enable-source-maps'] : [])];
    const child = fork(job.player, args, { execArgv, env: { ...process.env, ...folderInMemory, TZ: 'UTC' } });
    let current = first;
    let done = 0;
    let watchdog = wakeUp(child);
    child.on('message', (message: Summary | Crash | { readonly begins: number }) => {
      clearTimeout(watchdog);
      watchdog = wakeUp(child);
      if ('begins' in message) current = message.begins;
      else {
        done++;
        job.onSummary(message);
        if (job.isEnough?.()) child.kill('SIGKILL');
      }
    });
    child.on('exit', () => {
      clearTimeout(watchdog);
      resolve(done === count ? undefined : current);
    });
  });
}

const wakeUp = (child: ChildProcess) => setTimeout(() => child.kill('SIGKILL'), patience);

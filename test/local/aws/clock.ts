import type { Timer } from '../../../shared/clock';

type Job = () => void | Promise<void>;

interface DueJob {
  readonly at: number;
  readonly run: Job;
  isCancelled: boolean;
}

/**
 * The time of the embedded AWS. It stands still until somebody advances it; what is due on the way happens in order, at
 * its own time. An action that sleeps on it advances it, so a test of an hour takes milliseconds.
 */
export class SimulationClock implements Timer {
  #now: number;
  /** The next one first; of several at one time, the one that was asked for first. */
  readonly #jobs: DueJob[] = [];
  #advancing: Promise<void> = Promise.resolve();

  constructor(start: number = Date.parse('2026-01-05T09:00:00Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.#now);
  }

  /** Runs a job `ms` milliseconds from now. The answer cancels it. */
  after(ms: number, run: Job): () => void {
    const job = { at: this.#now + Math.max(0, ms), run, isCancelled: false };
    this.#jobs.splice(this.#placeOf(job.at), 0, job);
    return () => {
      job.isCancelled = true;
    };
  }

  /** Moves time on and runs what is due on the way, jobs that those jobs add included. Calls queue up. */
  advance(ms: number): Promise<void> {
    return this.advanceUnless(() => false, ms);
  }

  /** Moves time on too, but no further than to what makes `isOver` true. */
  advanceUnless(isOver: () => boolean, ms: number): Promise<void> {
    this.#advancing = this.#advancing.then(() => this.#runUntil(this.#now + ms, isOver));
    return this.#advancing;
  }

  /** The sleeper drives the time. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw signal.reason;
    await this.advance(ms);
    if (signal?.aborted) throw signal.reason;
  }

  /** When the next job is due; undefined if there is none. */
  nextAt(): number | undefined {
    while (this.#jobs[0]?.isCancelled) this.#jobs.shift();
    return this.#jobs[0]?.at;
  }

  async #runUntil(end: number, isOver: () => boolean): Promise<void> {
    for (let at = this.nextAt(); at !== undefined && at <= end && !isOver(); at = this.nextAt()) {
      const job = this.#jobs.shift()!;
      this.#now = Math.max(this.#now, at);
      await job.run();
    }
    if (!isOver()) this.#now = end;
  }

  /** Behind all jobs up to this time. */
  #placeOf(at: number): number {
    let [from, to] = [0, this.#jobs.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#jobs[middle]!.at <= at) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/**
 * Lets a simulation run with the real time, `scale` times as fast. A machine that stalls stalls the simulation too: what
 * happens in real time (requests, processes) would otherwise be skipped over. The answer stops it.
 */
export function followRealTime(clock: SimulationClock, scale: number, everyMs = 50): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    void clock.advance(Math.min(now - last, longestTick * everyMs) * scale);
    last = now;
  }, everyMs);
  return () => clearInterval(timer);
}

/** Ticks that may be late at once before the simulation waits for the machine. */
const longestTick = 4;

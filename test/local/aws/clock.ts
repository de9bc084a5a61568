import type { Clock } from '../../../shared/clock';

type Job = () => void | Promise<void>;

/**
 * The time of the embedded AWS. It stands still until somebody advances it; what is due on the way happens in order, at
 * its own time. An action that sleeps on it advances it, so a test of an hour takes milliseconds.
 */
export class SimulationClock implements Clock {
  #now: number;
  #order = 0;
  #jobs: { readonly at: number; readonly order: number; readonly run: Job }[] = [];
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
    const job = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#jobs.push(job);
    return () => {
      this.#jobs = this.#jobs.filter((other) => other !== job);
    };
  }

  /** Moves time on and runs what is due on the way, jobs that those jobs add included. Calls queue up. */
  advance(ms: number): Promise<void> {
    this.#advancing = this.#advancing.then(() => this.#runUntil(this.#now + ms));
    return this.#advancing;
  }

  /** The sleeper drives the time. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw signal.reason;
    await this.advance(ms);
    if (signal?.aborted) throw signal.reason;
  }

  async #runUntil(end: number): Promise<void> {
    for (let job = this.#next(end); job; job = this.#next(end)) {
      this.#jobs = this.#jobs.filter((other) => other !== job);
      this.#now = Math.max(this.#now, job.at);
      await job.run();
    }
    this.#now = end;
  }

  #next(end: number) {
    const due = this.#jobs.filter((job) => job.at <= end);
    return due.sort((a, b) => a.at - b.at || a.order - b.order)[0];
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

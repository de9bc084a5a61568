/** Time as the actions see it. Handed in, so that tests drive it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that can also call back while something else is running. */
export interface Timer extends Clock {
  /** Calls back after `ms` milliseconds, unless the answer is called before. */
  after(ms: number, ring: () => void): () => void;
}

/** The machine's clock, as it was at the start: setting it during a run must not end or stretch a wait. */
export const systemClock: Timer = {
  now: () => performance.timeOrigin + performance.now(),
  async sleep(ms, signal) {
    // Required here, not imported: few runs sleep, and it takes long to load.
    const { setTimeout: delay } = require('node:timers/promises') as typeof import('node:timers/promises');
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error;
    }
  },
  after(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};

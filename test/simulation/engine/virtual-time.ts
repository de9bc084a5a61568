import type { SimulationClock } from '../../local/aws/clock';

/** What is kept of the process, as the simulation needs it while everybody else gets the virtual one. */
const real = { setImmediate, Date, random: Math.random, setTimeout, clearTimeout, setInterval, clearInterval };

/** How many turns of the event loop without any sign of life count as standing still. */
const quietTurns = 2;

/** So many turns are spent on work outside of JavaScript before its end is waited for without using the processor that it needs. */
const patientTurns = 50;
const breath = () => new Promise((resolve) => real.setTimeout(resolve, 1));

/** Work outside of JavaScript that is on its way, such as the reading of a file: the clock must not overtake it. */
const isOutside = () => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));

/**
 * The time of a whole process: timers, dates and sleeps of the code under test follow the clock of the embedded AWS, which moves
 * to the next thing due only when everybody waits for it. So a request that hangs is given up by the product's own limit, and an
 * hour takes milliseconds.
 */
export class VirtualTime {
  /** Milliseconds by which the clock of this machine is ahead of that of AWS. */
  skew = 0;
  /** Milliseconds by which its dates differ further: its wall clock was set, which no measured time follows. */
  #jump = 0;
  #signs = 0;

  constructor(readonly clock: SimulationClock) {}

  /** The time by the clock of this machine. */
  now(): number {
    return this.clock.now() + this.skew;
  }

  /** Somebody sets the clock of this machine. */
  setWallClock(by: number): void {
    this.#jump = by;
  }

  /** Something happened, so that more may follow from it. */
  stir(): void {
    this.#signs++;
  }

  /** Calls back so many milliseconds from now; the answer takes it back. */
  after(ms: number, act: () => void): () => void {
    this.stir();
    return this.clock.after(ms, () => {
      this.stir();
      act();
    });
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.after(ms, () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      });
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Moves on from one thing due to the next until it is done. @throws Error when nothing is left that could end it */
  async runUntil(isDone: () => boolean, latest: number): Promise<void> {
    for (;;) {
      await this.settle();
      if (isDone()) return;
      const at = this.clock.nextAt();
      if (at === undefined || at > latest) throw new Error('the simulation stands still: somebody waits for ever');
      await this.clock.advance(at - this.clock.now());
    }
  }

  /** Waits until nothing happens any more without the time moving on. */
  async settle(): Promise<void> {
    let outside = 0;
    for (let quiet = 0; quiet < quietTurns; ) {
      const before = this.#signs;
      await (outside < patientTurns ? new Promise((resolve) => real.setImmediate(resolve)) : breath());
      if (before !== this.#signs) quiet = outside = 0;
      else if (isOutside()) {
        quiet = 0;
        outside++;
      } else quiet++;
    }
  }

  /** Replaces timers, dates and chance of this process. The answer gives them back. */
  install(random: () => number): () => void {
    const now = () => this.now() + this.#jump;
    const later = (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      timer((again) => this.after(again ?? ms, () => act(...args)));
    const often = (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const every = timer(() => this.after(ms, tick));
      const tick = () => {
        act(...args);
        every.refresh();
      };
      return every;
    };
    const stop = (one: Timer | undefined) => one?.close?.();
    Object.assign(globalThis, {
      setTimeout: later,
      setInterval: often,
      clearTimeout: stop,
      clearInterval: stop,
      Date: virtualDate(now),
    });
    Math.random = random;
    return () => {
      const { setImmediate: _, random: __, ...before } = real;
      Object.assign(globalThis, before);
      Math.random = real.random;
    };
  }
}

interface Timer {
  close(): void;
  refresh(): Timer;
  ref(): Timer;
  unref(): Timer;
  hasRef(): boolean;
}

function timer(start: (ms?: number) => () => void): Timer {
  let cancel = start();
  const self: Timer = {
    close: () => cancel(),
    refresh() {
      cancel();
      cancel = start();
      return self;
    },
    ref: () => self,
    unref: () => self,
    hasRef: () => true,
  };
  return self;
}

/** The class Date whose now is another one. */
const virtualDate = (now: () => number): DateConstructor =>
  new Proxy(real.Date, {
    construct: (target, args, wanted) => Reflect.construct(target, args.length > 0 ? args : [now()], wanted) as object,
    apply: () => new real.Date(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });

import type { SimulationClock } from '../clock';

/** What ends a course from outside. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Notifies those who wait for a condition of each change, so that nobody has to poll every second of a day. */
export class Changes {
  #waiting: (() => void)[] = [];

  /** Calls back once, at the next change. The returned function cancels it. */
  next(callback: () => void): () => void {
    this.#waiting.push(callback);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== callback);
    };
  }

  notify(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  }
}

/** A sequence of steps on the simulation's clock that can be ended from outside at any wait. */
export class Course {
  readonly #world: { readonly clock: SimulationClock; readonly changes: Changes };
  #abandon: () => void = () => {};
  #ended = false;

  constructor(world: { readonly clock: SimulationClock; readonly changes: Changes }) {
    this.#world = world;
  }

  /** Goes on `ms` milliseconds later, before the clock moves on. */
  wait(ms: number): Promise<void> {
    return this.#pause(ms, false);
  }

  /** Waits until a condition holds; false when `timeoutMs` went by first. */
  async until(holds: () => boolean, timeoutMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const { clock } = this.#world;
    const deadline = clock.now() + timeoutMs;
    while (!holds()) {
      if (clock.now() >= deadline) return false;
      await this.#pause(deadline - clock.now(), true);
    }
    return true;
  }

  /** Ends the course: the wait it is in, or the next one, never returns to its steps. */
  interrupt(): void {
    this.#ended = true;
    this.#abandon();
  }

  /** Runs the steps; an interruption ends them quietly. */
  async run(steps: () => Promise<void>): Promise<void> {
    try {
      await steps();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }

  #pause(ms: number, orChange: boolean): Promise<void> {
    const { clock, changes } = this.#world;
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new Interrupted());
      const wake = async () => {
        forget();
        resolve();
        await settled();
      };
      let cancelTimer = Number.isFinite(ms) ? clock.after(ms, wake) : () => {};
      const cancelChange = orChange
        ? changes.next(() => {
            cancelTimer();
            cancelTimer = clock.after(0, wake);
          })
        : () => {};
      const forget = () => {
        cancelTimer();
        cancelChange();
        this.#abandon = () => {};
      };
      this.#abandon = () => {
        forget();
        reject(new Interrupted());
      };
    });
  }
}

/** Lets everything that follows from a resolved promise happen, so that the clock cannot run ahead of it. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

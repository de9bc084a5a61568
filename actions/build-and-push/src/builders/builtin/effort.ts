import { setImmediate } from 'node:timers/promises';
import { BuildProblem } from './dockerfile/problem';

/** Characters and entries that the instructions of one build may make; a large real Dockerfile makes a hundredth of it. */
export const mostEffort = 64 * 1024 * 1024;
/** How long an instruction after the other may keep everything else from its turn. */
const turnMs = 50;

/**
 * The effort of one build. Instructions are short and what they make is not: one whose variables grow, repeated a hundred
 * thousand times, would take hours.
 */
export class Effort {
  #left = mostEffort;
  #turnBegan = performance.now();

  /** @throws BuildProblem when all is spent; so do all that follow */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left >= 0) return;
    const problem = `the instructions up to here make more than ${mostEffort} characters from their variables and ranges`;
    throw new BuildProblem(`${problem}, the most that is allowed`);
  }

  /** Lets signals and requests have their turn. Rejects with the reason of a signal. */
  async pause(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#turnBegan >= turnMs) {
      await setImmediate();
      this.#turnBegan = performance.now();
    }
    if (signal.aborted) throw signal.reason;
  }
}

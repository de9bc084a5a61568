import { isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import { whyUnread } from '../aws/reads';

/** The calls of one poll, counted. What the role may not read is reported once and then skipped, in later polls too. */
export class CountedReads {
  #calls = 0;
  #trouble: unknown;
  #lacksMilestone = false;

  constructor(
    readonly say: (line: string) => void,
    readonly refused: Set<string> = new Set(),
  ) {}

  /** Those of a new poll: one that is left behind by its time counts for itself. */
  next(): CountedReads {
    return new CountedReads(this.say, this.refused);
  }

  get calls(): number {
    return this.#calls;
  }

  /** An error that kept a part from being read in this poll. */
  get trouble(): unknown {
    return this.#trouble;
  }

  /** What tells how far the deployment has come could not be read in this poll. */
  get lacksMilestone(): boolean {
    return this.#lacksMilestone;
  }

  /** A read that the outcome depends on. */
  needed<T>(cost: number, read: () => Promise<T>): Promise<T> {
    this.#calls += cost;
    return read();
  }

  /** A read that tells how far the deployment has come; a role need not have it. */
  async milestone<T>(what: string, cost: number, read: () => Promise<T>): Promise<T | undefined> {
    const before = this.#trouble;
    const value = await this.optional(what, cost, read);
    if (this.#trouble !== before) this.#lacksMilestone = true;
    return value;
  }

  /**
   * A read that the outcome does not depend on: refused once, it is not asked for again. After one that AWS did not answer,
   * the others of this poll are left out: the time of a poll is bounded.
   */
  async optional<T>(what: string, cost: number, read: () => Promise<T>): Promise<T | undefined> {
    if (this.refused.has(what) || this.#trouble !== undefined) return undefined;
    this.#calls += cost;
    try {
      return await read();
    } catch (error) {
      // The signal has ended the request: the role may read it all the same.
      if (['AbortError', 'Interruption'].includes((error as Error)?.name)) throw error;
      if (isThrottling(error) || isLostAnswer(error)) this.#trouble = error;
      else {
        this.say(`${what} cannot be shown: ${whyUnread(error)}`);
        this.refused.add(what);
      }
      return undefined;
    }
  }
}

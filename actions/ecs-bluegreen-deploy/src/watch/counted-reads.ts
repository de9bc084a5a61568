import { isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import { whyUnread } from '../aws/reads';

/** The calls of one poll after another, counted. What the role may not read is told once and then left out. */
export class CountedReads {
  readonly #refused = new Set<string>();
  #calls = 0;
  #trouble: unknown;

  constructor(readonly say: (line: string) => void) {}

  /** A new poll begins. */
  begin(): void {
    this.#calls = 0;
    this.#trouble = undefined;
  }

  get calls(): number {
    return this.#calls;
  }

  /** An error that kept a part from being read in this poll. */
  get trouble(): unknown {
    return this.#trouble;
  }

  /** A read that the outcome depends on. */
  needed<T>(cost: number, read: () => Promise<T>): Promise<T> {
    this.#calls += cost;
    return read();
  }

  /** A read that the outcome does not depend on: refused once, it is not asked for again. */
  async optional<T>(what: string, cost: number, read: () => Promise<T>): Promise<T | undefined> {
    if (this.#refused.has(what)) return undefined;
    this.#calls += cost;
    try {
      return await read();
    } catch (error) {
      // The signal has ended the request: the role may read it all the same.
      if (['AbortError', 'Interruption'].includes((error as Error)?.name)) throw error;
      if (isThrottling(error) || isLostAnswer(error)) this.#trouble = error;
      else {
        this.say(`${what} cannot be shown: ${whyUnread(error)}`);
        this.#refused.add(what);
      }
      return undefined;
    }
  }
}

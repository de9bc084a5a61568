import type { History, RunFact } from '../history';

/** Something that must not be. */
export interface Violation {
  /** The rule that is broken, by its short name. */
  readonly rule: string;
  readonly run: string;
  /** What is wrong, for whoever has to find out why. */
  readonly what: string;
}

/** A rule about one run in its world. */
export type RunRule = (run: RunFact, history: History) => string | undefined | readonly string[];

import type { Seen } from './snapshot';
import type { State } from './watch-state';

/** What a look gave. */
export interface Looked<O extends Seen> {
  readonly observation: O;
  /** Calls that it made. */
  readonly calls: number;
  /** An error that kept a part of it from being read this time. */
  readonly trouble: unknown;
}

/** One who looks at a deployment again and again. */
export interface Looker<O extends Seen> {
  /** Looks once, with a few calls. @throws errors of AWS where the deployment itself cannot be read */
  look(state: State<O>): Promise<Looked<O>>;
}

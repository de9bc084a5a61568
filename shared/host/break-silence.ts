import type { Timer } from '../clock';
import type { Log } from './log';

/** Milliseconds without a line, after which a log looks like that of a run that hangs. Those who report on time say something sooner. */
const longestSilence = 61_000;

/** A log that says something itself where nobody else does for a minute, such as while requests hang one after the other. */
export interface LivelyLog {
  readonly log: Log;
  /** From now on it is silent. */
  end(): void;
}

/**
 * @param line what it says, such as what is waited for
 */
export function breakSilence({ log, clock }: { readonly log: Log; readonly clock: Timer }, line: string): LivelyLog {
  let lastAt = clock.now();
  let cancel = () => {};
  const wake = () => {
    if (clock.now() - lastAt >= longestSilence) lively.info(line);
    // Set once a minute, and not with each line.
    cancel = clock.after(lastAt + longestSilence - clock.now(), wake);
  };
  const noting =
    <A extends unknown[], R>(say: (...args: A) => R) =>
    (...args: A): R => {
      lastAt = clock.now();
      return say(...args);
    };
  const lively: Log = {
    ...log,
    info: noting(log.info),
    warn: noting(log.warn),
    error: noting(log.error),
    finding: noting(log.finding),
    group: noting(log.group),
  };
  cancel = clock.after(longestSilence, wake);
  return { log: lively, end: () => cancel() };
}

import { constants } from 'node:os';

/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP, with the signal's name as its reason. A second one ends this process
 * at once, with all that hangs on its exit.
 */
export function untilSignal(): AbortSignal {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (ending.signal.aborted) process.exit(128 + constants.signals[name]);
      ending.abort(name);
    });
  }
  return ending.signal;
}

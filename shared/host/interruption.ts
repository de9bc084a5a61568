import type { EventEmitter } from 'node:events';
import type { Timer } from '../clock';
import type { Log } from './log';

/** The reason why a job is to end: a signal came. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  constructor(readonly signalName: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`interrupted by ${signalName}`);
  }
}

/** What a process hears of its system; `process` itself, in an action that runs alone. */
export type ProcessEvents = Pick<EventEmitter, 'on' | 'once'>;

/** The first signal asks the action to come to an end; a second one ends it at once. */
export function interruptions(
  log: Log,
  { events, exit }: { readonly events: ProcessEvents; readonly exit: (status: number) => void },
): AbortSignal {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    events.on(name, () => {
      if (ending.signal.aborted) return exit(statusAfter(name));
      log.warn(`${name}: stopping; a second signal ends at once`);
      ending.abort(new Interruption(name));
    });
  }
  return ending.signal;
}

/** Fails with the signal's reason when the time after it is over; never without such a time. */
export const overdue = (signal: AbortSignal, graceMs: number | undefined, clock: Pick<Timer, 'after'>) =>
  new Promise<never>((_, reject) => {
    if (graceMs === undefined) return;
    signal.addEventListener('abort', () => clock.after(graceMs, () => reject(signal.reason)), { once: true });
  });

/** The exit status of a run that a signal ended; undefined where none came. */
export const statusOf = (signal: AbortSignal): number | undefined =>
  signal.aborted ? statusAfter((signal.reason as Interruption).signalName) : undefined;

/** As a shell tells it. */
function statusAfter(name: Interruption['signalName']): number {
  // Required here, not imported: most runs hear no signal.
  const { constants } = require('node:os') as typeof import('node:os');
  return 128 + constants.signals[name];
}

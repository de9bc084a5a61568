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

/** What a run hears of signals. */
export interface Interruptions {
  /** Aborted by the first signal, with its Interruption. Made when it is asked for: Node loads what aborts only then. */
  readonly signal: AbortSignal;
  /** The first signal, once it has come. */
  first(): Interruption | undefined;
  /** Calls back when the first signal comes. */
  onFirst(act: (interruption: Interruption) => void): void;
}

/**
 * A terminal, npm and `timeout` send a signal to a process and to its group, so that it comes twice: for so many milliseconds it is
 * the same one.
 */
const sameSignalWithin = 500;

/** What a run does at signals. */
export interface AtSignals {
  readonly events: ProcessEvents;
  readonly clock: Pick<Timer, 'now'>;
  /** Reports that the run ends unfinished, before it is ended. */
  readonly sayCutShort: (name: Interruption['signalName']) => void;
  readonly exit: (status: number) => void;
}

/** The first signal asks the action to come to an end; a second one ends it at once. */
export function interruptions(log: Log, { events, clock, sayCutShort, exit }: AtSignals): Interruptions {
  let first: Interruption | undefined;
  let firstAt = 0;
  let ending: AbortController | undefined;
  const acts: ((interruption: Interruption) => void)[] = [];
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    events.on(name, () => {
      if (first) {
        if (clock.now() - firstAt < sameSignalWithin) return;
        sayCutShort(name);
        return exit(statusAfter(name));
      }
      log.warn(`${name}: stopping; a second signal ends at once`);
      firstAt = clock.now();
      first = new Interruption(name);
      ending?.abort(first);
      for (const act of acts) act(first);
    });
  }
  return {
    get signal() {
      ending ??= new AbortController();
      if (first) ending.abort(first);
      return ending.signal;
    },
    first: () => first,
    onFirst: (act) => acts.push(act),
  };
}

/** Fails with the first signal when the time after it is over; never without such a time. */
export const overdue = (
  { onFirst }: Pick<Interruptions, 'onFirst'>,
  graceMs: number | undefined,
  clock: Pick<Timer, 'after'>,
) =>
  new Promise<never>((_, reject) => {
    if (graceMs === undefined) return;
    onFirst((interruption) => clock.after(graceMs, () => reject(interruption)));
  });

/** The exit status of a run that a signal ended; undefined where none came. */
export function statusOf({ first }: Pick<Interruptions, 'first'>): number | undefined {
  const interruption = first();
  return interruption && statusAfter(interruption.signalName);
}

/** As a shell tells it. */
function statusAfter(name: Interruption['signalName']): number {
  // Required here, not imported: most runs hear no signal.
  const { constants } = require('node:os') as typeof import('node:os');
  return 128 + constants.signals[name];
}

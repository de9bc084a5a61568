import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { interruptions } from '../../../shared/host/interruption';

/** Sends signals at times (milliseconds), and answers with what came of them. */
function after(signals: readonly (readonly [at: number, name: NodeJS.Signals])[]) {
  const events = new EventEmitter();
  const did: string[] = [];
  let now = 0;
  const { signal, first } = interruptions({ warn: (text: string) => did.push(text) } as never, {
    events,
    clock: { now: () => now },
    sayCutShort: (name) => did.push(`cut short by ${name}`),
    exit: (status) => did.push(`exit ${status}`),
  });
  for (const [at, name] of signals) {
    now = at;
    events.emit(name);
  }
  return { did, aborted: signal.aborted, first: first()?.signalName };
}

const stopping = (name: string) => `${name}: stopping; a second signal ends at once`;

describe('a signal', () => {
  it.each<[string, readonly [number, NodeJS.Signals][], readonly string[]]>([
    ['ends the job', [[5, 'SIGINT']], [stopping('SIGINT')]],
    [
      'is one that comes to a process and its group',
      [
        [5, 'SIGINT'],
        [6, 'SIGINT'],
        [504, 'SIGTERM'],
      ],
      [stopping('SIGINT')],
    ],
    [
      'ends everything at once that comes again later',
      [
        [5, 'SIGINT'],
        [505, 'SIGTERM'],
      ],
      [stopping('SIGINT'), 'cut short by SIGTERM', 'exit 143'],
    ],
  ])('%s', (_, signals, did) => {
    expect(after(signals)).toEqual({ did, aborted: true, first: 'SIGINT' });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { ComputeEvent } from '../../local/aws/compute';
import { recordHistory, sliceBetween } from '../../local/tour/history';
import type { Counts } from '../../local/tour/load';

const counts = (versions: Record<string, number>, failed = 0): Counts => ({
  versions: new Map(Object.entries(versions)),
  failed,
  lost: 0,
});

describe('sliceBetween', () => {
  it.each([
    [counts({ Old: 1 }), counts({ Old: 4, New: 1 }), { blue: 75, green: 25, failed: 0 }],
    [counts({}), counts({ Old: 2 }, 1), { blue: 66.7, green: 0, failed: 33.3 }],
    [counts({ Old: 5 }, 1), counts({ Old: 5 }, 1), undefined],
  ])('of %j and %j is what came between', (before, now, slice) => {
    expect(sliceBetween(before, now, 'New')).toEqual(slice);
  });
});

it('recordHistory records slices and events until its end', () => {
  let at = 1_000;
  let total = counts({});
  let see: (event: ComputeEvent) => void = () => {};
  let tick = () => {};
  let stopped = 0;
  const stop = () => void stopped++;
  const recorder = recordHistory({
    compute: {
      onEvent(listener) {
        see = listener;
        return stop;
      },
    },
    load: { total: () => total },
    green: 'New',
    now: () => at,
    every(_, call) {
      tick = call;
      return stop;
    },
  });
  at = 1_250;
  total = counts({ Old: 9, New: 1 });
  tick();
  tick();
  see({ type: 'lifecycle', at: 0, id: 'd-1', event: 'AllowTraffic', status: 'InProgress' });
  see({ type: 'lifecycle', at: 0, id: 'd-1', event: 'AllowTraffic', status: 'Succeeded' });
  see({ type: 'deployment', at: 0, id: 'd-1', status: 'Stopped' });
  see({ type: 'deployment', at: 0, id: 'd-2', status: 'Succeeded' });
  recorder.note('alarm', true);
  recorder.end();
  expect(recorder.history).toEqual({
    slices: [{ at: 250, blue: 90, green: 10, failed: 0 }],
    moments: [
      { at: 250, text: 'AllowTraffic', bad: false },
      { at: 250, text: 'deployment stopped', bad: true },
      { at: 250, text: 'rollback succeeded', bad: false },
      { at: 250, text: 'alarm', bad: true },
    ],
  });
  expect(stopped).toBe(2);
});

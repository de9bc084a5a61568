import { describe, expect, it } from '@jest/globals';
import type { Timer } from '../../shared/clock';
import { type Polled, type Polling, type PollStep, poll } from '../../shared/poll';
import { SimulationClock } from '../local/aws/clock';

interface Answer extends Partial<Polled<number>> {
  /** Milliseconds that the read takes. */
  readonly takes?: number;
}

/** A driven clock, and the times at which something was read. */
function scene(parts: Partial<Polling<number>> & { readonly answers?: readonly Answer[] } = {}) {
  const { answers = [], ...options } = parts;
  const time = new SimulationClock(0);
  // What follows from a ring happens before time runs on.
  const clock: Timer = {
    now: () => time.now(),
    sleep: (ms, signal) => time.sleep(ms, signal),
    after: (ms, ring) =>
      time.after(ms, () => {
        ring();
        return settled();
      }),
  };
  const reads: number[] = [];
  const read = async (): Promise<Polled<number>> => {
    reads.push(clock.now());
    const { takes = 0, ...answer } = answers[reads.length - 1] ?? {};
    const value = reads.length;
    await settled();
    await time.advance(takes);
    return { value, calls: 1, slowDown: false, isComplete: true, ...answer };
  };
  return { polling: { clock, interval: 5_000, read, ...options }, reads, clock };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The first `count` steps. */
async function stepsOf(polling: Polling<number>, count: number): Promise<PollStep<number>[]> {
  const steps: PollStep<number>[] = [];
  for await (const step of poll(polling)) {
    steps.push(step);
    if (steps.length === count) break;
  }
  return steps;
}

const steps = async (polling: Polling<number>, count: number) =>
  (await stepsOf(polling, count)).map(({ value }) => value);

describe('when a poll reads', () => {
  it('is at once, and then after each interval', async () => {
    const { polling, reads } = scene();
    expect(await steps(polling, 3)).toEqual([1, 2, 3]);
    expect(reads).toEqual([0, 5_000, 10_000]);
  });

  it('leaves a second and a half for each call', async () => {
    const { polling, reads } = scene({ interval: 1_000, answers: [{ calls: 4 }, { calls: 0 }] });
    await steps(polling, 3);
    expect(reads).toEqual([0, 6_000, 7_000]);
  });

  it('doubles the pause up to half a minute while it is slowed down, and halves it again', async () => {
    const slow = Array.from({ length: 4 }, () => ({ slowDown: true }));
    const { polling, reads } = scene({ answers: slow });
    await steps(polling, 8);
    const pauses = reads.slice(1).map((at, index) => at - reads[index]!);
    expect(pauses).toEqual([10_000, 20_000, 30_000, 30_000, 15_000, 7_500, 5_000]);
  });

  it('is the deadline itself, although nothing is due then', async () => {
    const { polling, reads } = scene({ deadline: 7_000 });
    expect(await steps(polling, 3)).toEqual([1, 2, 3]);
    expect(reads).toEqual([0, 5_000, 7_000]);
  });
});

describe('the last step', () => {
  const lasts = async (polling: Polling<number>, count: number) =>
    (await stepsOf(polling, count)).map(({ isLast }) => isLast);

  it('is what was read at the deadline', async () => {
    const { polling } = scene({ deadline: 7_000 });
    expect(await lasts(polling, 3)).toEqual([false, false, true]);
  });

  it('comes after reads of twenty seconds where none shows enough', async () => {
    const { polling, reads, clock } = scene({ deadline: 7_000, answers: Array(20).fill({ isComplete: false }) });
    expect(await lasts(polling, 10)).toEqual([...Array(9).fill(false), true]);
    expect(reads).toEqual([0, 5_000, 7_000, 10_000, 13_000, 16_000, 19_000, 22_000, 25_000]);
    expect(clock.now()).toBe(27_000);
  });

  it('is the first of them that shows enough', async () => {
    const { polling, reads } = scene({ deadline: 4_000, answers: [1, 2, 3].map(() => ({ isComplete: false })) });
    expect(await lasts(polling, 4)).toEqual([false, false, false, true]);
    expect(reads).toEqual([0, 4_000, 7_000, 10_000]);
  });

  it('does not rest on a read that began before the deadline', async () => {
    const { polling, reads } = scene({ deadline: 7_000, answers: [{}, { takes: 10_000 }] });
    const all = await stepsOf(polling, 3);
    expect(all).toEqual([
      { value: 1, isLast: false },
      { value: undefined, isLast: false },
      { value: 3, isLast: true },
    ]);
    expect(reads).toEqual([0, 5_000, 7_000]);
  });

  it('comes twenty seconds after a deadline that was over when it began', async () => {
    const { polling, clock } = scene({ deadline: -60_000, answers: Array(20).fill({ isComplete: false }) });
    const all = await lasts(polling, 8);
    expect([all.indexOf(true), clock.now()]).toEqual([7, 20_000]);
  });
});

describe('a poll wakes where that is asked for', () => {
  it('without a read', async () => {
    const { polling, reads, clock } = scene({ interval: 50_000 });
    let wokenAt = 0;
    const values: (number | undefined)[] = [];
    for await (const { value } of poll({ ...polling, wakeAt: () => wokenAt + 20_000 })) {
      values.push(value);
      wokenAt = clock.now();
      if (values.length === 4) break;
    }
    expect(values).toEqual([1, undefined, undefined, 2]);
    expect(reads).toEqual([0, 50_000]);
  });

  it('while a read takes long', async () => {
    const { polling, clock } = scene({ answers: [{ takes: 50_000 }] });
    let wokenAt = 0;
    const woken: number[] = [];
    for await (const { value } of poll({ ...polling, wakeAt: () => wokenAt + 20_000 })) {
      wokenAt = clock.now();
      woken.push(wokenAt);
      if (value !== undefined) break;
    }
    expect(woken).toEqual([20_000, 40_000, 50_000]);
  });
});

it('a poll ends with the reason of its signal, and with the error of a read', async () => {
  const reason = new Error('stop');
  await expect(steps(scene({ signal: AbortSignal.abort(reason) }).polling, 2)).rejects.toBe(reason);
  const failing = async () => Promise.reject(reason);
  await expect(steps(scene({ read: failing }).polling, 1)).rejects.toBe(reason);
});

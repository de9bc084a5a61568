import { describe, expect, it } from '@jest/globals';
import { type Polled, type Polling, poll } from '../../shared/poll';

/** A clock that stands still but for its sleeps, and the times at which something was read. */
function scene(parts: Partial<Polling<number>> & { readonly answers?: readonly Partial<Polled<number>>[] } = {}) {
  const { answers = [], ...options } = parts;
  let time = 0;
  const reads: number[] = [];
  const clock = {
    now: () => time,
    async sleep(ms: number, signal?: AbortSignal) {
      if (signal?.aborted) throw signal.reason;
      time += ms;
    },
  };
  const read = async (): Promise<Polled<number>> => {
    reads.push(time);
    return { value: reads.length, calls: 1, slowDown: false, ...answers[reads.length - 1] };
  };
  return { polling: { clock, interval: 5_000, read, ...options }, reads, now: () => time };
}

/** What the first `count` steps yield. */
async function steps(polling: Polling<number>, count: number): Promise<(number | undefined)[]> {
  const values: (number | undefined)[] = [];
  for await (const value of poll(polling)) {
    values.push(value);
    if (values.length === count) break;
  }
  return values;
}

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

it('a poll wakes without a read where that is asked for', async () => {
  const { polling, reads, now } = scene({ interval: 50_000 });
  let wokenAt = 0;
  const values: (number | undefined)[] = [];
  for await (const value of poll({ ...polling, wakeAt: () => wokenAt + 20_000 })) {
    values.push(value);
    wokenAt = now();
    if (values.length === 4) break;
  }
  expect(values).toEqual([1, undefined, undefined, 2]);
  expect(reads).toEqual([0, 50_000]);
});

it('a poll ends with the reason of its signal, and with the error of a read', async () => {
  const reason = new Error('stop');
  await expect(steps(scene({ signal: AbortSignal.abort(reason) }).polling, 2)).rejects.toBe(reason);
  const failing = async () => Promise.reject(reason);
  await expect(steps(scene({ read: failing }).polling, 1)).rejects.toBe(reason);
});

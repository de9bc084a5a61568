import { describe, expect, it } from '@jest/globals';
import type { ComputeEvent, TrafficShare } from '../../local/aws/compute';
import type { Counts } from '../../local/tour/load';
import { watchTraffic } from '../../local/tour/traffic-view';

const listenerArn = 'production';
const share = (targetGroupArn: string, weight: number): TrafficShare => ({
  targetGroupArn,
  weight,
  taskSet: 'blue',
  targets: [],
});

/** A listener whose weights the test moves, and a load whose windows are numbered. */
function stage() {
  let see: (event: ComputeEvent) => void = () => {};
  let windows = 0;
  const ended: [number, number][] = [];
  const view = watchTraffic({
    compute: {
      // The second target group has the traffic, as after every second deployment.
      traffic: () => [share('tg1', 0), share('tg2', 100)],
      onEvent: (listener) => {
        see = listener;
        return () => {
          see = () => {};
        };
      },
    },
    listenerArn,
    load: {
      cut: (): Counts => ({ versions: new Map([['all', windows++]]), failed: 0, lost: 0 }),
      now: () => ({ versions: new Map([['running', 1]]), failed: 0, lost: 0 }),
    },
    green: 'New York',
    ended: ({ asked, counts }) => ended.push([asked, counts.versions.get('all')!]),
  });
  const move = (tg1: number, arn = listenerArn) =>
    see({
      type: 'traffic',
      at: 0,
      listenerArn: arn,
      weights: [
        { targetGroupArn: 'tg1', weight: tg1 },
        { targetGroupArn: 'tg2', weight: 100 - tg1 },
      ],
    });
  return { view, move, ended };
}

describe('watchTraffic', () => {
  it('ends a window whenever the weight of green changes, and at the end', () => {
    const { view, move, ended } = stage();
    for (const weight of [10, 10, 50, 100]) move(weight);
    expect(view.end()).toHaveLength(4);
    expect(ended).toEqual([
      [0, 1],
      [10, 2],
      [50, 3],
      [100, 4],
    ]);
  });

  it('tells of the window that runs too', () => {
    const { view, move } = stage();
    move(10);
    expect(view.windows().map(({ asked, counts }) => [asked, ...counts.versions.keys()])).toEqual([
      [0, 'all'],
      [10, 'running'],
    ]);
  });

  it('looks at its own listener only, and at nothing after the end', () => {
    const { view, move, ended } = stage();
    move(100, 'test');
    view.end();
    move(10);
    expect(ended).toEqual([[0, 1]]);
  });
});

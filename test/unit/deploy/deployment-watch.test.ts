import { expect, it } from '@jest/globals';
import { next } from '../../../actions/ecs-bluegreen-deploy/src/controllers/ecs/service-moves';
import type { ServiceSnapshot } from '../../../actions/ecs-bluegreen-deploy/src/controllers/ecs/service-snapshot';
import { type PollResult, watchBy } from '../../../actions/ecs-bluegreen-deploy/src/watch/deployment-watch';
import { watchFrom } from '../../../actions/ecs-bluegreen-deploy/src/watch/watch-state';
import { own, serviceSnapshot } from './service-snapshots';

it('a read that nobody waited for any more does not count as one of the watching that follows', async () => {
  const answers: ((result: PollResult<ServiceSnapshot>) => void)[] = [];
  const poll = () => new Promise<PollResult<ServiceSnapshot>>((resolve) => answers.push(resolve));
  const watch = watchBy(watchFrom(own, 'completed', 60_000, 0), { poll }, next);
  const left = watch.poll();
  answers[0]!({ snapshot: serviceSnapshot(), calls: 1, trouble: undefined, isComplete: true });
  await left;
  watch.extend(90_000);
  void watch.poll();
  watch.advance(90_000, true);
  expect(watch.state).toMatchObject({ last: undefined, end: { status: 'TIMED_OUT', unseenSince: 0 } });
});

it('where nothing is waited for, one that was never seen may be over: it is read until it is seen', () => {
  const watch = watchFrom(own, 'none', 60_000, 0);
  const unread = next(watch, undefined, 10_000);
  expect(unread.state.end).toBeUndefined();
  expect(next(unread.state, serviceSnapshot(), 20_000).state.end).toEqual({ status: 'IN_PROGRESS', reached: 'none' });
  expect(next(unread.state, undefined, 60_000).state.end).toEqual({ status: 'TIMED_OUT', unseenSince: 0 });
});

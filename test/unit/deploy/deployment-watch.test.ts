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

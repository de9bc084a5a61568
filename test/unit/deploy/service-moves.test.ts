import { describe, expect, it } from '@jest/globals';
import { next } from '../../../actions/ecs-bluegreen-deploy/src/controllers/ecs/service-moves';
import {
  type ServiceSnapshot,
  snapshotOf,
} from '../../../actions/ecs-bluegreen-deploy/src/controllers/ecs/service-snapshot';
import {
  advancingStatuses,
  finalStatuses,
  returningStatuses,
  stages,
} from '../../../actions/ecs-bluegreen-deploy/src/plan/ecs-lifecycle';
import { isAtLeast, milestones } from '../../../actions/ecs-bluegreen-deploy/src/plan/wait';
import type { WatchState } from '../../../actions/ecs-bluegreen-deploy/src/watch/model';
import { watchFrom, watchRollback, watchUntil } from '../../../actions/ecs-bluegreen-deploy/src/watch/watch-state';
import { fc } from '../../support/properties';
import { other, own, serviceSnapshot } from './service-snapshots';

type State = WatchState<ServiceSnapshot>;

const hour = 3_600_000;
const start: State = watchFrom(own, 'completed', hour, 0);

/** The state after looks five seconds apart. */
const lookAt = (looks: readonly ServiceSnapshot[], from: State = start): State =>
  looks.reduce((state, look, at) => next(state, look, (at + 1) * 5_000).state, from);

const goingBack = { id: undefined, status: 'InProgress', error: undefined };
const back = { id: undefined, status: 'Succeeded', error: undefined };
const byUser = 'Service deployment was stopped by a user request.';
const failedHook = { id: 'h', target: 'CheckPage', status: 'FAILED', expiresAt: undefined, timeoutAction: undefined };
const letGo = { ...failedHook, id: 'p', target: 'PAUSE', status: 'TIMED_OUT', timeoutAction: 'CONTINUE' };

describe('the end of a service deployment', () => {
  const stopped = serviceSnapshot({ status: 'STOPPED', reason: byUser });
  const returning = serviceSnapshot({ status: 'ROLLBACK_IN_PROGRESS', reason: 'why' });

  it.each<[string, Partial<ServiceSnapshot>[], object | undefined]>([
    ['is a success when it is successful', [{ status: 'SUCCESSFUL' }], { status: 'SUCCEEDED' }],
    ['is absent while it runs', [{ stage: 'CLEAN_UP' }], undefined],
    ['is absent while it goes back', [returning], undefined],
    ['is absent while it is being stopped', [{ status: 'STOP_REQUESTED' }], undefined],
    [
      'is a rollback when that succeeded, for the first cause',
      [returning, { status: 'ROLLBACK_SUCCESSFUL', reason: 'another' }],
      { status: 'ROLLED_BACK', cause: 'why', rollback: back },
    ],
    [
      'is a failure when the rollback failed too',
      [returning, { status: 'ROLLBACK_FAILED', reason: 'no capacity' }],
      { status: 'FAILED', cause: 'why', rollback: { ...back, status: 'Failed', error: 'no capacity' } },
    ],
    ['looks for a successor twice when it was stopped', [stopped], undefined],
    [
      'is a stop when there is no successor',
      [stopped, stopped],
      { status: 'STOPPED', cause: `somebody stopped it (${byUser})`, rollback: undefined },
    ],
    [
      'is a supersession when there is one',
      [{ ...stopped, successor: { id: other } }],
      { status: 'SUPERSEDED', by: other, cause: `somebody stopped it (${byUser})` },
    ],
    [
      'is a failure when the circuit breaker tripped, although somebody deployed after it',
      [1, 2].map(() => ({ status: 'STOPPED', breaker: { failures: 3 }, successor: { id: other } })),
      { status: 'FAILED', cause: 'the circuit breaker tripped after 3 failed tasks', rollback: undefined },
    ],
    [
      'names the alarm',
      [{ ...returning, alarmed: true, alarms: ['Errors'] }, { status: 'ROLLBACK_SUCCESSFUL' }],
      { status: 'ROLLED_BACK', cause: 'an alarm went off: Errors (why)', rollback: back },
    ],
    [
      'names the hook',
      [{ ...returning, hooks: [failedHook] }, { status: 'ROLLBACK_SUCCESSFUL' }],
      { status: 'ROLLED_BACK', cause: 'the hook CheckPage failed (why)', rollback: back },
    ],
    [
      'names the hook that failed, not one that was let go on when its time was up',
      [{ ...returning, hooks: [letGo, failedHook] }, { status: 'ROLLBACK_SUCCESSFUL' }],
      { status: 'ROLLED_BACK', cause: 'the hook CheckPage failed (why)', rollback: back },
    ],
    [
      'names no hook that was let go on when its time was up',
      [
        { ...stopped, hooks: [letGo] },
        { ...stopped, hooks: [letGo] },
      ],
      { status: 'STOPPED', cause: `somebody stopped it (${byUser})`, rollback: undefined },
    ],
    [
      'names the function that did not answer in time',
      [
        { ...returning, hooks: [{ ...failedHook, status: 'TIMED_OUT', timeoutAction: 'ROLLBACK' }] },
        { status: 'ROLLBACK_SUCCESSFUL' },
      ],
      { status: 'ROLLED_BACK', cause: 'the hook CheckPage did not answer in time (why)', rollback: back },
    ],
  ])('%s', (_, looks, end) => {
    expect(lookAt(looks.map(serviceSnapshot)).end).toEqual(end);
  });

  it.each([
    [
      'the circuit breaker',
      { deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3 } },
      undefined,
      'the circuit breaker tripped after 3 failed tasks',
    ],
    [
      'an event of the service',
      {},
      '(deployment ecs-svc/2) deployment failed: tasks failed to start.',
      'tasks failed to start',
    ],
    ['what ECS wanted', { rollback: { reason: 'Alarms were triggered.' } }, undefined, 'Alarms were triggered'],
  ] as const)(
    'that never rolled back names once why it could not, and first why it was to: %s',
    (_, deployment, event, why) => {
      const none = 'No rollback candidate was found to run the rollback.';
      const context = { last: undefined, now: 0, targetGroups: { blue: undefined, green: undefined } };
      const snapshot = snapshotOf(
        { serviceDeploymentArn: own, status: 'ROLLBACK_FAILED', statusReason: none, ...deployment },
        context,
      );
      const serviceEvents = event ? [{ id: '1', message: event }] : [];
      expect(next(start, { ...snapshot, serviceEvents }, 5_000).state.end).toEqual({
        status: 'FAILED',
        cause: why,
        rollback: { id: undefined, status: 'Failed', error: none.slice(0, -1) },
      });
    },
  );

  it('is a supersession when ECS says so and shows no successor', () => {
    const replaced = serviceSnapshot({
      status: 'STOPPED',
      reason: 'Service deployment was stopped because a newer service deployment started',
      successor: { id: undefined },
    });
    expect(lookAt([replaced, replaced]).end).toMatchObject({ status: 'SUPERSEDED', by: undefined });
  });

  it('is a time-out at the deadline, but a failure when it goes back then', () => {
    expect(next(start, undefined, hour).state.end).toEqual({ status: 'TIMED_OUT', unseenSince: 0 });
    const seen = { ...start, last: serviceSnapshot(), seenAt: hour };
    expect(next(seen, undefined, hour).state.end).toEqual({ status: 'TIMED_OUT' });
    const neverSeen = { status: 'TIMED_OUT', unseenSince: hour };
    expect(next({ ...start, seenAt: hour }, undefined, hour).state.end).toEqual(neverSeen);
    expect(next(start, serviceSnapshot({ status: 'SUCCESSFUL' }), hour).state.end).toEqual({ status: 'SUCCEEDED' });
    expect(next(start, returning, hour).state.end).toEqual({ status: 'FAILED', cause: 'why', rollback: goingBack });
  });

  it('keeps the first cause when a rollback after a time-out follows', () => {
    const rolling = watchRollback(next(start, undefined, hour).state, 'it was not finished in time', 2 * hour);
    const ended = lookAt([returning, serviceSnapshot({ status: 'ROLLBACK_SUCCESSFUL' })], rolling);
    expect(ended.end).toEqual({ status: 'ROLLED_BACK', cause: 'it was not finished in time', rollback: back });
  });
});

describe('what is waited for', () => {
  const shifted = watchFrom(own, 'traffic-shifted', hour, 0);
  const tested = watchFrom(own, 'test-traffic', hour, 0);
  const rolling = { stage: undefined, blue: serviceSnapshot().blue };

  it.each<[string, State, Partial<ServiceSnapshot>, string | undefined]>([
    ['test traffic, while it is being moved', tested, { stage: 'TEST_TRAFFIC_SHIFT' }, undefined],
    ['test traffic, right after it', tested, { stage: 'POST_TEST_TRAFFIC_SHIFT' }, 'test-traffic'],
    ['test traffic, when its stage passed unseen', tested, { stage: 'PRODUCTION_TRAFFIC_SHIFT' }, 'test-traffic'],
    ['the traffic, while it is being moved', shifted, { stage: 'PRODUCTION_TRAFFIC_SHIFT' }, undefined],
    ['the traffic, while a hook looks at it', shifted, { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' }, undefined],
    ['the traffic, in the bake time', shifted, { stage: 'BAKE_TIME' }, 'traffic-shifted'],
    ['the traffic, when the bake time passed unseen', shifted, { stage: 'CLEAN_UP' }, 'traffic-shifted'],
    ['the traffic, on the way back', shifted, { stage: 'CLEAN_UP', status: 'ROLLBACK_IN_PROGRESS' }, undefined],
    ['the traffic, at a stage that is not known', shifted, { stage: 'SOMETHING_NEW' }, undefined],
    ['the traffic of a rolling deployment, with old tasks', shifted, rolling, undefined],
    [
      'the traffic of a rolling deployment, without old tasks and not known to be healthy',
      shifted,
      { ...rolling, blue: { ...serviceSnapshot().blue!, running: 0 } },
      undefined,
    ],
    [
      'the traffic of a rolling deployment, without old tasks',
      shifted,
      { ...rolling, blue: { ...serviceSnapshot().blue!, running: 0 }, targetsHealthy: true },
      'traffic-shifted',
    ],
  ])('%s', (_, from, look, reached) => {
    expect(lookAt([serviceSnapshot(look)], from).end).toEqual(reached && { status: 'IN_PROGRESS', reached });
  });
});

describe('a milestone that was reached before the watching was taken up again', () => {
  const reached = lookAt([serviceSnapshot({ stage: 'BAKE_TIME' })], watchFrom(own, 'traffic-shifted', hour, 0));
  const again = watchUntil(reached, hour);

  it('is reached when the deployment is still on its way', () => {
    expect(reached.end).toBeDefined();
    expect(lookAt([serviceSnapshot({ stage: 'BAKE_TIME' })], again).end).toEqual(reached.end);
  });

  it('is not until the deployment was read', () => {
    const later = next(again, undefined, 70_000).state;
    expect(later.end).toBeUndefined();
    const end = { status: 'ROLLED_BACK', cause: 'why' };
    expect(lookAt([serviceSnapshot({ status: 'ROLLBACK_SUCCESSFUL', reason: 'why' })], later).end).toMatchObject(end);
  });

  it('is a time-out when the deployment cannot be read any more', () => {
    expect(next(again, undefined, hour).state.end).toEqual({ status: 'TIMED_OUT', unseenSince: 0 });
  });
});

describe('what is reported', () => {
  const told = (before: Partial<ServiceSnapshot>, now: Partial<ServiceSnapshot>) =>
    next(lookAt([serviceSnapshot(before)]), serviceSnapshot(now), 10_000).events;

  it('is the stage that is over, and the one that began', () => {
    expect(told({ stage: 'SCALE_UP' }, { stage: 'BAKE_TIME', stageSince: 9_000 })).toEqual([
      { type: 'lifecycle', name: 'SCALE_UP', status: 'Succeeded', took: 9_000 },
      { type: 'lifecycle', name: 'BAKE_TIME', status: 'InProgress', took: undefined },
    ]);
  });

  it('is not a stage during a rollback', () => {
    const events = told({ stage: 'BAKE_TIME' }, { stage: 'SCALE_UP', status: 'ROLLBACK_IN_PROGRESS' });
    expect(events.map(({ type }) => type)).toEqual(['failed', 'rollback']);
  });

  it('is a hook that waits for somebody, once', () => {
    const hooks = [{ ...failedHook, target: 'PAUSE', status: 'AWAITING_ACTION', expiresAt: 0 }];
    const pause = { type: 'pause', stage: 'SCALE_UP', hook: 'h', otherwise: 'ROLLBACK at 1970-01-01T00:00:00.000Z' };
    expect(told({}, { hooks })).toEqual([pause]);
    expect(told({ hooks }, { hooks })).toEqual([]);
  });

  it('is a hook that waits for somebody behind many that have passed', () => {
    const passed = Array.from({ length: 66 }, (_, at) => ({ hookId: `p${at}`, status: 'SUCCEEDED' as const }));
    const waiting = { hookId: 'h', targetType: 'PAUSE' as const, status: 'AWAITING_ACTION' as const };
    const context = { last: undefined, now: 0, targetGroups: { blue: undefined, green: undefined } };
    const { hooks } = snapshotOf({ lifecycleHookDetails: [...passed, waiting] }, context);
    expect(told({}, { hooks })).toMatchObject([{ type: 'pause', hook: 'h' }]);
  });
});

const status = fc.constantFrom(...advancingStatuses, ...advancingStatuses, ...returningStatuses, ...finalStatuses);
const anySnapshot = fc
  .record({
    id: fc.constantFrom(own, own, own, other),
    status,
    stage: fc.constantFrom(...stages, undefined, 'SOMETHING_NEW'),
    alarmed: fc.boolean(),
    breaker: fc.constantFrom(undefined, { failures: 3 }),
    successor: fc.constantFrom(undefined, { id: undefined }, { id: other }),
  })
  .map(serviceSnapshot);
const anyLooks = fc.array(fc.option(anySnapshot, { nil: undefined }), { maxLength: 30 });

describe('whatever is seen', () => {
  it('success is only told when this very deployment succeeded, and nothing follows an end', () => {
    fc.assert(
      fc.property(anyLooks, fc.constantFrom(...milestones), (looks, until) => {
        let state: State = watchFrom(own, until, 100_000, 0);
        looks.forEach((look, at) => {
          const before = state;
          const step = next(state, look, (at + 1) * 5_000);
          state = step.state;
          if (before.end) expect([state, step.events]).toEqual([before, []]);
          expect(isAtLeast(state.reached, before.reached)).toBe(true);
          expect(before.cause === undefined || state.cause === before.cause).toBe(true);
          expect(step.events.filter(({ type }) => type === 'end')).toHaveLength(!before.end && state.end ? 1 : 0);
          expect(step.events.filter(({ type }) => type === 'failed').length).toBeLessThanOrEqual(before.cause ? 0 : 1);
        });
        expect(state.end?.status === 'SUCCEEDED').toBe(Boolean(state.end) && state.last?.status === 'SUCCESSFUL');
        if (state.end?.status === 'ROLLED_BACK') expect(state.last?.status).toBe('ROLLBACK_SUCCESSFUL');
      }),
    );
  });

  it('it ends at the deadline', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        const state = looks.reduce<State>(
          (from, look, at) => next(from, look, (at + 1) * 3_000).state,
          watchFrom(own, 'completed', 100_000, 0),
        );
        expect(next(state, undefined, 100_000).state.end).toBeDefined();
      }),
    );
  });
});

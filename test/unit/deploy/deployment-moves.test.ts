import { describe, expect, it } from '@jest/globals';
import { next } from '../../../actions/ecs-bluegreen-deploy/src/controllers/codedeploy/deployment-moves';
import {
  type DeploymentSnapshot,
  snapshotOf,
  withTarget,
} from '../../../actions/ecs-bluegreen-deploy/src/controllers/codedeploy/deployment-snapshot';
import { lifecycle } from '../../../actions/ecs-bluegreen-deploy/src/plan/codedeploy-lifecycle';
import { isAtLeast, milestones } from '../../../actions/ecs-bluegreen-deploy/src/plan/wait';
import type { WatchState } from '../../../actions/ecs-bluegreen-deploy/src/watch/model';
import { watchFrom, watchRollback } from '../../../actions/ecs-bluegreen-deploy/src/watch/watch-state';
import { fc } from '../../support/properties';
import { deploymentSnapshot } from './deployment-snapshots';

type State = WatchState<DeploymentSnapshot>;

const hour = 3_600_000;
const start: State = watchFrom('d-OURS', 'completed', hour, 0);

/** The state after looks five seconds apart. */
function lookAt(looks: readonly DeploymentSnapshot[], from: State = start): State {
  return looks.reduce((state, look, at) => next(state, look, (at + 1) * 5_000).state, from);
}

const manualStop = { code: 'MANUAL_STOP', message: 'The deployment was stopped by a user' };
const hookFailure = { code: 'HOOK_EXECUTION_FAILURE', message: 'a hook failed' };
const alarm = { code: 'ALARM_ACTIVE', message: 'Activated alarms: <Errors>' };
const rolledBack = { id: 'd-BACK', status: 'Succeeded', error: undefined };

describe('the end of a deployment', () => {
  const failed = deploymentSnapshot({ status: 'Failed', failedAt: 'AfterAllowTestTraffic', error: hookFailure });
  const stopped = deploymentSnapshot({ status: 'Stopped', upTo: 'Install', error: manualStop });
  const cause = 'AfterAllowTestTraffic failed: ScriptFailed: page is broken';

  it.each<[string, DeploymentSnapshot[], object | undefined]>([
    [
      'is a success when it succeeded',
      [deploymentSnapshot({ status: 'Succeeded', upTo: 'AfterAllowTraffic' })],
      { status: 'SUCCEEDED' },
    ],
    ['is absent while it runs', [deploymentSnapshot({ upTo: 'AfterAllowTraffic', terminationWait: true })], undefined],
    ['is absent while it waits to be continued', [deploymentSnapshot({ status: 'Ready' })], undefined],
    ['is a failure when nothing is rolled back', [failed], { status: 'FAILED', cause, rollback: undefined }],
    ['waits for a rollback that is due', [{ ...failed, rollbackEvents: ['DEPLOYMENT_FAILURE'] }], undefined],
    [
      'does not wait for one that CodeDeploy refuses',
      [{ ...failed, rollbackEvents: ['DEPLOYMENT_FAILURE'], rollbackRefused: 'there is no earlier revision' }],
      { status: 'FAILED', cause, rollback: undefined },
    ],
    [
      'waits for the end of a rollback',
      [{ ...failed, rollback: { id: 'd-BACK', status: 'InProgress', error: undefined } }],
      undefined,
    ],
    [
      'is a rollback when that succeeded',
      [
        { ...failed, rollbackEvents: ['DEPLOYMENT_FAILURE'] },
        { ...failed, rollback: rolledBack },
      ],
      { status: 'ROLLED_BACK', cause, rollback: rolledBack },
    ],
    [
      'is a failure when the rollback failed too',
      [{ ...failed, rollback: { id: 'd-BACK', status: 'Failed', error: 'no' } }],
      { status: 'FAILED', cause, rollback: { id: 'd-BACK', status: 'Failed', error: 'no' } },
    ],
    ['looks for a successor twice when it was stopped', [{ ...stopped, successor: { id: undefined } }], undefined],
    [
      'is a stop when there is no successor',
      [stopped, stopped].map((each) => ({ ...each, successor: { id: undefined } })),
      { status: 'STOPPED', cause: 'somebody stopped it (The deployment was stopped by a user)', rollback: undefined },
    ],
    [
      'is a supersession when there is one',
      [{ ...stopped, successor: { id: 'd-NEXT' } }],
      { status: 'SUPERSEDED', by: 'd-NEXT', cause: 'somebody stopped it (The deployment was stopped by a user)' },
    ],
    [
      'is a rollback when whoever stopped it asked for that',
      [{ ...stopped, rollback: rolledBack }],
      {
        status: 'ROLLED_BACK',
        rollback: rolledBack,
        cause: 'somebody stopped it (The deployment was stopped by a user)',
      },
    ],
    [
      'names the alarm',
      [1, 2].map(() => deploymentSnapshot({ status: 'Stopped', error: alarm })),
      { status: 'STOPPED', cause: 'an alarm went off: Activated alarms: <Errors>', rollback: undefined },
    ],
    [
      'waits for the rollback of an alarm',
      [1, 2].map(() =>
        deploymentSnapshot({ status: 'Stopped', error: alarm, rollbackEvents: ['DEPLOYMENT_STOP_ON_ALARM'] }),
      ),
      undefined,
    ],
    [
      'does not wait for a rollback of another kind of end',
      [1, 2].map(() => deploymentSnapshot({ status: 'Stopped', error: alarm, rollbackEvents: ['DEPLOYMENT_FAILURE'] })),
      { status: 'STOPPED', cause: 'an alarm went off: Activated alarms: <Errors>', rollback: undefined },
    ],
  ])('%s', (_, looks, end) => {
    expect(lookAt(looks).end).toEqual(end);
  });

  it('is a failure when a rollback that is due does not appear within half a minute', () => {
    const due = { ...failed, rollbackEvents: ['DEPLOYMENT_FAILURE'] };
    expect(lookAt([1, 2, 3, 4, 5, 6].map(() => due)).end).toBeUndefined();
    expect(lookAt([1, 2, 3, 4, 5, 6, 7].map(() => due)).end).toEqual({ status: 'FAILED', cause, rollback: undefined });
  });

  it('waits for a rollback that is said to be under way, although its deployment is not known yet', () => {
    const info = {
      deploymentId: 'd-OURS',
      status: 'Failed' as const,
      errorInformation: { code: 'HOOK_EXECUTION_FAILURE' as const, message: 'broken' },
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE' as const] },
    };
    const looks = ['The rollback is in progress.', 'Cannot be rolled back.'].map((rollbackMessage) =>
      snapshotOf({ ...info, rollbackInfo: { rollbackMessage } }),
    );
    expect(looks.map((look) => lookAt([look]).end?.status)).toEqual([undefined, 'FAILED']);
  });

  it('is a time-out at the deadline, without a look too, unless the last look showed the end', () => {
    expect(next(start, undefined, hour).state.end).toEqual({ status: 'TIMED_OUT', unseenSince: 0 });
    const seen = { ...start, last: deploymentSnapshot(), seenAt: hour };
    expect(next(seen, undefined, hour).state.end).toEqual({ status: 'TIMED_OUT' });
    const neverSeen = { status: 'TIMED_OUT', unseenSince: hour };
    expect(next({ ...start, seenAt: hour }, undefined, hour).state.end).toEqual(neverSeen);
    expect(next(start, deploymentSnapshot({ status: 'Succeeded' }), hour).state.end).toEqual({ status: 'SUCCEEDED' });
    expect(next(start, undefined, hour - 1).state.end).toBeUndefined();
  });

  it('keeps the first cause when a rollback after a time-out follows', () => {
    const late = next(start, undefined, hour).state;
    const rolling = watchRollback(late, 'it was not finished in time', hour + 240_000);
    const end = lookAt([{ ...stopped, rollback: rolledBack }], rolling).end;
    expect(end).toEqual({ status: 'ROLLED_BACK', cause: 'it was not finished in time', rollback: rolledBack });
  });
});

describe('what is waited for', () => {
  const shifted = watchFrom('d-OURS', 'traffic-shifted', hour, 0);
  const tested = watchFrom('d-OURS', 'test-traffic', hour, 0);

  it.each<[string, State, DeploymentSnapshot, string | undefined]>([
    ['the traffic, before it is moved', shifted, deploymentSnapshot({ upTo: 'BeforeAllowTraffic' }), undefined],
    [
      'the traffic, while the hook after it may still fail',
      shifted,
      deploymentSnapshot({ upTo: 'AllowTraffic' }),
      undefined,
    ],
    [
      'the traffic, when its hook has passed',
      shifted,
      deploymentSnapshot({ upTo: 'AfterAllowTraffic' }),
      'traffic-shifted',
    ],
    [
      'the traffic, where only the termination wait is known',
      shifted,
      deploymentSnapshot({ events: [], terminationWait: true }),
      'traffic-shifted',
    ],
    [
      'the traffic, in a status that is newer than this version',
      shifted,
      deploymentSnapshot({ status: 'RollingBack', upTo: 'AfterAllowTraffic' }),
      undefined,
    ],
    ['test traffic, before it', tested, deploymentSnapshot({ upTo: 'AfterInstall' }), undefined],
    ['test traffic, at it', tested, deploymentSnapshot({ upTo: 'AllowTestTraffic' }), 'test-traffic'],
    ['test traffic, in the ready wait', tested, deploymentSnapshot({ status: 'Ready', events: [] }), 'test-traffic'],
    [
      'test traffic, when events behind a failed one are skipped',
      tested,
      deploymentSnapshot({ failedAt: 'Install' }),
      undefined,
    ],
    [
      'the traffic, when events behind a failed one are skipped',
      shifted,
      deploymentSnapshot({ failedAt: 'AfterInstall' }),
      undefined,
    ],
  ])('%s', (_, from, look, reached) => {
    expect(lookAt([look], from).end).toEqual(reached && { status: 'IN_PROGRESS', reached });
  });

  it('is not reached by a deployment that failed before it', () => {
    expect(lookAt([deploymentSnapshot({ status: 'Failed', failedAt: 'Install' })], shifted).end?.status).toBe('FAILED');
  });
});

describe('what is reported', () => {
  it('is what changed, once', () => {
    const first = next(start, deploymentSnapshot({ upTo: 'Install' }), 5_000);
    expect(first.events.map(({ type }) => type)).toEqual(['lifecycle', 'lifecycle', 'tasks', 'traffic', 'status']);
    const again = next(first.state, deploymentSnapshot({ upTo: 'Install' }), 10_000);
    expect(again.events).toEqual([]);
  });

  it('is a heartbeat after a minute of silence', () => {
    const first = next(start, deploymentSnapshot(), 5_000).state;
    expect(next(first, deploymentSnapshot(), 64_999).events).toEqual([]);
    expect(next(first, deploymentSnapshot(), 65_000).events.map(({ type }) => type)).toEqual(['heartbeat']);
  });

  it('is a heartbeat too where all that has changed has no line of its own', () => {
    const first = next(start, deploymentSnapshot({ upTo: 'Install' }), 5_000).state;
    const seen = deploymentSnapshot({ upTo: 'Install' });
    const skipped = { ...seen, events: seen.events.map((event) => ({ ...event, status: 'Skipped' as const })) };
    const second = next(first, skipped, 40_000);
    expect(new Set(second.events.map(({ type }) => type))).toEqual(new Set(['lifecycle']));
    const third = next(second.state, skipped, 65_000);
    expect(third.events.map(({ type }) => type)).toEqual(['heartbeat']);
  });

  it('is the first task that stops, and then each doubling', () => {
    let state: State = start;
    const told: number[] = [];
    for (let count = 1; count <= 9; count++) {
      const stopped = Array.from({ length: count }, (_, id) => ({
        id: `${id}`,
        reason: id === 0 ? 'odd' : 'exited with 1',
      }));
      const step = next(state, deploymentSnapshot({ stopped }), count * 5_000);
      state = step.state;
      for (const event of step.events) if (event.type === 'stopped-tasks') told.push(event.count);
    }
    expect(told).toEqual([1, 2, 4, 8]);
  });
});

const status = fc.constantFrom('Created', 'Queued', 'InProgress', 'Baking', 'Ready', 'Succeeded', 'Failed', 'Stopped');
const anyDeploymentSnapshot: fc.Arbitrary<DeploymentSnapshot> = fc
  .record({
    id: fc.constantFrom('d-OURS', 'd-OURS', 'd-OTHER'),
    status,
    error: fc.option(fc.constantFrom(manualStop, hookFailure, alarm), { nil: undefined }),
    events: fc.array(
      fc.record({
        name: fc.constantFrom(...lifecycle, 'SomethingNew'),
        status: fc.constantFrom('Pending', 'InProgress', 'Succeeded', 'Failed', 'Skipped', 'Unknown'),
        start: fc.constant(undefined),
        end: fc.constant(undefined),
        diagnostics: fc.constant(undefined),
      }),
      { maxLength: 9 },
    ),
    terminationWait: fc.boolean(),
    rollbackEvents: fc.subarray(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST']),
    rollback: fc.option(
      fc.record({
        id: fc.constant('d-BACK'),
        status: fc.option(status, { nil: undefined }),
        error: fc.constant(undefined),
      }),
      { nil: undefined },
    ),
    successor: fc.option(fc.constant({ id: 'd-NEXT' }), { nil: undefined }),
  })
  .map((parts) => deploymentSnapshot(parts));
const anyLooks = fc.array(fc.option(anyDeploymentSnapshot, { nil: undefined }), { maxLength: 30 });

describe('whatever is seen', () => {
  it('success is only told when this very deployment succeeded, and nothing follows an end', () => {
    fc.assert(
      fc.property(anyLooks, fc.constantFrom(...milestones), (looks, until) => {
        let state: State = watchFrom('d-OURS', until, 100_000, 0);
        let succeeded = false;
        looks.forEach((look, at) => {
          const before = state;
          succeeded ||= look?.id === 'd-OURS' && look.status === 'Succeeded' && !before.end;
          const step = next(state, look, (at + 1) * 5_000);
          state = step.state;
          if (before.end) {
            expect(state).toBe(before);
            expect(step.events).toEqual([]);
          }
          expect(isAtLeast(state.reached, before.reached)).toBe(true);
          expect(step.events.filter(({ type }) => type === 'end')).toHaveLength(!before.end && state.end ? 1 : 0);
        });
        if (state.end?.status === 'SUCCEEDED') expect(succeeded).toBe(true);
        if (state.end?.status === 'ROLLED_BACK') expect(state.last?.rollback?.status).toBe('Succeeded');
      }),
    );
  });

  it('it ends when the deadline has passed and half a minute with it', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        let state: State = watchFrom('d-OURS', 'completed', 100_000, 0);
        looks.forEach((look, at) => {
          state = next(state, look, (at + 1) * 5_000).state;
        });
        expect(next(state, undefined, 100_000).state.end).toBeDefined();
      }),
    );
  });
});

describe('the cause of a failure', () => {
  const timeout = 'The deployment timed out while waiting for the replacement task set to become healthy.';
  const causeWith = (diagnostics: object, message = timeout) => {
    const failed = snapshotOf({
      deploymentId: 'd-OURS',
      status: 'Failed',
      errorInformation: { code: 'TIMEOUT', message },
    });
    const target = { lifecycleEvents: [{ lifecycleEventName: 'Install', status: 'Failed' as const, diagnostics }] };
    return next(start, withTarget(failed, target), 5_000).state.cause;
  };

  it.each([
    [{ errorCode: 'UnknownError', message: '' } as const, `Install failed: ${timeout.slice(0, -1)}`],
    [{ errorCode: 'UnknownError', message: 'the ELB said no.' } as const, 'Install failed: the ELB said no'],
    [{}, `Install failed: ${timeout.slice(0, -1)}`],
    [{ errorCode: 'ScriptTimedOut' } as const, `Install failed: ScriptTimedOut: ${timeout.slice(0, -1)}`],
    [{ errorCode: 'ScriptFailed', message: 'page is broken' } as const, 'Install failed: ScriptFailed: page is broken'],
  ])('is what the event says, else what the deployment says: %j', (diagnostics, cause) => {
    expect(causeWith(diagnostics)).toBe(cause);
  });
});

describe('the wait for the end of the old tasks', () => {
  const info = { deploymentId: 'd-OURS', status: 'InProgress' as const, instanceTerminationWaitTimeStarted: false };
  const event = (lifecycleEventName: string, status: 'Succeeded' | 'Skipped' | 'InProgress') => ({
    lifecycleEventName,
    status,
  });

  it.each([
    ['when the target has succeeded', { status: 'Succeeded' as const }, true],
    [
      'when all events have passed',
      { lifecycleEvents: [event('AllowTraffic', 'Succeeded'), event('AfterAllowTraffic', 'Skipped')] },
      true,
    ],
    [
      'not while a hook looks at the traffic',
      { lifecycleEvents: [event('AllowTraffic', 'Succeeded'), event('AfterAllowTraffic', 'InProgress')] },
      false,
    ],
  ])('is told by the target, as GetDeployment never does: %s', (_, target, waits) => {
    const { events } = next(start, withTarget(snapshotOf(info), target), 5_000);
    expect(events.some(({ type }) => type === 'termination-wait')).toBe(waits);
  });
});

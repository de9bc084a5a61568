import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { snapshotByRollout } from '../../../actions/ecs-bluegreen-deploy/src/controllers/ecs/rollout-snapshot';

const deployment = (id: string, second: number, rest: Partial<Deployment>): Deployment => ({
  id,
  status: 'PRIMARY',
  createdAt: new Date(second * 1_000),
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  failedTasks: 0,
  ...rest,
});
const ours = (rest: Partial<Deployment>) => deployment('ecs-svc/2', 2, rest);
const old = (rest: Partial<Deployment>) => deployment('ecs-svc/1', 1, rest);
const newer = deployment('ecs-svc/3', 3, { rolloutState: 'IN_PROGRESS' });
const without = (field: keyof Deployment, one: Deployment): Deployment => {
  const { [field]: _, ...rest } = one;
  return rest;
};
const circuitBreaker = (rollback: boolean): Partial<Service> => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
});

describe('what the service alone tells of a deployment', () => {
  const first = snapshotByRollout({ deployments: [ours({ rolloutState: 'IN_PROGRESS' })] }, 'ecs-svc/2', {
    createdAt: 0,
  });

  it.each<[string, Deployment[], Partial<Service>, object]>([
    ['runs', [ours({ rolloutState: 'IN_PROGRESS' })], {}, { status: 'IN_PROGRESS', reason: undefined }],
    ['succeeded', [ours({ rolloutState: 'COMPLETED' })], {}, { status: 'SUCCESSFUL', reason: undefined }],
    [
      'failed, and will go back',
      [
        ours({ rolloutState: 'FAILED', rolloutStateReason: 'circuit breaker: tasks failed', failedTasks: 3 }),
        old({ status: 'ACTIVE' }),
      ],
      circuitBreaker(true),
      { status: 'ROLLBACK_REQUESTED', breaker: { failures: 3 }, reason: 'circuit breaker: tasks failed' },
    ],
    [
      'failed, and stays',
      [ours({ rolloutState: 'FAILED' })],
      circuitBreaker(false),
      { status: 'STOPPED', successor: undefined },
    ],
    [
      'failed by an alarm that does not roll back',
      [ours({ rolloutState: 'FAILED', rolloutStateReason: 'an alarm went off' }), old({ status: 'ACTIVE' })],
      {
        deploymentConfiguration: {
          ...circuitBreaker(true).deploymentConfiguration,
          alarms: { enable: true, rollback: false, alarmNames: ['a'] },
        },
      },
      { status: 'STOPPED' },
    ],
    [
      'failed as the first deployment: there is nothing to go back to',
      [ours({ rolloutState: 'FAILED', rolloutStateReason: 'circuit breaker: tasks failed' })],
      circuitBreaker(true),
      { status: 'STOPPED' },
    ],
    ['runs behind a Classic Load Balancer, which gives no rollout state', [ours({})], {}, { status: 'IN_PROGRESS' }],
    [
      'succeeded behind a Classic Load Balancer',
      [ours({})],
      { events: [{ message: '(service web) (deployment ecs-svc/2) deployment completed.' }] },
      { status: 'SUCCESSFUL' },
    ],
    [
      'runs behind a Classic Load Balancer after another one succeeded',
      [ours({})],
      { events: [{ message: '(service web) (deployment ecs-svc/1) deployment completed.' }] },
      { status: 'IN_PROGRESS' },
    ],
    [
      'goes back',
      [old({ rolloutState: 'IN_PROGRESS' }), ours({ status: 'ACTIVE', rolloutState: 'FAILED' })],
      {},
      { status: 'ROLLBACK_IN_PROGRESS' },
    ],
    [
      'has gone back, and is stable now',
      [old({ rolloutState: 'COMPLETED' })],
      {},
      { status: 'ROLLBACK_SUCCESSFUL', createdAt: 2_000 },
    ],
    [
      'was replaced',
      [newer, ours({ status: 'ACTIVE', rolloutState: 'IN_PROGRESS' })],
      {},
      { status: 'STOPPED', successor: { id: 'ecs-svc/3' } },
    ],
    ['was replaced, and is gone', [newer], {}, { status: 'STOPPED', successor: { id: 'ecs-svc/3' } }],
    ['is gone with the service', [], {}, { status: 'STOPPED', successor: undefined }],
  ])('%s', (_, deployments, rest, seen) => {
    expect(snapshotByRollout({ deployments, ...rest }, 'ecs-svc/2', first)).toMatchObject(seen);
  });

  describe('of a rollback by the circuit breaker', () => {
    const back = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    const failing = ours({
      status: 'ACTIVE',
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: 'ECS deployment ecs-svc/2 in progress.',
    });

    it.each([
      ['to the deployment before', old({ rolloutState: 'IN_PROGRESS', rolloutStateReason: back })],
      ['by a deployment with a new id', { ...newer, rolloutStateReason: back }],
    ])('is the reason of the primary one, while the failed one is "in progress": %s', (_, primary) => {
      const going = snapshotByRollout({ deployments: [primary, failing] }, 'ecs-svc/2', first);
      expect(going).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS', reason: back.slice(0, -1) });
      const done = {
        ...primary,
        rolloutState: 'COMPLETED' as const,
        rolloutStateReason: `ECS deployment ${primary.id} completed.`,
      };
      expect(snapshotByRollout({ deployments: [done] }, 'ecs-svc/2', going)).toMatchObject({
        status: 'ROLLBACK_SUCCESSFUL',
        reason: back.slice(0, -1),
      });
    });

    it('that has failed is not told by the deployment of somebody else that follows', () => {
      const failed = ours({
        rolloutState: 'FAILED',
        rolloutStateReason: 'ECS deployment was stopped by a user request.',
      });
      const deployments = [failed, old({ status: 'ACTIVE' })];
      const asked = snapshotByRollout({ deployments, ...circuitBreaker(true) }, 'ecs-svc/2', first);
      expect(asked.status).toBe('ROLLBACK_REQUESTED');
      expect(snapshotByRollout({ deployments: [newer, failed] }, 'ecs-svc/2', asked)).toMatchObject({
        status: 'STOPPED',
        successor: { id: 'ecs-svc/3' },
      });
    });

    it('that passed between two polls is known by an event of the service', () => {
      const done = { ...newer, rolloutState: 'COMPLETED' as const };
      const events = [{ message: '(service web) rolling back to (deployment ecs-svc/3).' }];
      expect(snapshotByRollout({ deployments: [done], events }, 'ecs-svc/2', first)).toMatchObject({
        status: 'ROLLBACK_SUCCESSFUL',
        successor: undefined,
      });
    });
  });

  it('was replaced by a deployment that was rolled back since, where an event says so', () => {
    const failed = (id: string, second: number) => ({
      message: `(service web) (deployment ecs-svc/${id}) deployment failed: ECS deployment was stopped by a user request.`,
      createdAt: new Date(second * 1_000),
    });
    const of = (...events: ReturnType<typeof failed>[]) =>
      snapshotByRollout({ deployments: [old({})], events }, 'ecs-svc/2', first);
    expect(of(failed('3', 9), failed('0', 1))).toMatchObject({ status: 'STOPPED', successor: { id: 'ecs-svc/3' } });
    expect(of(failed('0', 1))).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS', successor: undefined });
    expect(of(failed('3', 9), failed('2', 8))).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' });
  });

  describe('one that it no longer shows', () => {
    const events = [{ message: '(service web) (deployment ecs-svc/2) deployment failed: alarm(s) triggered.' }];
    const back = { ...old({ rolloutState: 'COMPLETED', rolloutStateReason: 'ECS deployment ecs-svc/1 completed.' }) };

    it.each<[string, Deployment, number, object]>([
      [
        'was rolled back, for the reason that an event tells',
        back,
        2_000,
        { status: 'ROLLBACK_SUCCESSFUL', reason: 'alarm(s) triggered' },
      ],
      ['was replaced by a newer one', newer, 2_000, { status: 'STOPPED', successor: { id: 'ecs-svc/3' } }],
      ['was not replaced, as far as is known, where its time is unknown', newer, 0, { successor: undefined }],
    ])('%s', (_, primary, createdAt, seen) => {
      expect(snapshotByRollout({ deployments: [primary], events }, 'ecs-svc/2', { createdAt })).toMatchObject(seen);
    });
  });

  it.each<[string, Deployment[]]>([
    ['when the primary one was created', [without('createdAt', newer), ours({ status: 'ACTIVE' })]],
    ['which one is the primary one', [without('status', ours({})), old({ status: 'ACTIVE' })]],
    ['the id of the primary one, which may be this one', [without('id', ours({}))]],
    ['the id of another one, which may be this one', [old({}), without('id', ours({ status: 'ACTIVE' }))]],
  ])('is read again where ECS leaves out %s', (_, deployments) => {
    expect(() => snapshotByRollout({ deployments }, 'ecs-svc/2', first)).toThrow('does not tell its deployments apart');
  });

  it('counts the tasks of old and new', () => {
    const service = { deployments: [ours({ runningCount: 1 }), old({ status: 'ACTIVE' })] };
    expect(snapshotByRollout(service, 'ecs-svc/2', { createdAt: 0 })).toMatchObject({
      blue: { running: 2 },
      green: { running: 1, desired: 2, traffic: undefined },
    });
  });

  it.each(['runningCount', 'desiredCount'] as const)('knows no number of tasks where ECS leaves out %s', (field) => {
    const service = { deployments: [ours({}), without(field, old({ status: 'ACTIVE' }))] };
    expect(snapshotByRollout(service, 'ecs-svc/2', { createdAt: 0 })).toMatchObject({
      blue: undefined,
      green: { running: 2 },
    });
  });
});

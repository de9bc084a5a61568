import { describe, expect, it } from '@jest/globals';
import { judge, type Serving, type Target, type Verdict } from '../../../actions/ecs-bluegreen-deploy/src/plan/serving';

const target = (state: string, reason = ''): Target => ({ state, reason });
const [healthy, initial, unhealthy, unused, draining] = [
  target('healthy'),
  target('initial', 'Elb.InitialHealthChecking'),
  target('unhealthy', 'Target.Timeout (Request timed out)'),
  target('unused', 'Target.NotInUse'),
  target('draining', 'Target.DeregistrationInProgress'),
];
const seen = (...groups: readonly Target[][]): Serving => ({
  tasks: { running: 2, desired: 2 },
  groups: groups.map((targets, at) => ({ name: `tg${at + 1}`, targets })),
  grace: 0,
  unread: [],
});
const running = (count: number, desired: number, ...groups: readonly Target[][]): Serving => ({
  ...seen(...groups),
  tasks: { running: count, desired },
});

const all: Verdict = { serves: 'all', waits: false, reasons: [] };

describe('the new tasks', () => {
  it.each<[string, Serving, Verdict]>([
    ['serve with healthy targets', seen([healthy, healthy]), all],
    ['serve without a load balancer', seen(), all],
    ['serve beside targets that leave', seen([healthy, healthy, draining, target('unhealthy.draining')]), all],
    ['serve where health checks are off', seen([target('unavailable')]), all],
    ['are none where the service wants none', running(0, 0), { serves: 'empty', waits: false, reasons: [] }],
    [
      'do not serve with unhealthy targets',
      seen([unhealthy, unhealthy]),
      {
        serves: 'none',
        waits: false,
        reasons: ['0 of 2 targets in tg1 are healthy (2 × unhealthy: Target.Timeout (Request timed out))'],
      },
    ],
    [
      'do not serve yet with targets that are looked at for the first time',
      seen([initial, unhealthy]),
      {
        serves: 'none',
        waits: true,
        reasons: [
          '0 of 2 targets in tg1 are healthy (initial: Elb.InitialHealthChecking, unhealthy: Target.Timeout (Request timed out))',
        ],
      },
    ],
    [
      'do not serve before they are targets',
      seen([draining]),
      { serves: 'none', waits: true, reasons: ['tg1 has no targets'] },
    ],
    [
      'do not serve through a target group that does not exist',
      { ...seen([healthy]), groups: [...seen([healthy]).groups, { name: 'tg2', targets: undefined }] },
      { serves: 'none', waits: false, reasons: ['target group tg2 does not exist'] },
    ],
    [
      'serve in part with some healthy targets',
      seen([healthy, unhealthy]),
      {
        serves: 'some',
        waits: false,
        reasons: ['1 of 2 targets in tg1 are healthy (unhealthy: Target.Timeout (Request timed out))'],
      },
    ],
    [
      'serve in part while others are looked at for the first time',
      seen([healthy, initial]),
      {
        serves: 'some',
        waits: true,
        reasons: ['1 of 2 targets in tg1 are healthy (initial: Elb.InitialHealthChecking)'],
      },
    ],
    [
      'do not serve where one of several groups is dead: its clients are down',
      seen([healthy], [unhealthy]),
      {
        serves: 'none',
        waits: false,
        reasons: [expect.stringContaining('0 of 1 targets in tg2') as unknown as string],
      },
    ],
    [
      'do not serve where no listener has their only group',
      seen([unused, unused]),
      { serves: 'none', waits: false, reasons: ['0 of 2 targets in tg1 are healthy (2 × unused: Target.NotInUse)'] },
    ],
    [
      'serve in part where no listener has one of several groups',
      seen([healthy], [unused]),
      { serves: 'some', waits: false, reasons: ['0 of 1 targets in tg2 are healthy (unused: Target.NotInUse)'] },
    ],
    [
      'serve in part where one is in a zone that the load balancer does not have',
      seen([healthy, unused]),
      { serves: 'some', waits: false, reasons: ['1 of 2 targets in tg1 are healthy (unused: Target.NotInUse)'] },
    ],
    ['do not serve when none runs', running(0, 2), { serves: 'none', waits: true, reasons: ['0 of 2 tasks run'] }],
    [
      'serve in part while more are started, as by autoscaling',
      running(2, 4, [healthy, healthy]),
      { serves: 'some', waits: true, reasons: ['2 of 4 tasks run'] },
    ],
  ])('%s', (_, serving, verdict) => {
    expect(judge(serving, 60_000)).toEqual(verdict);
  });

  it('are waited for in the grace period of their service', () => {
    const slow = { ...seen([unhealthy]), grace: 90_000 };
    expect([judge(slow, 60_000).waits, judge(slow, 90_000).waits]).toEqual([true, false]);
  });

  it('are not looked at when the service has moved on, or is gone', () => {
    expect(judge({ ...seen([unhealthy]), tasks: undefined }, 0)).toMatchObject({ serves: 'replaced', waits: false });
    expect(judge({ ...seen([healthy]), gone: 'INACTIVE' }, 0)).toEqual({
      serves: 'gone',
      waits: false,
      reasons: ['INACTIVE'],
    });
  });
});

import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { deny, deployments, on, type Stage, type StageOptions, serviceOf } from './deploy-stage';

/** The same service under each controller, watched by one alarm. */
const controllers: readonly [string, StageOptions][] = [
  ['CODE_DEPLOY', { seed: { alarms: ['errors'], rollbackOn: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] } }],
  ['ECS', { ecs: { alarms: ['errors'], deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 } } }],
];

const add = ({ aws }: Stage, name: string, state: 'OK' | 'ALARM' = 'OK') =>
  aws.compute.state.alarms.set(name, { name, state });
const ends = (stage: Stage) =>
  serviceOf(stage).controller === 'CODE_DEPLOY'
    ? deployments(stage)
    : serviceOf(stage)
        .serviceDeployments.slice(0, -1)
        .map(({ status }) => status);
const settings = (stage: Stage): DeploymentConfiguration['alarms'] => serviceOf(stage).deploymentConfiguration.alarms;

describe.each(controllers)('alarms under %s', (_, options) => {
  it(
    'that are on before the start are told with the way to deploy a fix',
    on(options, async (stage) => {
      stage.aws.compute.raiseAlarm('errors');
      const { log, status } = await stage.deploy({ inputs: { 'dry-run': 'true' } });
      expect(status).toBe(0);
      expect(log).toContain(
        'Note: alarm errors is in ALARM now and would end this deployment at once; to deploy a fix anyway, set rollback-on: alarm:off',
      );
      expect((await stage.deploy()).status).not.toBe(0);
    }),
  );

  it(
    'do not hold up a deployment with alarm:off',
    on(options, async (stage) => {
      stage.aws.compute.raiseAlarm('errors');
      const { status, log } = await stage.deploy({ inputs: { 'rollback-on': 'alarm:off' } });
      expect(status).toBe(0);
      expect(log).not.toContain('in ALARM');
    }),
  );

  it(
    'that rollback-on names roll the deployment back, and those of the group or service no longer do',
    on({ ...options, play: { alarmAt: { name: 'latency', ms: 30_000 }, slowInstall: 60_000 } }, async (stage) => {
      add(stage, 'latency');
      add(stage, 'errors', 'ALARM');
      const { status, outputs, log } = await stage.deploy({ inputs: { 'rollback-on': 'alarm:latency' } });
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
      expect(log).toContain('latency');
      expect(ends(stage)).toHaveLength(serviceOf(stage).controller === 'CODE_DEPLOY' ? 2 : 1);
    }),
  );

  it.each(['alarm:gone', 'failure, alarm:gone'])(
    'that do not exist are an error before anything is changed (%s)',
    (given) =>
      on(options, async (stage) => {
        const { status, changes, log } = await stage.deploy({ inputs: { 'rollback-on': given } });
        expect([status, changes]).toEqual([2, []]);
        expect(log).toContain(
          'rollback-on: there is no alarm gone in us-west-2; create it, or set rollback-on: alarm:off',
        );
      })(),
  );

  it(
    'are known by their ARN, too, unless they are in another region',
    on({ ...options, play: { alarmAt: { name: 'latency', ms: 30_000 }, slowInstall: 60_000 } }, async (stage) => {
      add(stage, 'latency');
      const arnIn = (region: string) => `alarm:arn:aws:cloudwatch:${region}:123456789012:alarm:latency`;
      const elsewhere = await stage.deploy({ inputs: { 'rollback-on': arnIn('eu-west-1') } });
      expect([elsewhere.status, elsewhere.changes]).toEqual([2, []]);
      expect(elsewhere.log).toContain(
        'rollback-on: alarm latency is in eu-west-1, and the deployment in us-west-2; name an alarm of us-west-2',
      );
      const { status, outputs } = await stage.deploy({ inputs: { 'rollback-on': arnIn('us-west-2') } });
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
    }),
  );

  it(
    'of the group or service that do not exist are an error too, unless none is wanted',
    on(options, async (stage) => {
      stage.aws.compute.state.alarms.delete('errors');
      const { status, changes, log } = await stage.deploy();
      expect([status, changes]).toEqual([2, []]);
      expect(log).toMatch(/(codedeploy-deployment-group|service): there is no alarm errors in us-west-2/);
      expect((await stage.deploy({ inputs: { 'rollback-on': 'alarm:off' } })).status).toBe(0);
    }),
  );

  it(
    'that the role may not read are one line, and deployed with',
    on(options, async (stage) => {
      deny(stage, 'cloudwatch:DescribeAlarms');
      const { status, log } = await stage.deploy({ inputs: { 'rollback-on': 'failure,alarm:unseen' } });
      expect(status).toBe(0);
      expect(log).toContain(
        'whether an alarm is on already is not known: the role may not call cloudwatch:DescribeAlarms',
      );
    }),
  );

  it(
    'cannot be named and be off at once',
    on(options, async (stage) => {
      const { status, log } = await stage.deploy({ inputs: { 'rollback-on': 'alarm:off,alarm:errors' } });
      expect(status).toBe(2);
      expect(log).toContain('rollback-on: alarm:off cannot be combined with alarm:errors');
    }),
  );
});

it(
  'more than CodeDeploy takes are refused before anything is changed',
  on({}, async (stage) => {
    const names = Array.from({ length: 11 }, (_, at) => `alarm-${at}`);
    for (const name of names) add(stage, name);
    const rollbackOn = (some: readonly string[]) => some.map((name) => `alarm:${name}`).join(',');
    const { status, changes, log } = await stage.deploy({ inputs: { 'rollback-on': rollbackOn(names) } });
    expect([status, changes]).toEqual([2, []]);
    expect(log).toContain('rollback-on: names 11 alarms, and CodeDeploy takes 10');
    expect((await stage.deploy({ inputs: { 'rollback-on': rollbackOn(names.slice(1)) } })).status).toBe(0);
  }),
);

const sent = ({ aws }: Stage) => {
  const { autoRollback, overrideAlarms } = aws.compute.state.deployments[0]!;
  return [autoRollback, overrideAlarms];
};

it.each<[string, unknown, unknown]>([
  ['alarm:a,alarm:b c', ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'], ['a', 'b c']],
  ['timeout,alarm:a', ['DEPLOYMENT_STOP_ON_ALARM'], ['a']],
  ['timeout\nalarm:  b c', ['DEPLOYMENT_STOP_ON_ALARM'], ['b c']],
  ['alarm: off', ['DEPLOYMENT_FAILURE'], []],
  [
    'alarm:a,alarm:arn:aws:cloudwatch:us-west-2:123456789012:alarm:a',
    ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
    ['a'],
  ],
  ['failure,alarm:off', ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'], []],
  ['alarm:off', ['DEPLOYMENT_FAILURE'], []],
])('rollback-on: %s is given to CodeDeploy', (given, events, names) =>
  on({}, async (stage) => {
    for (const name of ['a', 'b c']) add(stage, name);
    expect((await stage.deploy({ inputs: { 'rollback-on': given } })).status).toBe(0);
    const alarms = (names as string[]).map((name) => ({ name }));
    expect(sent(stage)).toMatchObject([
      { enabled: true, events },
      { enabled: alarms.length > 0, alarms },
    ]);
  })(),
);

it.each([
  ['alarm:a', { alarmNames: ['a'], enable: true, rollback: true }],
  ['alarm:off', { alarmNames: ['errors'], enable: false, rollback: true }],
])('rollback-on: %s is given to the service', (given, alarms) =>
  on({ ecs: { alarms: ['errors'] } }, async (stage) => {
    add(stage, 'a');
    expect((await stage.deploy({ inputs: { 'rollback-on': given } })).status).toBe(0);
    expect(settings(stage)).toEqual(alarms);
  })(),
);

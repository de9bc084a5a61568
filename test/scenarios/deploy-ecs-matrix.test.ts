import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { EcsServiceOptions, Scenario } from '../local/aws/compute';
import {
  after,
  before,
  breaker,
  onService,
  servedRevision,
  serviceDeployments,
  shifting,
  strategies,
} from './deploy-ecs-stage';
import { type Stage, serviceOf } from './deploy-stage';
import { rollingOut, type SignalAt } from './signal-at';

/** One way in which a deployment goes, and all that it leaves. */
interface Case {
  readonly name: string;
  readonly more?: DeploymentConfiguration;
  readonly ecs?: EcsServiceOptions;
  readonly play?: Scenario;
  readonly given?: (stage: Stage) => unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly signal?: (stage: Stage) => SignalAt;
  readonly exit: number;
  readonly status: string | undefined;
  readonly says: RegExp;
  readonly ends: readonly string[];
  /** The revision that has the traffic; undefined where it is on its way. */
  readonly serves?: string;
}

const updates = ['RegisterTaskDefinition', 'UpdateService'];
const refused = { times: 'always', effect: { kind: 'refuse' } } as const;
const cannotStop = ({ aws }: Stage) => aws.faults.add({ on: 'ecs:StopServiceDeployment', ...refused });

const everywhere: readonly Case[] = [
  {
    name: 'its image cannot be pulled',
    more: breaker,
    play: { imagePullError: 'pull access denied' },
    exit: 3,
    status: 'ROLLED_BACK',
    says: /× TaskFailedToStart: CannotPullContainerError: pull access denied/,
    ends: [`ROLLBACK_SUCCESSFUL ${after}`],
    serves: before,
  },
  {
    name: 'an alarm stops it that rolls nothing back',
    ecs: { alarms: ['PageErrors'] },
    more: { alarms: { alarmNames: ['PageErrors'], enable: true, rollback: false } },
    play: { alarmAt: { name: 'PageErrors', ms: 30_000 } },
    exit: 1,
    status: 'STOPPED',
    says: /did not finish: an alarm went off: PageErrors.*nothing was rolled back/,
    ends: [`STOPPED ${after}`],
  },
  {
    name: 'its time is up, and the role may not stop it',
    play: { neverStable: true },
    given: cannotStop,
    inputs: { 'wait-for-minutes': '2', 'rollback-on': 'timeout' },
    exit: 4,
    status: 'TIMED_OUT',
    says: /Not rolled back: .*ecs:StopServiceDeployment[\s\S]*Error: .* keeps running in AWS/,
    ends: [`IN_PROGRESS ${after}`],
  },
  {
    name: 'a signal comes, and the role may not stop it',
    play: { neverStable: true },
    given: cannotStop,
    inputs: { 'rollback-on': 'interrupt' },
    signal: () => rollingOut,
    exit: 143,
    status: 'IN_PROGRESS',
    says: /interrupted by SIGTERM: deployment \w+ could not be rolled back \(.*allow.*\) and is IN_PROGRESS and keeps running in AWS/,
    ends: [`IN_PROGRESS ${after}`],
  },
];

const pause = {
  targetType: 'PAUSE' as const,
  lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const],
  timeoutConfiguration: { timeoutInMinutes: 30, action: 'ROLLBACK' as const },
};

/** The second look at a stage: the first one has shown it. */
const inStage =
  (name: string) =>
  (stage: Stage): SignalAt => ({
    call: 'ecs:DescribeServiceDeployments',
    if: () => serviceOf(stage).serviceDeployments[0]?.stage === name,
    nth: 2,
  });

const hookFails = (event: NonNullable<Scenario['failHook']>['event']): Case => ({
  name: `the hook ${event} fails`,
  play: { failHook: { event, diagnostics: { message: 'page is broken' } } },
  exit: 3,
  status: 'ROLLED_BACK',
  says: /Error: .* was rolled back: the hook \S+ failed/,
  ends: [`ROLLBACK_SUCCESSFUL ${after}`],
  serves: before,
});

const staged: readonly Case[] = [
  hookFails('POST_SCALE_UP'),
  hookFails('TEST_TRAFFIC_SHIFT'),
  hookFails('PRODUCTION_TRAFFIC_SHIFT'),
  {
    name: 'both revisions stay for a day',
    more: { bakeTimeInMinutes: 1440 },
    exit: 0,
    status: 'IN_PROGRESS',
    says: /has reached traffic-shifted and keeps running in AWS/,
    ends: [`IN_PROGRESS ${after}`],
    serves: after,
  },
  {
    name: 'its time is up while both revisions stay, and it is rolled back',
    more: { bakeTimeInMinutes: 60 },
    inputs: { 'wait-for-minutes': '25', 'wait-until': 'completed', 'rollback-on': 'timeout' },
    exit: 3,
    status: 'ROLLED_BACK',
    says: /was rolled back: it was not finished after 25 min/,
    ends: [`ROLLBACK_SUCCESSFUL ${after}`],
    serves: before,
  },
  {
    name: 'a signal comes while both revisions stay',
    more: { bakeTimeInMinutes: 60 },
    signal: inStage('BAKE_TIME'),
    exit: 143,
    status: 'IN_PROGRESS',
    says: /interrupted by SIGTERM: deployment \w+ is IN_PROGRESS and keeps running in AWS/,
    ends: [`IN_PROGRESS ${after}`],
    serves: after,
  },
  {
    name: 'a signal comes while it waits for somebody',
    more: { lifecycleHooks: [pause] },
    signal: inStage('POST_TEST_TRAFFIC_SHIFT'),
    exit: 143,
    status: 'IN_PROGRESS',
    says: /interrupted by SIGTERM: deployment \w+ is IN_PROGRESS and keeps running in AWS/,
    ends: [`IN_PROGRESS ${after}`],
    serves: before,
  },
];

const tryOut = (strategy: (typeof strategies)[number], one: Case) =>
  onService(
    strategy,
    { ...(one.more && { more: one.more }), ...(one.ecs && { ecs: one.ecs }), ...(one.play && { play: one.play }) },
    async (stage) => {
      one.given?.(stage);
      const { signal, inputs = {} } = one;
      const done = await stage.deploy({ inputs, ...(signal && { signal: signal(stage) }) });
      expect(done.log).toMatch(one.says);
      expect([done.status, done.outputs['deployment-status']]).toEqual([one.exit, one.status]);
      expect(done.changes.filter((change) => change !== 'StopServiceDeployment')).toEqual(updates);
      expect(done.outputs['deployment-id']).toBe(serviceOf(stage).serviceDeployments[0]?.arn);
      expect(serviceDeployments(stage)).toEqual(one.ends);
      if (one.serves !== undefined) expect(servedRevision(stage)).toBe(one.serves);
    },
  );

describe.each(strategies)('a $name deployment', (strategy) => {
  it.each(everywhere)('when $name', (one) => tryOut(strategy, one)());

  it(
    'is not begun when a signal comes before anything is decided',
    onService(strategy, {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:ListServiceDeployments', times: 'always', effect: { kind: 'hang' } });
      const { status, changes, log } = await stage.deploy({ signal: { call: 'ecs:ListServiceDeployments' } });
      expect([status, changes]).toEqual([143, []]);
      expect(log).toContain('interrupted by SIGTERM');
    }),
  );
});

describe.each(shifting)('a $name deployment', (strategy) => {
  it.each(staged)('when $name', (one) => tryOut(strategy, one)());
});

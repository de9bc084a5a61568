import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import {
  after,
  before,
  breaker,
  compete,
  ecsOf,
  onService,
  servedRevision,
  serviceDeployments,
  shifting,
  strategies,
} from './deploy-ecs-stage';
import { pinned, running, type Stage, serviceOf } from './deploy-stage';

const [rolling] = strategies;
const canary = strategies[2];

describe.each(shifting)('a PAUSE hook of a $name deployment', (strategy) => {
  const more = {
    lifecycleHooks: [
      {
        targetType: 'PAUSE' as const,
        lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const],
        timeoutConfiguration: { timeoutInMinutes: 30, action: 'ROLLBACK' as const },
      },
    ],
  };

  it(
    'is told with how to go on, and passes when somebody does',
    onService(strategy, { more }, async (stage) => {
      stage.aws.clock.after(10 * 60_000, () => {
        const { arn, hooks } = serviceOf(stage).serviceDeployments[0]!;
        void ecsOf(stage).continueServiceDeployment({ serviceDeploymentArn: arn, hookId: hooks[0]!.hookId! });
      });
      const { status, log } = await stage.deploy();
      expect(status).toBe(0);
      expect(log).toMatch(
        /paused +at POST_TEST_TRAFFIC_SHIFT \(ROLLBACK at 2026-\S+\); to continue: aws ecs continue-service-deployment --service-deployment-arn arn:\S+ --hook-id \w+ --action CONTINUE --region us-west-2/,
      );
      expect(log).toMatch(/still +waiting at POST_TEST_TRAFFIC_SHIFT to be continued/);
    }),
  );

  it(
    'rolls back when nobody does',
    onService(strategy, { more }, async (stage) => {
      const { status, log } = await stage.deploy();
      expect(status).toBe(3);
      expect(log).toMatch(/Error: .* was rolled back: the hook PAUSE was not continued in time/);
    }),
  );
});

describe('settings', () => {
  const updateOf = (stage: Stage) =>
    stage.aws.mutations().find(({ operation }) => operation === 'UpdateService')?.input as Record<string, unknown>;

  it(
    'of a canary replace its steps and keep the rest',
    onService(canary, { more: breaker }, async (stage) => {
      const inputs = { 'traffic-shift': '20% 1m', 'bake-time-minutes': '1', 'desired-count': '3' };
      const { status, log } = await stage.deploy({ inputs });
      expect(status).toBe(0);
      expect(log).toContain('canary: 20%, 100% after 1 minute; bake time 1 minute');
      expect(log).toContain('desired count    2 → 3');
      expect(updateOf(stage)).toMatchObject({
        desiredCount: 3,
        deploymentConfiguration: {
          strategy: 'CANARY',
          ...breaker,
          bakeTimeInMinutes: 1,
          canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 1 },
          maximumPercent: 200,
        },
      });
    }),
  );

  it.each(strategies)('change the strategy of a canary service to $name', ({ name }) =>
    onService(canary, {}, async (stage) => {
      const { status, log } = await stage.deploy({ inputs: { strategy: name } });
      expect(status).toBe(0);
      const isOther = name !== 'canary';
      expect(log.includes(`ECS, ${name} (settings of the service are changed)`)).toBe(isOther);
      const sent = updateOf(stage)['deploymentConfiguration'] as { canaryConfiguration?: unknown } | undefined;
      expect([sent !== undefined, sent?.canaryConfiguration]).toEqual([isOther, undefined]);
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${after}`]);
    })(),
  );

  it(
    'of the number of tasks alone start no deployment',
    onService(rolling, { ecs: { image: pinned } }, async (stage) => {
      stage.write('task.json', running(pinned));
      const { status, outputs, changes } = await stage.deploy({ inputs: { 'desired-count': '4' } });
      expect([status, outputs['deployment-status'], changes]).toEqual([0, 'UNCHANGED', ['UpdateService']]);
      expect(updateOf(stage)).toEqual({ cluster: 'EcsCluster', service: 'EcsService', desiredCount: 4 });
      expect(serviceOf(stage).desiredCount).toBe(4);
    }),
  );

  /** Somebody else's deployment is waited for, and changes the settings of the service meanwhile. */
  const changedMeanwhile = (stage: Stage, deploymentConfiguration: DeploymentConfiguration) => {
    stage.aws.clock.after(20_000, () => {
      void ecsOf(stage).updateService({ cluster: 'EcsCluster', service: 'EcsService', deploymentConfiguration });
    });
    return compete(stage);
  };

  it(
    'that somebody changed while they were waited for stay',
    onService(rolling, { play: { slowInstall: 60_000 } }, async (stage) => {
      await changedMeanwhile(stage, { ...breaker, maximumPercent: 150 });
      const { status } = await stage.deploy({ inputs: { 'bake-time-minutes': '1' } });
      expect(status).toBe(0);
      expect(serviceOf(stage).deploymentConfiguration).toMatchObject({
        ...breaker,
        maximumPercent: 150,
        bakeTimeInMinutes: 1,
      });
    }),
  );

  it(
    'that somebody took away while they were waited for are asked for again',
    onService(rolling, { more: breaker, play: { slowInstall: 60_000 } }, async (stage) => {
      stage.aws.clock.after(30_000, () => stage.aws.compute.play({ crashTasks: {} }));
      await changedMeanwhile(stage, { deploymentCircuitBreaker: { enable: false, rollback: false } });
      const { status } = await stage.deploy({ inputs: { 'rollback-on': 'failure' } });
      expect(status).toBe(3);
    }),
  );

  it(
    'of alarms are changed to roll back beside a circuit breaker that does',
    onService(
      rolling,
      {
        more: { ...breaker, alarms: { alarmNames: ['PageErrors'], enable: true, rollback: false } },
        ecs: { alarms: ['PageErrors'] },
        play: { alarmAt: { name: 'PageErrors', ms: 30_000 } },
      },
      async (stage) => {
        const { status } = await stage.deploy({ inputs: { 'rollback-on': 'failure' } });
        expect([status, serviceDeployments(stage), servedRevision(stage)]).toEqual([
          3,
          [`ROLLBACK_SUCCESSFUL ${after}`],
          before,
        ]);
      },
    ),
  );
});

describe('a PAUSE hook before the production traffic', () => {
  const hook = {
    targetType: 'PAUSE' as const,
    lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT' as const],
    timeoutConfiguration: { timeoutInMinutes: 1440, action: 'ROLLBACK' as const },
  };

  it(
    'stands behind the test traffic',
    onService(strategies[1], { more: { lifecycleHooks: [hook] } }, async (stage) => {
      const inputs = { 'wait-until': 'test-traffic', 'wait-for-minutes': '10', 'rollback-on': 'timeout' };
      const { status, outputs } = await stage.deploy({ inputs: { ...inputs, 'poll-interval-seconds': '30' } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(serviceDeployments(stage)).toEqual([`IN_PROGRESS ${after}`]);
    }),
  );
});

import { ECS } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { after, breaker, onService, serviceDeployments, shifting, strategies } from './deploy-ecs-stage';
import { running, type Stage, serviceOf } from './deploy-stage';

const [rolling] = strategies;
const canary = strategies[2];
const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' };
const ecsOf = ({ aws }: Stage) => new ECS({ region: aws.region, credentials, requestHandler: aws.handler as never });

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
        /paused +at POST_TEST_TRAFFIC_SHIFT \(ROLLBACK at 2026-\S+\); to go on: aws ecs continue-service-deployment --service-deployment-arn arn:\S+ --hook-id \w+ --action CONTINUE --region us-west-2/,
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
    onService(rolling, {}, async (stage) => {
      stage.write('task.json', running());
      const { status, outputs, changes } = await stage.deploy({ inputs: { 'desired-count': '4' } });
      expect([status, outputs['deployment-status'], changes]).toEqual([0, 'UNCHANGED', ['UpdateService']]);
      expect(updateOf(stage)).toEqual({ cluster: 'EcsCluster', service: 'EcsService', desiredCount: 4 });
      expect(serviceOf(stage).desiredCount).toBe(4);
    }),
  );
});

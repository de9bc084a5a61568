import type { ChildProcess } from 'node:child_process';
import { ECS } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import {
  after,
  before,
  breaker,
  onService,
  servedRevision,
  serviceDeployments,
  serviceOf,
  shifting,
  strategies,
} from './deploy-ecs-stage';
import { running, type Stage } from './deploy-stage';

const updates = ['RegisterTaskDefinition', 'UpdateService'];
const [rolling] = strategies;
const canary = strategies[2];
const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' };
const ecsOf = ({ aws }: Stage) => new ECS({ region: aws.region, credentials, requestHandler: aws.handler as never });

/** Somebody else's deployment of what runs already. */
const compete = (stage: Stage) =>
  ecsOf(stage).updateService({ cluster: 'EcsCluster', service: 'EcsService', forceNewDeployment: true });

const at = (text: string, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => {
  let sent = false;
  return (output: string, child: ChildProcess) => {
    if (!sent && output.includes(text)) sent = child.kill(signal);
  };
};

describe.each(strategies)('another deployment, before a $name one', (strategy) => {
  it(
    'is waited for',
    onService(strategy, {}, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, updates]);
      expect(log).toMatch(/is active: waiting until it has ended[\s\S]*has ended: SUCCESSFUL[\s\S]*Registered/);
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${before}`, `SUCCESSFUL ${after}`]);
    }),
  );

  it(
    'is waited for only so long, and nothing is registered then',
    onService(strategy, { play: { neverStable: true } }, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy({ inputs: { 'wait-for-minutes': '5' } });
      expect([status, changes]).toEqual([4, []]);
      expect(log).toMatch(/Error: cannot create the deployment: \w+ was still IN_PROGRESS after 5 minutes/);
    }),
  );

  it(
    'is stopped where that is asked for',
    onService(strategy, { play: { slowInstall: 100_000 } }, async (stage) => {
      await compete(stage);
      const { status, changes } = await stage.deploy({ inputs: { 'if-deploying': 'stop' } });
      expect([status, changes]).toEqual([0, ['StopServiceDeployment', ...updates]]);
      expect(serviceDeployments(stage)).toEqual([`ROLLBACK_SUCCESSFUL ${before}`, `SUCCESSFUL ${after}`]);
    }),
  );

  it(
    'is a reason to fail where that is asked for',
    onService(strategy, {}, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy({ inputs: { 'if-deploying': 'fail' } });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toMatch(/if-deploying: deployment \w+ is active, and fail was asked for/);
    }),
  );
});

describe.each(strategies)('the end of the time of a $name deployment', (strategy) => {
  const play = { neverStable: true };

  it(
    'leaves it as it is',
    onService(strategy, { play }, async (stage) => {
      const { status, outputs, log, changes } = await stage.deploy({ inputs: { 'wait-for-minutes': '2' } });
      expect([status, outputs['deployment-status'], changes]).toEqual([4, 'TIMED_OUT', updates]);
      expect(log).toMatch(/Error: .* is still IN_PROGRESS after 2 minutes and goes on by itself; see https/);
      expect(serviceDeployments(stage)).toEqual([`IN_PROGRESS ${after}`]);
    }),
  );

  it(
    'rolls it back where that is asked for',
    onService(strategy, { play }, async (stage) => {
      const inputs = { 'wait-for-minutes': '2', 'rollback-on': 'timeout' };
      const { status, outputs, log } = await stage.deploy({ inputs });
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
      expect(log).toMatch(/Error: .* was rolled back: it was not finished after 2 min 0 s/);
      expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`ROLLBACK_SUCCESSFUL ${after}`], before]);
    }),
  );
});

describe.each(strategies)('a signal in a $name deployment', (strategy) => {
  const play = { neverStable: true };

  it.each([['SIGTERM', 143] as const, ['SIGINT', 130] as const])('%s says how to go on', (signal, exit) =>
    onService(strategy, { play }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ onOutput: at('IN_PROGRESS', signal) });
      expect([status, outputs['deployment-status']]).toEqual([exit, 'IN_PROGRESS']);
      expect(log).toMatch(new RegExp(`interrupted by ${signal}: deployment \\w+ is IN_PROGRESS and goes on by itself`));
      expect(serviceDeployments(stage)).toEqual([`IN_PROGRESS ${after}`]);
    })(),
  );

  it(
    'rolls back where that is asked for',
    onService(strategy, { play }, async (stage) => {
      const { status, log, changes } = await stage.deploy({
        inputs: { 'rollback-on': 'interrupt' },
        onOutput: at('IN_PROGRESS', 'SIGTERM'),
      });
      expect([status, changes]).toEqual([143, [...updates, 'StopServiceDeployment']]);
      expect(log).toContain('was stopped and is being rolled back');
    }),
  );
});

describe.each(strategies)('a signal around a $name deployment', (strategy) => {
  it(
    'right after the update leaves a deployment that is known',
    onService(strategy, {}, async (stage) => {
      const { status, outputs } = await stage.deploy({ onOutput: at('Updated service', 'SIGTERM') });
      const [deployment] = serviceOf(stage).serviceDeployments;
      expect([status, outputs['deployment-id']]).toEqual([143, deployment?.arn]);
    }),
  );

  it(
    'while another deployment is waited for leaves everything as it is',
    onService(strategy, { play: { neverStable: true } }, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy({ onOutput: at('waiting until it has ended', 'SIGTERM') });
      expect([status, changes]).toEqual([143, []]);
      expect(log).toContain('interrupted by SIGTERM: nothing was changed');
    }),
  );

  it(
    'between registering and updating says what was done, and a repeat goes on from there',
    onService(strategy, {}, async (stage) => {
      const lift = stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'hang', when: 'before' } });
      const { status, log, changes } = await stage.deploy({ onOutput: at('Registered', 'SIGTERM') });
      lift();
      expect([status, changes, serviceDeployments(stage)]).toEqual([143, ['RegisterTaskDefinition'], []]);
      expect(log).toMatch(/Error: .*interrupted by SIGTERM/);
      expect(log).toContain(after);
      const again = await stage.deploy();
      expect([again.status, again.changes]).toEqual([0, ['UpdateService']]);
    }),
  );
});

describe.each(strategies)('a $name run that is repeated', (strategy) => {
  it(
    'after a crash between registering and updating registers nothing again',
    onService(strategy, {}, async (stage) => {
      const lift = stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'hang', when: 'before' } });
      const first = await stage.deploy({ onOutput: at('Registered', 'SIGKILL') });
      expect([first.status, serviceDeployments(stage)]).toEqual([137, []]);
      lift();
      const { status, changes, log } = await stage.deploy();
      expect([status, changes]).toEqual([0, ['UpdateService']]);
      expect(log).toContain('the latest revision is identical');
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${after}`]);
    }),
  );

  it(
    'after a crash while watching picks its deployment up',
    onService(strategy, { play: { slowInstall: 600_000 } }, async (stage) => {
      await stage.deploy({ onOutput: at('IN_PROGRESS', 'SIGKILL') });
      const { status, changes, log, outputs } = await stage.deploy();
      expect([status, changes]).toEqual([0, []]);
      expect(log).toContain('of this very revision is active already: watching it');
      expect(outputs['deployment-id']).toBe(serviceOf(stage).serviceDeployments[0]?.arn);
      expect(outputs['previous-task-definition-arn']).toMatch(new RegExp(`${before}$`));
    }),
  );

  it(
    'after a success changes nothing',
    onService(strategy, {}, async (stage) => {
      await stage.deploy();
      const { status, outputs, changes } = await stage.deploy();
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [], 'UNCHANGED']);
    }),
  );

  it.each([true, false])('after a failure (rolled back: %s) deploys the same revision again', (rollback) =>
    onService(
      strategy,
      { more: { deploymentCircuitBreaker: { enable: true, rollback } }, play: { crashTasks: {} } },
      async (stage) => {
        await stage.deploy();
        stage.aws.compute.play({});
        const { status, changes } = await stage.deploy();
        expect([status, changes]).toEqual([0, ['UpdateService']]);
        expect(serviceDeployments(stage).at(-1)).toBe(`SUCCESSFUL ${after}`);
      },
    )(),
  );
});

describe.each(strategies)('an AWS in trouble, in a $name deployment', (strategy) => {
  it.each(['after', 'before'] as const)('loses what is sent once, the connection cut %s it took effect', (when) =>
    onService(strategy, {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'drop', when } });
      const { status, log } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
      expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
      const isFound = log.includes('The answer of AWS was lost, but what was asked for is there.');
      expect(isFound).toBe(when === 'after');
    })(),
  );

  it(
    'throttles, and is waited for',
    onService(strategy, {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', times: 2, effect: { kind: 'throttle' } });
      stage.aws.faults.add({ on: 'ecs:DescribeServiceDeployments', after: 2, times: 4, effect: { kind: 'throttle' } });
      const { status, log } = await stage.deploy();
      expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
      expect(log).toContain('AWS is throttling; looking less often');
    }),
  );
});

describe.each(strategies)('a role that may not look at service deployments, in a $name deployment', (strategy) => {
  const refuse = (stage: Stage) => {
    stage.aws.faults.add({ on: 'ecs:ListServiceDeployments', times: 'always', effect: { kind: 'refuse' } });
  };

  it(
    'sees the success by the rollout state, and is told so',
    onService(strategy, {}, async (stage) => {
      refuse(stage);
      const { status, outputs, log, changes } = await stage.deploy();
      expect([status, outputs['deployment-status'], changes]).toEqual([0, 'SUCCEEDED', updates]);
      expect(log).toContain(
        'Note: the deployment is judged by the rollout state of the service alone, without stages and traffic: the role may not call ecs:ListServiceDeployments',
      );
    }),
  );

  it(
    'sees the success in the list where only the details are refused',
    onService(strategy, {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:DescribeServiceDeployments', times: 'always', effect: { kind: 'refuse' } });
      const { status, log } = await stage.deploy();
      expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
      expect(log.match(/cannot be shown: the role may not call ecs:DescribeServiceDeployments/g)).toHaveLength(1);
    }),
  );

  it(
    'sees a rollback',
    onService(strategy, { more: breaker, play: { crashTasks: {} } }, async (stage) => {
      refuse(stage);
      const { status, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
      expect(serviceDeployments(stage)).toEqual([`ROLLBACK_SUCCESSFUL ${after}`]);
    }),
  );

  it(
    'sees a replacement',
    onService(strategy, { play: { competingAt: 20_000 } }, async (stage) => {
      refuse(stage);
      const { status, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([5, 'SUPERSEDED']);
    }),
  );

  const details = ['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions'];
  const refuseAll = ({ aws }: Stage) => {
    for (const on of details) aws.faults.add({ on, times: 'always', effect: { kind: 'refuse' } });
  };

  it.each([
    ['waits for', 'wait', updates],
    ['stops', 'stop', ['StopServiceDeployment', ...updates]],
  ])('%s another deployment', (_, how, expected) =>
    onService(strategy, {}, async (stage) => {
      refuseAll(stage);
      await compete(stage);
      const { status, changes } = await stage.deploy({ inputs: { 'if-deploying': how } });
      expect([status, changes]).toEqual([0, expected]);
      expect(serviceDeployments(stage).at(-1)).toBe(`SUCCESSFUL ${after}`);
    })(),
  );

  it(
    'has its deployment rolled back after a time-out',
    onService(strategy, { play: { neverStable: true } }, async (stage) => {
      refuseAll(stage);
      const { status } = await stage.deploy({ inputs: { 'wait-for-minutes': '2', 'rollback-on': 'timeout' } });
      expect([status, serviceDeployments(stage)]).toEqual([3, [`ROLLBACK_SUCCESSFUL ${after}`]]);
    }),
  );

  it(
    'picks up the deployment of a run that crashed',
    onService(strategy, { play: { slowInstall: 600_000 } }, async (stage) => {
      refuseAll(stage);
      await stage.deploy({ onOutput: at('IN_PROGRESS', 'SIGKILL') });
      const { status, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, []]);
    }),
  );
});

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

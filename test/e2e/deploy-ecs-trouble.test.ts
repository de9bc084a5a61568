import { ECS } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { after, before, breaker, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import { at, type Stage, serviceOf } from './deploy-stage';

const updates = ['RegisterTaskDefinition', 'UpdateService'];
const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' };
const ecsOf = ({ aws }: Stage) => new ECS({ region: aws.region, credentials, requestHandler: aws.handler as never });

/** Somebody else's deployment of what runs already. */
const compete = (stage: Stage) =>
  ecsOf(stage).updateService({ cluster: 'EcsCluster', service: 'EcsService', forceNewDeployment: true });

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

import { describe, expect, it } from '@jest/globals';
import { after, breaker, compete, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import { deny, type Stage, serviceOf } from './deploy-stage';
import { crash, type SignalAt } from './signal-at';

const updates = ['RegisterTaskDefinition', 'UpdateService'];

/** The deployment is looked at by its service, as nobody may look at it itself. */
const lookingOn = (stage: Stage): SignalAt => ({
  call: 'ecs:DescribeServices',
  if: () => serviceOf(stage).serviceDeployments[0]?.status === 'IN_PROGRESS',
  nth: 3,
});

describe.each(strategies)('a role that may not look at service deployments, in a $name deployment', (strategy) => {
  const refuse = (stage: Stage) => {
    deny(stage, 'ecs:ListServiceDeployments');
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
      deny(stage, 'ecs:DescribeServiceDeployments');
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
    for (const on of details) deny({ aws }, on);
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
      await stage.deploy({ signal: crash(lookingOn(stage)) });
      const { status, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, []]);
    }),
  );

  it(
    'is told a command that takes the deployment back, and the last state after a signal',
    onService(strategy, { play: { neverStable: true } }, async (stage) => {
      refuseAll(stage);
      const { log } = await stage.deploy({ signal: lookingOn(stage) });
      expect(log).toMatch(
        /is IN_PROGRESS and keeps running in AWS; .* stop it: aws ecs update-service --cluster EcsCluster --service EcsService --task-definition arn:\S+:1 --region us-west-2/,
      );
    }),
  );

  it(
    'waits for another deployment by the list where only the details are refused',
    onService(strategy, {}, async (stage) => {
      deny(stage, 'ecs:DescribeServiceDeployments');
      await compete(stage);
      const { status, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, updates]);
    }),
  );
});

describe.each(strategies)('a $name deployment that somebody stops where it is', (strategy) => {
  const stopped = { play: { slowInstall: 60_000, stopBySomebody: 20_000 } };

  it(
    'is seen by a role that may not read what service deployments deploy',
    onService(strategy, stopped, async (stage) => {
      deny(stage, 'ecs:DescribeServiceRevisions');
      const { status, outputs, log } = await stage.deploy();
      const { arn } = serviceOf(stage).serviceDeployments[0]!;
      expect([status, outputs['deployment-status'], outputs['deployment-id']]).toEqual([1, 'STOPPED', arn]);
      expect(log).toContain('somebody stopped it');
    }),
  );

  it(
    'is seen although AWS did not tell its id within half a minute of the update',
    onService(strategy, stopped, async (stage) => {
      const hang = { kind: 'hang' } as const;
      stage.aws.faults.add({ on: 'ecs:DescribeServiceRevisions', since: 'ecs:UpdateService', times: 3, effect: hang });
      const { status, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'STOPPED']);
      expect(outputs['deployment-id']).toMatch(/^ecs-svc\//);
    }),
  );
});

it(
  'a deployment of which AWS told no id is rolled back after a time-out',
  onService(strategies[0], { play: { neverStable: true } }, async (stage) => {
    const hang = { kind: 'hang' } as const;
    stage.aws.faults.add({ on: 'ecs:DescribeServiceRevisions', since: 'ecs:UpdateService', times: 3, effect: hang });
    const { status } = await stage.deploy({ inputs: { 'wait-for-minutes': '2', 'rollback-on': 'timeout' } });
    expect([status, serviceDeployments(stage)]).toEqual([3, [`ROLLBACK_SUCCESSFUL ${after}`]]);
  }),
);

it(
  'a circuit breaker that does not roll back ends a deployment for such a role, whatever alarms that are off would do',
  onService(
    strategies[0],
    {
      more: {
        deploymentCircuitBreaker: { enable: true, rollback: false },
        alarms: { alarmNames: [], enable: false, rollback: true },
      },
      play: { crashTasks: {} },
    },
    async (stage) => {
      deny(stage, 'ecs:ListServiceDeployments');
      const { status, log } = await stage.deploy();
      expect(status).toBe(1);
      expect(log).toContain('nothing was rolled back');
    },
  ),
);

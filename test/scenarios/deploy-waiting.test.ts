import { describe, expect, it } from '@jest/globals';
import {
  application,
  codeDeployOf,
  defaultPace,
  deployments,
  family,
  group,
  on,
  type Stage,
  servingRevision,
  widePace,
} from './deploy-stage';
import { installing, reading } from './signal-at';

/** Somebody who continues the newest deployment after so many milliseconds. */
function continueLater(stage: Stage, ms: number): void {
  const { aws } = stage;
  const codedeploy = codeDeployOf(stage);
  aws.clock.after(ms, () => {
    const deployment = aws.compute.state.deployments[0];
    void codedeploy.continueDeployment({ deploymentId: deployment?.id, deploymentWaitType: 'READY_WAIT' });
  });
}

describe('what is waited for', () => {
  it.each([
    ['none', /^(?![\s\S]*Watching)/],
    ['test-traffic', /AllowTestTraffic +succeeded[^\n]*\n(?![\s\S]*AllowTraffic +begins)/],
    ['traffic-shifted', /AfterAllowTraffic +succeeded/],
  ])('is %s where that is asked for', (until, said) =>
    on({ seed: { terminationWait: 60 } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: { 'wait-until': until } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(log).toMatch(said);
      expect(log).toContain('and keeps running in AWS: https://');
      expect(deployments(stage)[0]).toMatch(/^user (Created|InProgress)$/);
    })(),
  );

  it(
    'is the traffic by itself where the termination wait is too long',
    on({ seed: { terminationWait: 1_380 } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(log).toContain('traffic-shifted (auto: the configured waits take 23 hours, 6 hours are allowed');
      expect(servingRevision(stage)).toBe(`${family}:2`);
    }),
  );

  it(
    'is the end where the termination wait fits',
    on({ seed: { terminationWait: 60 } }, async (stage) => {
      const { status, outputs } = await stage.deploy({ inputs: widePace });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
    }),
  );

  it(
    'is at most 55 minutes on CodeCatalyst',
    on({ seed: { terminationWait: 60 } }, async (stage) => {
      const { log } = await stage.deploy({ env: { CATALYST_WORKFLOW_PROJECT_NAME: 'p' } });
      expect(log).toContain('traffic-shifted (auto: the configured waits take 60 minutes, 55 minutes are allowed');
    }),
  );

  it(
    'never is reached by a deployment that fails before it',
    on({ play: { failHook: { event: 'AfterInstall' } } }, async (stage) => {
      const { status } = await stage.deploy({ inputs: { 'wait-until': 'test-traffic' } });
      expect(status).toBe(3);
    }),
  );
});

describe('a deployment that waits to be continued', () => {
  it(
    'says how, and goes on',
    on({ seed: { readyWait: 60 } }, async (stage) => {
      continueLater(stage, 10 * 60_000);
      const { status, log } = await stage.deploy();
      expect(status).toBe(0);
      expect(log).toMatch(
        /ready +waits to be continued: aws deploy continue-deployment --deployment-id d-\w+ --deployment-wait-type READY_WAIT --region us-west-2/,
      );
      expect(log).toMatch(/still +waiting to be continued/);
    }),
  );

  it(
    'is stopped by CodeDeploy when nobody does',
    on({ seed: { readyWait: 10, rollbackOn: [] } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'STOPPED']);
      expect(log).toContain('timed out while waiting for the traffic rerouting');
    }),
  );
});

describe('the end of the time', () => {
  it(
    'leaves the deployment as it is',
    on({ play: { neverStable: true } }, async (stage) => {
      const { status, outputs, log, changes } = await stage.deploy({ inputs: { 'wait-for-minutes': '2' } });
      expect([status, outputs['deployment-status']]).toEqual([4, 'TIMED_OUT']);
      expect(log).toMatch(
        /Error: .* is still InProgress after 2 minutes and keeps running in AWS; .*aws deploy stop-deployment/,
      );
      expect(changes).toEqual(['RegisterTaskDefinition', 'CreateDeployment']);
      expect(stage.aws.clock.now() - stage.aws.compute.state.deployments[0]!.createTime.getTime()).toBeLessThan(
        125_000,
      );
    }),
  );

  it(
    'rolls it back where that is asked for',
    on({ seed: { rollbackOn: [] }, play: { neverStable: true } }, async (stage) => {
      const inputs = { 'wait-for-minutes': '2', 'rollback-on': 'timeout' };
      const { status, outputs, log } = await stage.deploy({ inputs });
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
      expect(log).toMatch(/was rolled back by d-\w+: it was not finished after 2 min 0 s/);
      expect(deployments(stage)).toEqual(['user Stopped', 'codeDeployRollback Succeeded']);
    }),
  );
});

describe('another deployment that is active', () => {
  it(
    'is waited for',
    on({}, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status, log, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', 'CreateDeployment']]);
      expect(log).toMatch(
        /Deployment d-\w+ is active: waiting until it has ended[\s\S]*has ended: Succeeded[\s\S]*Registered/,
      );
      expect(deployments(stage)).toEqual(['user Succeeded', 'user Succeeded']);
    }),
  );

  it(
    'is waited for only so long, and nothing is registered then',
    on({ play: { neverStable: true } }, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status, log, changes, outputs } = await stage.deploy({ inputs: { 'wait-for-minutes': '5' } });
      expect([status, changes, outputs['deployment-status']]).toEqual([4, [], 'TIMED_OUT']);
      expect(log).toMatch(
        /Error: cannot create the deployment: d-\w+ was still InProgress after 5 minutes; run again later.*\. Nothing was changed\./,
      );
    }),
  );

  it(
    'is stopped where that is asked for',
    on({ seed: { rollbackOn: ['DEPLOYMENT_STOP_ON_REQUEST'] } }, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status, changes } = await stage.deploy({ inputs: { 'if-deploying': 'stop' } });
      expect([status, changes]).toEqual([0, ['StopDeployment', 'RegisterTaskDefinition', 'CreateDeployment']]);
      expect(deployments(stage)).toEqual(['user Stopped', 'user Succeeded']);
    }),
  );

  const canary = {
    deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent15Minutes',
    rollbackOn: [],
    terminationWait: 60,
  };
  it.each([
    ['while its traffic moves, and taken back', 2, ['user Stopped', 'codeDeployRollback Succeeded', 'user Succeeded']],
    ['when it has all the traffic, and left so', 20, ['user Stopped', 'user Succeeded']],
  ])('is stopped %s', (_, minutes, ends) =>
    on({ seed: canary }, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      await stage.aws.clock.advance(minutes * 60_000);
      const inputs = { ...widePace, 'if-deploying': 'stop', 'wait-until': 'completed' };
      expect((await stage.deploy({ inputs })).status).toBe(0);
      expect(deployments(stage)).toEqual(ends);
      const weights = stage.aws.compute.traffic(stage.seeded.productionListenerArn).map(({ weight }) => weight);
      expect(weights.filter((weight) => weight > 0)).toEqual([100]);
    })(),
  );
});

describe('a signal', () => {
  const stuck = { play: { neverStable: true } };
  it.each([['SIGTERM', 143] as const, ['SIGINT', 130] as const])(
    '%s stops the waiting and says how to go on',
    (signal, exit) =>
      on(stuck, async (stage) => {
        const { status, outputs, log, changes } = await stage.deploy({
          signal: { ...installing, name: signal },
        });
        expect([status, outputs['deployment-status']]).toEqual([exit, 'IN_PROGRESS']);
        expect(log).toMatch(
          new RegExp(
            `interrupted by ${signal}: deployment d-\\w+ is InProgress and keeps running in AWS; watch it at https`,
          ),
        );
        expect(changes).toEqual(['RegisterTaskDefinition', 'CreateDeployment']);
      })(),
  );

  it.each([
    [
      'while the traffic moves',
      { deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent15Minutes' },
      10,
      'InProgress',
    ],
    ['while it waits to be continued', { readyWait: 600 }, 0, 'Ready'],
    ['while the old tasks wait for their end', { terminationWait: 600 }, 100, 'InProgress'],
  ])('%s leaves the traffic where it is', (_, seed, percent, state) =>
    on({ seed }, async (stage) => {
      const inputs = { 'wait-until': 'completed', 'wait-for-minutes': '2880' };
      const greenShare = () =>
        stage.aws.compute.traffic(stage.seeded.productionListenerArn).find(({ taskSet }) => taskSet === 'green')
          ?.weight ?? 0;
      const isThere = () => greenShare() === percent && stage.aws.compute.state.deployments[0]?.status === state;
      const signal = { call: 'codedeploy:GetDeployment', if: isThere, nth: 2 };
      const { status, log, report } = await stage.deploy({ inputs, signal });
      expect(status).toBe(143);
      expect(log).toMatch(/interrupted by SIGTERM: deployment d-\w+ is (InProgress|Ready) and keeps running in AWS/);
      expect(report).toContain('IN_PROGRESS');
      expect(greenShare()).toBe(percent);
    })(),
  );

  it(
    'rolls back where that is asked for',
    on(stuck, async (stage) => {
      const inputs = { 'rollback-on': 'interrupt' };
      const { status, outputs, log, changes } = await stage.deploy({
        inputs,
        signal: installing,
      });
      expect([status, outputs['deployment-status']]).toEqual([143, 'STOPPED']);
      expect(log).toMatch(/was stopped and is being rolled back/);
      expect(changes).toEqual(['RegisterTaskDefinition', 'CreateDeployment', 'StopDeployment']);
    }),
  );

  it(
    'during a rollback names the deployment that goes back',
    on({ play: { failHook: { event: 'AfterAllowTraffic' } } }, async (stage) => {
      const { status, log } = await stage.deploy({
        inputs: defaultPace,
        signal: { call: 'codedeploy:GetDeployment', if: () => stage.aws.compute.state.deployments.length > 1, nth: 3 },
      });
      const [own, back] = stage.aws.compute.state.deployments;
      expect(status).toBe(143);
      expect(log).toContain(`interrupted by SIGTERM: deployment ${own?.id} is Failed and rolled back by ${back?.id} (`);
      expect(log).not.toMatch(/stop-deployment|cannot be shown/);
    }),
  );

  it(
    'before anything is decided ends at once',
    on({}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:DescribeServices', times: 'always', effect: { kind: 'hang' } });
      const { status, log, changes } = await stage.deploy({ signal: reading });
      expect([status, changes]).toEqual([143, []]);
      expect(log).toContain('Error: interrupted by SIGTERM');
    }),
  );

  it(
    'while another deployment is waited for leaves everything as it is',
    on(stuck, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status, log, changes } = await stage.deploy({ signal: { call: 'codedeploy:GetDeployment', nth: 3 } });
      expect([status, changes]).toEqual([143, []]);
      expect(log).toContain('interrupted by SIGTERM: nothing was changed');
    }),
  );
});

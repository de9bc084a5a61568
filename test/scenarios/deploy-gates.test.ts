import { describe, expect, it } from '@jest/globals';
import {
  after,
  before,
  compete,
  ecsOf,
  onService,
  servedRevision,
  serviceDeployments,
  shifting,
} from './deploy-ecs-stage';
import { deny, deployments, family, on, type Stage, serviceOf, servingRevision } from './deploy-stage';

const gate = { 'wait-until': 'test-traffic' };
const goOn = { 'if-deploying': 'continue' };
const goBack = { 'if-deploying': 'rollback' };

/** A hook that waits for somebody when the test traffic has moved. */
const pause = {
  targetType: 'PAUSE' as const,
  lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const],
  timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' as const },
};

describe('a deployment of CodeDeploy that stops before the production traffic', () => {
  it(
    'goes on with the run that continues it, and is watched to its end',
    on({ seed: { readyWait: 60, terminationWait: 1 } }, async (stage) => {
      const first = await stage.deploy({ inputs: gate });
      expect([first.status, first.outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      const { status, changes, log, outputs } = await stage.deploy({ inputs: goOn });
      expect([status, changes, outputs['deployment-status']]).toEqual([0, ['ContinueDeployment'], 'SUCCEEDED']);
      expect(log).toContain(`Continued deployment ${outputs['deployment-id']}: the production traffic moves now`);
      expect(log).toMatch(/active +d-\w+ deploys this very revision already and is continued/);
      expect(log).not.toContain('at most to be continued');
      expect(servingRevision(stage)).toBe(`${family}:2`);
    }),
  );

  it(
    'is watched to its end on CodeCatalyst too, where the wait that is over would not fit',
    on({ seed: { readyWait: 60, terminationWait: 5 } }, async (stage) => {
      const env = { CATALYST_WORKFLOW_RUN_ID: 'run' };
      await stage.deploy({ inputs: gate, env });
      const { status, log } = await stage.deploy({ inputs: goOn, env });
      expect([status, log]).toEqual([0, expect.stringContaining('::set-output name=deployment-status::SUCCEEDED')]);
      expect(log).toContain('auto: the configured waits take 5 minutes, 55 minutes are allowed');
    }),
  );

  it(
    'goes on although the run that continues it comes before the wait',
    on({ seed: { readyWait: 60 } }, async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'none' } });
      const { status, changes } = await stage.deploy({ inputs: goOn });
      expect([status, changes, deployments(stage)]).toEqual([0, ['ContinueDeployment'], ['user Succeeded']]);
    }),
  );

  it.each(['none', 'test-traffic', 'traffic-shifted'])('goes on where %s is waited for', (until) =>
    on({ seed: { readyWait: 60 } }, async (stage) => {
      await stage.deploy({ inputs: gate });
      await stage.aws.clock.advance(60_000);
      const { status, changes } = await stage.deploy({ inputs: { ...goOn, 'wait-until': until } });
      expect([status, changes]).toEqual([0, ['ContinueDeployment']]);
    })(),
  );

  it(
    'is continued once although the answer is lost, and although its image is a tag that a forced run names',
    on({ seed: { readyWait: 60 } }, async (stage) => {
      const force = { 'force-new-deployment': 'true' };
      await stage.deploy({ inputs: { ...gate, ...force } });
      await stage.aws.clock.advance(60_000);
      stage.aws.faults.add({ on: 'codedeploy:ContinueDeployment', effect: { kind: 'drop', when: 'after' } });
      const { status, log } = await stage.deploy({ inputs: { ...goOn, ...force } });
      expect([status, deployments(stage)]).toEqual([0, ['user Succeeded']]);
      expect(log).toContain('went on before it could be continued');
    }),
  );

  it(
    'is told to keep running where the role may not continue it',
    on({ seed: { readyWait: 60 } }, async (stage) => {
      await stage.deploy({ inputs: gate });
      deny(stage, 'codedeploy:ContinueDeployment');
      const { status, log, outputs } = await stage.deploy({ inputs: goOn });
      expect([status, outputs['deployment-status']]).toEqual([1, 'IN_PROGRESS']);
      expect(log).toMatch(/Error: .*d-\w+.*allow codedeploy:ContinueDeployment/);
    }),
  );
});

it(
  'a run that would continue a deployment deploys where none of its own is active, and continues nothing of that',
  on({ seed: { readyWait: 60, rollbackOn: [] } }, async (stage) => {
    const { status, changes } = await stage.deploy({ inputs: { ...goOn, 'wait-for-minutes': '5' } });
    expect([status, changes]).toEqual([4, ['RegisterTaskDefinition', 'CreateDeployment']]);
  }),
);

describe.each(shifting)('a $name deployment that is paused', (strategy) => {
  it(
    'is continued once although the answer is lost',
    onService(strategy, { more: { lifecycleHooks: [pause] } }, async (stage) => {
      await stage.deploy({ inputs: gate });
      await stage.aws.clock.advance(5 * 60_000);
      stage.aws.faults.add({ on: 'ecs:ContinueServiceDeployment', effect: { kind: 'drop', when: 'after' } });
      const { status, log } = await stage.deploy({ inputs: goOn });
      expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
      expect(log).toContain('went on before it could be continued');
    }),
  );

  it(
    'goes on with the run that continues it',
    onService(strategy, { more: { lifecycleHooks: [pause] } }, async (stage) => {
      const first = await stage.deploy({ inputs: gate });
      expect([first.status, first.outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      const { status, changes, outputs } = await stage.deploy({ inputs: goOn });
      expect([status, changes, outputs['deployment-status']]).toEqual([0, ['ContinueServiceDeployment'], 'SUCCEEDED']);
      expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`SUCCESSFUL ${after}`], after]);
    }),
  );

  it(
    'goes back with the run that rolls it back',
    onService(strategy, { more: { lifecycleHooks: [pause] } }, async (stage) => {
      await stage.deploy({ inputs: gate });
      const { status, changes, outputs, log } = await stage.deploy({ inputs: goBack });
      expect([status, changes, outputs['deployment-status']]).toEqual([0, ['StopServiceDeployment'], 'ROLLED_BACK']);
      expect(log).toMatch(/Rolled back deployment \w+ of .*:2 of service EcsService, as if-deploying: rollback asks/);
      expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`ROLLBACK_SUCCESSFUL ${after}`], before]);
    }),
  );

  it.each(['', ' already'])('goes back%s with a run whose role may not read what it deploys', (already) =>
    onService(strategy, { more: { lifecycleHooks: [pause] } }, async (stage) => {
      const { outputs: made } = await stage.deploy({ inputs: gate });
      const id = made['deployment-id']!;
      deny(stage, 'ecs:DescribeServiceRevisions');
      if (already) await ecsOf(stage).stopServiceDeployment({ serviceDeploymentArn: id, stopType: 'ROLLBACK' });
      const { status, outputs, log } = await stage.deploy({ inputs: goBack });
      expect([status, outputs['deployment-status'], outputs['deployment-id']]).toEqual([0, 'ROLLED_BACK', id]);
      expect(log).not.toContain('undefined');
      expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`ROLLBACK_SUCCESSFUL ${after}`], before]);
    })(),
  );

  it(
    'is not continued at a second pause for which nobody asked',
    onService(
      strategy,
      { more: { lifecycleHooks: [pause, { ...pause, lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'] }] } },
      async (stage) => {
        await stage.deploy({ inputs: gate });
        const { status, changes } = await stage.deploy({
          inputs: { ...goOn, 'wait-for-minutes': '20', 'poll-interval-seconds': '60' },
        });
        expect([status, changes]).toEqual([4, ['ContinueServiceDeployment']]);
      },
    ),
  );
});

it(
  'a service deployment that ends before it can be stopped is no obstacle',
  onService(shifting[0]!, {}, async (stage) => {
    await compete(stage);
    const effect = { kind: 'error', code: 'ConflictException', message: 'has ended' } as const;
    stage.aws.faults.add({ on: 'ecs:StopServiceDeployment', effect });
    const { status, log } = await stage.deploy({ inputs: { 'if-deploying': 'stop' } });
    expect([status, serviceDeployments(stage).at(-1)]).toEqual([0, `SUCCESSFUL ${after}`]);
    expect(log).toContain('had ended before it could be stopped');
  }),
);

describe('a run that rolls back what is active', () => {
  it.each([
    ['waits to be continued', { readyWait: 60 }, gate],
    ['has all the traffic', { terminationWait: 60 }, { 'wait-until': 'traffic-shifted' }],
    ['has just begun', {}, { 'wait-until': 'none' }],
  ])('has a deployment rolled back that %s', (_, seed, inputs) =>
    on({ seed }, async (stage) => {
      await stage.deploy({ inputs });
      const { status, changes, outputs, log } = await stage.deploy({ inputs: goBack });
      expect([status, changes, outputs['deployment-status']]).toEqual([0, ['StopDeployment'], 'ROLLED_BACK']);
      expect(outputs['task-definition-arn']).toBeUndefined();
      expect(log).toMatch(/a rollback, nothing is deployed/);
      expect(deployments(stage)).toEqual(['user Stopped', 'codeDeployRollback Succeeded']);
      expect(servingRevision(stage)).toBe(`${family}:1`);
    })(),
  );

  const services = {
    CodeDeploy: (test: (stage: Stage) => Promise<void>) => on({}, test),
    ECS: (test: (stage: Stage) => Promise<void>) => on({ ecs: {} }, test),
  };
  it.each(Object.entries(services))('changes nothing where nothing is active under %s', (_, onThis) =>
    onThis(async (stage) => {
      const { status, changes, outputs, log } = await stage.deploy({ inputs: goBack });
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [], 'UNCHANGED']);
      expect(log).toContain('No deployment of service EcsService is active: nothing was rolled back');
    })(),
  );

  it.each(Object.entries(services))('needs no file that only a new deployment would need under %s', (_, onThis) =>
    onThis(async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'none' } });
      const inputs = { ...goBack, 'task-definition': 'gone.json', 'codedeploy-appspec': 'gone.yaml' };
      const { status, outputs } = await stage.deploy({ inputs });
      expect([status, outputs['deployment-status']]).toEqual([0, 'ROLLED_BACK']);
    })(),
  );

  it.each(Object.entries(services))('says in a dry run under %s what it would do', (_, onThis) =>
    onThis(async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'none' } });
      const { status, changes, log } = await stage.deploy({ inputs: { ...goBack, 'dry-run': 'true' } });
      expect([status, changes]).toEqual([0, []]);
      expect(log).toMatch(/active +\S+ is rolled back\n/);
    })(),
  );

  it(
    'fails where the rollback fails, and says so',
    on({ play: { rollbackFails: 'the old target group is gone' } }, async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'none' } });
      const { status, outputs, log } = await stage.deploy({ inputs: goBack });
      expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
      expect(log).toMatch(/Error: cannot roll back deployment d-\w+.*the old target group is gone/);
    }),
  );

  it(
    'fails where the deployment has succeeded just before',
    on({ seed: { terminationWait: 2 } }, async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'traffic-shifted' } });
      stage.aws.faults.add({
        on: 'codedeploy:StopDeployment',
        effect: { kind: 'error', code: 'DeploymentAlreadyCompletedException', message: 'completed' },
      });
      const { status, outputs, log } = await stage.deploy({ inputs: goBack });
      expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
      expect(log).toMatch(/Error: cannot roll back deployment d-\w+.*it had succeeded before it could be stopped/);
    }),
  );

  it(
    'watches a rollback that somebody has begun already',
    on({ seed: { readyWait: 60 }, play: { stopBySomebody: { ms: 120_000, rollback: true } } }, async (stage) => {
      await stage.deploy({ inputs: gate });
      await stage.aws.clock.advance(
        120_500 - (stage.aws.clock.now() - stage.aws.compute.state.deployments[0]!.createTime.getTime()),
      );
      const { status, changes, outputs } = await stage.deploy({ inputs: goBack });
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [], 'ROLLED_BACK']);
    }),
  );

  it(
    "rolls somebody else's deployment back as well",
    onService(shifting[0]!, {}, async (stage) => {
      await compete(stage);
      const { status, outputs } = await stage.deploy({ inputs: goBack });
      expect([status, outputs['deployment-status'], serviceOf(stage).serviceDeployments[0]?.status]).toEqual([
        0,
        'ROLLED_BACK',
        'ROLLBACK_SUCCESSFUL',
      ]);
    }),
  );

  it(
    'finds the deployment by the group where the role may not list deployments',
    on({ seed: { readyWait: 60 } }, async (stage) => {
      await stage.deploy({ inputs: gate });
      deny(stage, 'codedeploy:ListDeployments');
      const { status, outputs } = await stage.deploy({ inputs: goBack });
      expect([status, outputs['deployment-status']]).toEqual([0, 'ROLLED_BACK']);
    }),
  );
});

import { describe, expect, it } from '@jest/globals';
import {
  closePace,
  container,
  defaultPace,
  deployments,
  family,
  on,
  pinned,
  running,
  servingRevision,
  taskDefinition,
} from './deploy-stage';

const canary = { deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes' };
const region = 'arn:aws:ecs:us-west-2:123456789012:task-definition';

describe('a deployment that succeeds', () => {
  it(
    'moves the service, and says so',
    on({}, async (stage) => {
      const { status, outputs, log, changes, report } = await stage.deploy({ inputs: closePace });
      const [deployment] = stage.aws.compute.state.deployments;
      expect(status).toBe(0);
      expect(outputs).toEqual({
        cluster: 'EcsCluster',
        service: 'EcsService',
        region: 'us-west-2',
        'deployment-platform': 'AWS:ECS',
        'deployment-url':
          'https://console.aws.amazon.com/ecs/home?region=us-west-2#/clusters/EcsCluster/services/EcsService/events',
        'task-definition-arn': `${region}/${family}:2`,
        'previous-task-definition-arn': `${region}/${family}:1`,
        'deployment-id': deployment?.id,
        'codedeploy-deployment-id': deployment?.id,
        'deployment-status': 'SUCCEEDED',
        report: expect.stringContaining(`deployment-report-${deployment?.id}.html`),
      });
      expect(changes).toEqual(['RegisterTaskDefinition', 'CreateDeployment']);
      expect(deployments(stage)).toEqual(['user Succeeded']);
      expect(servingRevision(stage)).toBe(`${family}:2`);
      expect(log).toContain(
        'containerDefinitions.MyContainer.image: "public.ecr.aws/nginx/nginx:1.27" → "public.ecr.aws/nginx/nginx:1.28"',
      );
      expect(log).toMatch(/Install +begins[\s\S]*Install +succeeded after \d+ s[\s\S]*blue +0% █{20} 100% green/);
      expect(report).toContain('<h1><strong class="status">Succeeded</strong> EcsService</h1>');
    }),
  );

  it(
    'keeps what the AppSpec says and replaces its task definition',
    on({}, async (stage) => {
      stage.write(
        'appspec.yaml',
        `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "<TaskDefinitionArn>"
        LoadBalancerInfo: { ContainerName: MyContainer, ContainerPort: 80 }
        PlatformVersion: "1.4.0"
Hooks:
  - BeforeInstall: CheckTheGround
`,
      );
      // As of a commit message.
      const description = `\nFix $(it) "now"\n\n${'x'.repeat(600)}`;
      const { status } = await stage.deploy({ inputs: { 'codedeploy-deployment-description': description } });
      expect(status).toBe(0);
      const [deployment] = stage.aws.compute.state.deployments;
      expect(deployment?.appSpec).toMatchObject({
        taskDefinition: `${region}/${family}:2`,
        platformVersion: '1.4.0',
        hooks: { BeforeInstall: 'CheckTheGround' },
      });
      expect(deployment?.description).toBe(`Fix $(it) "now"\n\n${'x'.repeat(495)}`);
    }),
  );

  it(
    'as a canary shows each step and each minute, with few calls, and ends when it ends',
    on({ seed: { ...canary, terminationWait: 5 } }, async (stage) => {
      const { status, log, report } = await stage.deploy({ inputs: defaultPace });
      expect(status).toBe(0);
      expect(log).toContain('10%, 100% after 5 minutes; old tasks stay 5 minutes');
      expect(log).toMatch(/blue +90% ░{18}██ 10% green[\s\S]*blue +0% █{20} 100% green/);
      expect(log).toContain('continue-deployment --deployment-id');
      expect(report).toMatch(/<desc id="pd">green 0% after 5 s, green 10% after \d+ s, green 100% after 5 min \d+ s, /);
      const lines = [...log.matchAll(/^ +\+(\d+):(\d\d) /gm)].map(
        ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
      );
      const silences = lines.map((at, index) => at - (lines[index - 1] ?? 0));
      expect(Math.max(...silences)).toBeLessThanOrEqual(60);
      const watched = stage.aws.calls.findIndex(({ operation }) => operation === 'CreateDeployment') + 1;
      const times = stage.aws.calls.slice(watched).map(({ at }) => at);
      const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
      // The looks before the deployment come on top in the first minute.
      expect(busiest).toBeLessThanOrEqual(36);
      const completed = stage.aws.compute.state.deployments[0]?.completeTime?.getTime() ?? 0;
      expect(stage.aws.clock.now() - completed).toBeLessThanOrEqual(7_000);
    }),
  );

  it(
    'finds its group and generates its AppSpec where nothing is given',
    on({}, async (stage) => {
      const inputs = {
        'codedeploy-application': '',
        'codedeploy-deployment-group': '',
        cluster: stage.seeded.clusterArn,
      };
      const { status, log, outputs } = await stage.deploy({ inputs, env: { AWS_REGION: 'eu-west-1' } });
      expect(status).toBe(0);
      expect(log).toContain('blue/green by tutorial-bluegreen-app/tutorial-bluegreen-dg');
      expect(log).toContain('generated: container MyContainer, port 80');
      expect(outputs).toMatchObject({ region: 'us-west-2', cluster: 'EcsCluster' });
    }),
  );

  it(
    'deploys a revision as it is, registering nothing',
    on({}, async (stage) => {
      const inputs = { 'task-definition': `${family}:1`, 'force-new-deployment': 'true' };
      const { status, changes, outputs } = await stage.deploy({ inputs });
      expect([status, changes]).toEqual([0, ['CreateDeployment']]);
      expect(outputs['task-definition-arn']).toBe(`${region}/${family}:1`);
    }),
  );
});

describe('nothing to do', () => {
  it(
    'is UNCHANGED, and changes nothing',
    on({ seed: { image: pinned } }, async (stage) => {
      stage.write('task.json', running(pinned));
      const { status, outputs, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, []]);
      expect(outputs).toMatchObject({
        'deployment-status': 'UNCHANGED',
        'task-definition-arn': `${region}/${family}:1`,
      });
      expect(outputs['deployment-id']).toBeUndefined();
    }),
  );

  it(
    'is done all the same when forced, with the revision that is there',
    on({}, async (stage) => {
      stage.write('task.json', running());
      const { status, changes } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
      expect([status, changes]).toEqual([0, ['CreateDeployment']]);
    }),
  );

  it(
    'is done in a dry run, which prints the plan',
    on({}, async (stage) => {
      const { status, log, changes, outputs } = await stage.deploy({ inputs: { 'dry-run': 'true' } });
      expect([status, changes]).toEqual([0, []]);
      expect(log).toMatch(/Plan for service EcsService[\s\S]*1\.27" → [\s\S]*Dry run: nothing was changed\./);
      expect(outputs['deployment-status']).toBeUndefined();
    }),
  );
});

describe('a deployment that fails', () => {
  const failHook = { event: 'AfterAllowTestTraffic' as const, diagnostics: { message: 'the page is broken' } };

  it(
    'by its hook is rolled back, and that is no success',
    on({ play: { failHook } }, async (stage) => {
      const { status, outputs, log, report } = await stage.deploy();
      expect(status).toBe(3);
      expect(outputs['deployment-status']).toBe('ROLLED_BACK');
      expect(log).toMatch(
        /Error: cannot deploy .* was rolled back by d-\w+: AfterAllowTestTraffic failed: .*the page is broken/,
      );
      expect(report).toContain('the page is broken');
      expect(deployments(stage)).toEqual(['user Failed', 'codeDeployRollback Succeeded']);
      expect(servingRevision(stage)).toBe(`${family}:1`);
    }),
  );

  it(
    'is FAILED where nothing is rolled back',
    on({ seed: { rollbackOn: [] }, play: { failHook } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
      expect(log).toContain('nothing was rolled back, and green has 0% of the traffic');
      expect(deployments(stage)).toEqual(['user Failed']);
    }),
  );

  it(
    'is rolled back where rollback-on asks for it and the group does not',
    on({ seed: { rollbackOn: [] }, play: { failHook } }, async (stage) => {
      const { status } = await stage.deploy({ inputs: { 'rollback-on': 'failure' } });
      expect(status).toBe(3);
      expect(stage.aws.compute.state.deployments[0]?.autoRollback).toEqual({
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
      });
    }),
  );

  it(
    'is FAILED where its rollback fails too',
    on({ play: { failHook, rollbackFails: 'no capacity' } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
      expect(log).toMatch(/its rollback d-\w+ failed too \(no capacity\): check the traffic of the service/);
    }),
  );

  it(
    'by an alarm names the alarm',
    on(
      {
        seed: { ...canary, alarms: ['PageErrors'], rollbackOn: ['DEPLOYMENT_STOP_ON_ALARM'] },
        play: { alarmAt: { name: 'PageErrors', ms: 120_000 } },
      },
      async (stage) => {
        const { status, outputs, log } = await stage.deploy();
        expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
        expect(log).toMatch(/an alarm went off: .*<PageErrors>/);
        expect(servingRevision(stage)).toBe(`${family}:1`);
      },
    ),
  );

  it(
    'by an alarm without a rollback tells where the traffic is',
    on(
      {
        seed: { ...canary, alarms: ['PageErrors'], rollbackOn: [] },
        play: { alarmAt: { name: 'PageErrors', ms: 120_000 } },
      },
      async (stage) => {
        const { status, outputs, log } = await stage.deploy();
        expect([status, outputs['deployment-status']]).toEqual([1, 'STOPPED']);
        expect(log).toContain('green has 10% of the traffic');
      },
    ),
  );

  it(
    'because somebody stopped it is STOPPED',
    on({ play: { stopBySomebody: 20_000 } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'STOPPED']);
      expect(log).toContain('somebody stopped it');
    }),
  );

  it(
    'because somebody stopped it with a rollback is ROLLED_BACK',
    on({ play: { stopBySomebody: { ms: 20_000, rollback: true } } }, async (stage) => {
      const { status, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
    }),
  );

  it(
    'because another one replaced it is SUPERSEDED',
    on({ play: { competingAt: 20_000 } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([5, 'SUPERSEDED']);
      expect(log).toContain(`was replaced by ${stage.aws.compute.state.deployments[1]?.id}`);
    }),
  );
});

describe('tasks that do not come up', () => {
  it(
    'are reported as soon as they crash, and explained at the end',
    on({ play: { crashTasks: { exitCode: 3, logLines: ['starting', 'no database'] } } }, async (stage) => {
      const { status, outputs, log, report } = await stage.deploy({
        inputs: { ...closePace, 'wait-for-minutes': '5' },
      });
      expect([status, outputs['deployment-status']]).toEqual([4, 'TIMED_OUT']);
      expect(log).toMatch(
        /\+0:[345]\d tasks stop +\d of the new revision so far: EssentialContainerExited: .*MyContainer exited with 3/,
      );
      expect(log).toMatch(/Stopped tasks:\n +\d+ × EssentialContainerExited/);
      expect(log).toMatch(/Log of the newest of them:\n +starting\n +no database/);
      expect(report).toContain('no database');
      expect(deployments(stage)).toEqual(['user InProgress']);
    }),
  );

  it(
    'because of an image say which',
    on({ play: { imagePullError: 'pull access denied for nginx:1.28' } }, async (stage) => {
      const { log } = await stage.deploy({ inputs: { 'wait-for-minutes': '3' } });
      expect(log).toMatch(/× TaskFailedToStart: CannotPullContainerError: pull access denied for nginx:1\.28/);
    }),
  );

  it(
    'because they are unhealthy say why',
    on(
      {
        play: {
          unhealthyTargets: {
            reason: 'Target.ResponseCodeMismatch',
            description: 'Health checks failed with these codes: [502]',
          },
        },
      },
      async (stage) => {
        const { log } = await stage.deploy({ inputs: { 'wait-for-minutes': '3' } });
        expect(log).toMatch(
          /Target\.ResponseCodeMismatch|Health checks failed with these codes: \[502\]|failed ELB health checks/,
        );
      },
    ),
  );
});

it(
  'a report holds nothing that a page would run',
  on(
    { play: { failHook: { event: 'BeforeInstall', diagnostics: { message: '<script>alert(1)</script>' } } } },
    async (stage) => {
      stage.write(
        'task.json',
        taskDefinition({ containerDefinitions: [container({ command: ['<img src=x onerror=y>'] })] }),
      );
      const { report } = await stage.deploy();
      expect(report).not.toMatch(/<script|<img/);
      expect(report).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    },
  ),
);

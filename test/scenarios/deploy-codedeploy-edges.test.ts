import { ECS } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import {
  application,
  codeDeployOf,
  container,
  deny,
  deployments,
  group,
  on,
  serviceOf,
  servingRevision,
  taskDefinition,
} from './deploy-stage';

const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' };
const unnamed = { 'codedeploy-application': '', 'codedeploy-deployment-group': '' };

describe('after another deployment was waited for', () => {
  it(
    'auto is decided for the time that is left',
    on({ seed: { terminationWait: 40 } }, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status, log } = await stage.deploy({ inputs: { 'rollback-on': 'timeout', 'wait-for-minutes': '55' } });
      expect(log).toMatch(/Waits until traffic-shifted now \(auto: the configured waits take 40 minutes, 1\d minutes/);
      expect([status, deployments(stage).at(-1), servingRevision(stage)]).toEqual([
        0,
        'user InProgress',
        expect.stringMatching(/:2$/),
      ]);
    }),
  );

  it(
    'the number of tasks is what was asked for, whatever it has become meanwhile',
    on({ seed: { terminationWait: 30 } }, async (stage) => {
      const { aws } = stage;
      const ecs = new ECS({ region: aws.region, credentials, requestHandler: aws.handler as never });
      aws.compute.startCompetingDeployment(application, group);
      aws.clock.after(600_000, () => {
        void ecs.updateService({ cluster: 'EcsCluster', service: 'EcsService', desiredCount: 5 });
      });
      const { status, changes } = await stage.deploy({ inputs: { 'desired-count': '2' } });
      // The first change is that of somebody else.
      expect([status, changes.slice(1), serviceOf(stage).desiredCount]).toEqual([
        0,
        ['RegisterTaskDefinition', 'UpdateService', 'CreateDeployment'],
        2,
      ]);
    }),
  );
});

describe('the wait for the end of the old tasks, which GetDeployment does not tell', () => {
  const sooner = /the old tasks stay 60 minutes; to end them sooner: aws deploy continue-deployment .*TERMINATION_WAIT/;

  it(
    'is told once with the command that ends it, which does',
    on({ seed: { terminationWait: 60 } }, async (stage) => {
      const { aws } = stage;
      const [deploymentWaitType, hears] = ['TERMINATION_WAIT' as const, { call: 'codedeploy:GetDeployment' }];
      const isOver = () => servingRevision(stage)?.endsWith(':2') === true;
      aws.moments.at({ ...hears, if: isOver, nth: 4 }, () => {
        const deploymentId = aws.compute.state.deployments[0]?.id;
        void codeDeployOf(stage).continueDeployment({ deploymentId, deploymentWaitType });
      });
      const { status, outputs, log } = await stage.deploy({ inputs: { 'wait-until': 'completed' } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(log.match(new RegExp(sooner, 'g'))).toHaveLength(1);
      expect(aws.clock.now() - aws.compute.state.deployments[0]!.createTime.getTime()).toBeLessThan(10 * 60_000);
    }),
  );

  it(
    'of another deployment is told while that is waited for',
    on({ seed: { terminationWait: 5 } }, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status, log } = await stage.deploy({ inputs: { 'wait-until': 'none' } });
      expect(status).toBe(0);
      expect(log).toMatch(/Deployment d-\w+ is still in its termination wait/);
    }),
  );

  it(
    'of another deployment is no matter to a role that may not see it',
    on({ seed: { terminationWait: 5 } }, async (stage) => {
      deny(stage, 'codedeploy:BatchGetDeploymentTargets');
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status, log } = await stage.deploy({ inputs: { 'wait-until': 'none' } });
      expect(status).toBe(0);
      expect(log).toMatch(/Deployment d-\w+ is still InProgress/);
    }),
  );
});

it(
  'another deployment is looked at no more than 40 times a minute',
  on({ seed: { terminationWait: 10 } }, async (stage) => {
    stage.aws.compute.startCompetingDeployment(application, group);
    await stage.deploy({ inputs: { 'poll-interval-seconds': '1', 'wait-for-minutes': '5' } });
    const looks = stage.aws.calls.filter(({ operation }) => operation === 'GetDeployment').map(({ at }) => at);
    const busiest = Math.max(...looks.map((from) => looks.filter((at) => at >= from && at < from + 60_000).length));
    expect(busiest).toBeLessThanOrEqual(40);
  }),
);

it(
  'a refusal after a lost answer does not deny the deployment',
  on({}, async (stage) => {
    const { faults } = stage.aws;
    const expired = { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired' } as const;
    faults.add({ on: 'codedeploy:ListDeployments', times: 'always', effect: { kind: 'refuse' } });
    faults.add({ on: 'codedeploy:CreateDeployment', effect: { kind: 'drop', when: 'after' } });
    faults.add({ on: 'codedeploy:GetDeploymentGroup', after: 2, times: 'always', effect: expired });
    faults.add({ on: 'codedeploy:CreateDeployment', times: 'always', effect: expired });
    const { status, log } = await stage.deploy();
    expect([status, deployments(stage).length]).toEqual([1, 1]);
    expect(log).toMatch(
      /the credentials have expired.*It is not known whether a deployment was created; look at https/,
    );
  }),
);

it(
  'AWS that throttles the search for the group is no wrong input',
  on({}, async (stage) => {
    stage.aws.faults.add({ on: 'codedeploy:ListApplications', times: 'always', effect: { kind: 'throttle' } });
    const { status, log, changes } = await stage.deploy({ inputs: unnamed });
    expect([status, changes]).toEqual([1, []]);
    expect(log).toMatch(/Error: cannot call codedeploy:ListApplications: AWS is throttling .* Nothing was changed\./);
  }),
);

it(
  'a group of another service under the names by convention does not hide the own one',
  on({ seed: { cluster: 'prod', service: 'api-web', application: 'my-app', group: 'my-dg' } }, async (stage) => {
    await stage.aws.compute.seedTutorial({
      cluster: 'prod-api',
      service: 'web',
      application: 'AppECS-prod-api-web',
      group: 'DgpECS-prod-api-web',
    });
    const inputs = { ...unnamed, cluster: 'prod', service: 'api-web', 'dry-run': 'true' };
    const { status, log } = await stage.deploy({ inputs });
    expect(status).toBe(0);
    expect(log).toContain('blue/green by my-app/my-dg');
  }),
);

it(
  'a deployment whose events the role may not see is not rolled back for test traffic that it may have had',
  on({ seed: { terminationWait: 60 } }, async (stage) => {
    deny(stage, 'codedeploy:BatchGetDeploymentTargets');
    const inputs = { 'wait-until': 'test-traffic', 'traffic-shift': '10% every 3m', 'rollback-on': 'timeout' };
    const { status, log } = await stage.deploy({ inputs: { ...inputs, 'wait-for-minutes': '10' } });
    expect([status, deployments(stage)]).toEqual([4, ['user InProgress']]);
    expect(log).toContain('Not rolled back: it may have reached test-traffic, which the role may not see');
  }),
);

it(
  'a rollback that AWS tells nothing of is given up four minutes after the time-out',
  on({ play: { neverStable: true } }, async (stage) => {
    const { status, outputs, log } = await stage.deploy({
      inputs: { 'wait-for-minutes': '3', 'rollback-on': 'timeout' },
      onOutput: (output) => {
        if (!output.includes('asked for its rollback')) return;
        stage.aws.faults.add({ on: 'codedeploy:GetDeployment', times: 'always', effect: { kind: 'throttle' } });
      },
    });
    expect([status, outputs['deployment-status']]).toEqual([4, 'TIMED_OUT']);
    expect(log).toMatch(
      / was not finished after 3 minutes and was stopped, but AWS does not say how its rollback is going; see/,
    );
    expect(log).toMatch(/\n +\+7:00 [^\n]*\nReport: /);
  }),
);

it(
  'an AppSpec that says where the tasks run decides what they must be compatible with',
  on({}, async (stage) => {
    const task = taskDefinition({ requiresCompatibilities: ['EC2'], containerDefinitions: [container()] });
    stage.write('task.json', task);
    const properties = {
      TaskDefinition: '<TASK_DEFINITION>',
      LoadBalancerInfo: { ContainerName: 'MyContainer', ContainerPort: 80 },
      CapacityProviderStrategy: [{ CapacityProvider: 'instances', Base: 0, Weight: 1 }],
    };
    const resource = { TargetService: { Type: 'AWS::ECS::Service', Properties: properties } };
    stage.write('appspec.json', { version: 0.0, Resources: [resource] });
    expect((await stage.deploy({ inputs: { 'dry-run': 'true' } })).status).toBe(0);
  }),
);

it(
  'a deployment that is picked up after its traffic has moved still tells the revision before it',
  on({ seed: { terminationWait: 30 } }, async (stage) => {
    await stage.deploy({ inputs: { 'wait-until': 'traffic-shifted' } });
    const { status, outputs, log } = await stage.deploy();
    expect(status).toBe(0);
    expect(log).toContain('is active already: watching it');
    expect(outputs['previous-task-definition-arn']).toMatch(/:1$/);
  }),
);

it(
  'an earlier deployment of the same revision is not taken for one whose request was lost',
  on({}, async (stage) => {
    const first = await stage.deploy();
    stage.aws.faults.add({ on: 'codedeploy:CreateDeployment', effect: { kind: 'drop', when: 'before' } });
    const { status, outputs, log } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
    expect([status, deployments(stage)]).toEqual([0, ['user Succeeded', 'user Succeeded']]);
    expect(outputs['deployment-id']).not.toBe(first.outputs['deployment-id']);
    expect(log).not.toContain('what was asked for is there');
  }),
);

it(
  'a rollback for a time-out alone is not one for a failure',
  on({}, async (stage) => {
    await stage.deploy({ inputs: { 'rollback-on': 'timeout' } });
    const sent = stage.aws.mutations().find(({ operation }) => operation === 'CreateDeployment')?.input;
    expect(sent).toMatchObject({ autoRollbackConfiguration: { enabled: false } });
  }),
);

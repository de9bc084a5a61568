/** What the action may claim: unchanged, untouched, or its own, only where that is certain. */

import { describe, expect, it } from '@jest/globals';
import { after, breaker, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import {
  application,
  container,
  deny,
  deployments,
  family,
  group,
  on,
  running,
  type Stage,
  serviceOf,
  taskDefinition,
} from './deploy-stage';

const [rolling, blueGreen] = strategies;

const refuseList = ({ aws }: Stage) => deny({ aws }, 'codedeploy:ListDeployments');

describe('what belongs to somebody else', () => {
  it(
    'is an account that the credentials are not of',
    on({}, async (stage) => {
      const cluster = 'arn:aws:ecs:us-west-2:999999999999:cluster/EcsCluster';
      const { status, log, changes } = await stage.deploy({ inputs: { cluster } });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toContain('cluster: is of account 999999999999, but the credentials are of account 123456789012');
    }),
  );

  it(
    'is an earlier deployment of the same revision, also where those before could not be listed',
    onService(rolling, { more: breaker }, async (stage) => {
      await stage.deploy();
      await stage.deploy({ inputs: { 'task-definition': `${family}:1` } });
      stage.aws.compute.play({ crashTasks: { exitCode: 1 } });
      stage.aws.faults.add({ on: 'ecs:ListServiceDeployments', after: 2, times: 1, effect: { kind: 'refuse' } });
      const { status, outputs } = await stage.deploy({ inputs: { 'task-definition': `${family}:2` } });
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
    }),
  );
});

describe('a deployment whose answer was lost', () => {
  const loseCreate = ({ aws }: Stage) =>
    aws.faults.add({ on: 'codedeploy:CreateDeployment', effect: { kind: 'drop', when: 'after' } });

  it.each(['wait', 'stop', 'fail'])('is recognised by the limit where the role may not list (if-deploying %s)', (how) =>
    on({}, async (stage) => {
      refuseList(stage);
      loseCreate(stage);
      const { status } = await stage.deploy({ inputs: { 'if-deploying': how } });
      expect([status, deployments(stage)]).toEqual([0, ['user Succeeded']]);
    })(),
  );

  it(
    'is recognised by the limit where the role may not list and the deployment is forced',
    on({}, async (stage) => {
      refuseList(stage);
      loseCreate(stage);
      const { status } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
      expect([status, deployments(stage)]).toEqual([0, ['user Succeeded']]);
    }),
  );

  it(
    'is recognised although somebody has stopped it meanwhile',
    on({ play: { stopBySomebody: 300 } }, async (stage) => {
      loseCreate(stage);
      const { status, outputs, changes } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'STOPPED']);
      expect(changes).toEqual(['RegisterTaskDefinition', 'CreateDeployment']);
    }),
  );

  it(
    'is not denied when nothing can be seen any more',
    on({}, async (stage) => {
      loseCreate(stage);
      const drop = { times: 'always', effect: { kind: 'drop', when: 'before' } } as const;
      stage.aws.faults.add({ on: 'codedeploy:CreateDeployment', ...drop });
      stage.aws.faults.add({ on: 'codedeploy:ListDeployments', after: 3, ...drop });
      stage.aws.faults.add({ on: 'codedeploy:GetDeploymentGroup', after: 2, ...drop });
      const { status, log } = await stage.deploy();
      expect(status).toBe(1);
      expect(log).toMatch(/It is not known whether a deployment was created; look at https:.*was registered\./);
      expect(log).not.toContain('No deployment was created');
    }),
  );

  it(
    'is not denied after a signal',
    on({}, async (stage) => {
      refuseList(stage);
      loseCreate(stage);
      const signal = { call: 'codedeploy:CreateDeployment', when: 'took effect' } as const;
      const { status, log } = await stage.deploy({ signal });
      expect(status).toBe(143);
      expect(log).toMatch(/interrupted by SIGTERM: .*(was registered, it is not known whether|deployment d-\w+ is)/);
      expect(log).not.toContain('no deployment was created');
    }),
  );

  it(
    'is not denied by the ECS controller either',
    onService(rolling, {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'drop', when: 'after' } });
      const drop = { times: 'always', effect: { kind: 'drop', when: 'before' } } as const;
      stage.aws.faults.add({ on: 'ecs:UpdateService', ...drop });
      stage.aws.faults.add({ on: 'ecs:DescribeServices', after: 2, ...drop });
      const { status, log } = await stage.deploy();
      expect(status).toBe(1);
      expect(log).toMatch(/It is not known whether service EcsService was updated to arn:\S+:2; look at https:/);
    }),
  );

  it(
    'is found although AWS does not answer for a while',
    onService(rolling, {}, async (stage) => {
      const lost = { times: 12, effect: { kind: 'drop', when: 'before' } } as const;
      stage.aws.faults.add({ on: 'ecs:ListServiceDeployments', after: 3, ...lost });
      const { status } = await stage.deploy();
      expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
    }),
  );
});

describe('what was changed before the end', () => {
  it(
    'is told when another deployment comes in between',
    on({ play: { slowInstall: 100_000 } }, async (stage) => {
      let begun = false;
      const { status, log, changes } = await stage.deploy({
        inputs: { 'if-deploying': 'fail', 'desired-count': '5' },
        onOutput: (output) => {
          if (begun || !output.includes('at most')) return;
          begun = true;
          stage.aws.compute.startCompetingDeployment(application, group);
        },
      });
      expect([status, changes]).toEqual([1, ['RegisterTaskDefinition']]);
      expect(log).toMatch(
        /if-deploying: deployment \S+ is active, and fail was asked for\. No deployment was created; \S+:2 was registered\./,
      );
    }),
  );

  it(
    'is told on a signal, and no more than that',
    on({ play: { slowInstall: 100_000 } }, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      const inputs = { 'if-deploying': 'stop', 'task-definition': `${family}:1` };
      const { status, log } = await stage.deploy({
        inputs,
        signal: { call: 'codedeploy:StopDeployment', when: 'took effect' },
      });
      expect(status).toBe(143);
      expect(log).toMatch(/interrupted by SIGTERM: deployment d-\w+ was stopped, but no deployment was created/);
    }),
  );

  it(
    'is the end of a deployment that ended just when its time was up',
    on({ play: { slowInstall: 50_000 } }, async (stage) => {
      const code = 'DeploymentAlreadyCompletedException';
      stage.aws.faults.add({
        on: 'codedeploy:StopDeployment',
        effect: { kind: 'error', code, message: 'The deployment is already complete.' },
      });
      const { status, outputs, log } = await stage.deploy({
        inputs: { 'wait-for-minutes': '1', 'rollback-on': 'timeout' },
      });
      expect(log).toContain('had ended before it could be stopped');
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
    }),
  );
});

describe('a healthy deployment whose stages the role may not see', () => {
  it(
    'is not rolled back for the time that its bake takes',
    onService(blueGreen, { more: { bakeTimeInMinutes: 60 } }, async (stage) => {
      deny(stage, 'ecs:ListServiceDeployments');
      const inputs = { 'rollback-on': 'timeout', 'wait-for-minutes': '20' };
      const { status, log, changes } = await stage.deploy({ inputs });
      expect([status, changes]).toEqual([4, ['RegisterTaskDefinition', 'UpdateService']]);
      expect(log).toContain('Not rolled back: it may have reached traffic-shifted, which the role may not see');
    }),
  );
});

it(
  'a rolling deployment has not moved its traffic while the load balancer calls no target healthy',
  onService(rolling, { more: breaker, play: { unhealthyTargets: {} } }, async (stage) => {
    stage.aws.compute.state.tasks.length = 0;
    for (const fleet of serviceOf(stage).fleets) fleet.desiredCount = 0;
    const { status } = await stage.deploy({ inputs: { 'wait-until': 'traffic-shifted' } });
    expect(status).not.toBe(0);
  }),
);

it(
  'a rolling deployment without a load balancer has not moved its traffic because its tasks have started',
  onService(rolling, { more: { minimumHealthyPercent: 0, maximumPercent: 100 } }, async (stage) => {
    const service = serviceOf(stage);
    service.loadBalancers = [];
    stage.aws.compute.play({ crashTasks: {} });
    const [old] = service.fleets;
    const { status } = await stage.deploy({
      inputs: { 'wait-until': 'traffic-shifted', 'wait-for-minutes': '5', 'poll-interval-seconds': '1' },
      // The old tasks leave first.
      onOutput: (output) => output.includes('Started deployment') && Object.assign(old!, { desiredCount: 0 }),
    });
    expect([status, old?.desiredCount]).toEqual([4, 0]);
  }),
);

it(
  'AWS that fails for a while does not end the wait for another deployment',
  on({ play: { slowInstall: 100_000 } }, async (stage) => {
    stage.aws.compute.startCompetingDeployment(application, group);
    stage.aws.faults.add({
      on: 'codedeploy:GetDeployment',
      after: 1,
      times: 8,
      effect: { kind: 'status', status: 503 },
    });
    expect((await stage.deploy()).status).toBe(0);
  }),
);

it(
  'tasks that crash are told although many others have stopped within the hour',
  on({ play: { crashTasks: { exitCode: 3, logLines: ['no database'] } } }, async (stage) => {
    const { tasks } = stage.aws.compute.state;
    const [old] = tasks;
    const stopped = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stopCode: 'ServiceSchedulerInitiated' };
    for (let at = 0; at < 110; at++) {
      const id = String(at).padStart(32, 'a');
      const arn = old!.arn.replace(/[^/]*$/, id);
      tasks.push({
        ...old!,
        ...stopped,
        id,
        arn,
        target: undefined,
        stoppedAt: new Date(stage.aws.clock.now()),
      } as never);
    }
    const { log } = await stage.deploy({ inputs: { 'wait-for-minutes': '5' } });
    expect(log).toMatch(/tasks stop +\d of the new revision so far: EssentialContainerExited/);
    expect(log).toMatch(/Log of the newest of them:\n +no database/);
  }),
);

it(
  'names that are too long for CodeDeploy do not end the search for the group',
  on({}, async (stage) => {
    const error = {
      kind: 'error',
      code: 'InvalidApplicationNameException',
      message: 'At most 100 characters.',
    } as const;
    stage.aws.faults.add({ on: 'codedeploy:GetDeploymentGroup', effect: error });
    const inputs = { 'codedeploy-application': '', 'codedeploy-deployment-group': '' };
    expect((await stage.deploy({ inputs })).status).toBe(0);
  }),
);

it(
  'an image that a pull through cache rule is to bring need not be there yet',
  on({}, async (stage) => {
    stage.aws.ecr.cachePrefixes.push('ecr-public');
    const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/ecr-public/nginx/nginx:1.28';
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    const { status, log } = await stage.deploy();
    expect(status).toBe(0);
    expect(log).toContain('not known: the pull through cache rule ecr-public fetches what is missing');
  }),
);

it(
  'a revision that was deregistered is not deployed again by force',
  on({}, async (stage) => {
    stage.write('task.json', running());
    for (const { definition } of stage.aws.compute.state.taskDefinitions.values()) {
      Object.assign(definition, { status: 'INACTIVE' });
    }
    const { status, changes } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
    expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', 'CreateDeployment']]);
  }),
);

it(
  'a secret of the container is hidden in the lines of its log',
  on({ play: { crashTasks: { exitCode: 3, logLines: ['login with hunter2hunter2 refused'] } } }, async (stage) => {
    const environment = [{ name: 'DB_PASSWORD', value: 'hunter2hunter2' }];
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ environment })] }));
    const { log, report } = await stage.deploy({ inputs: { 'wait-for-minutes': '3' } });
    expect(log).toContain('login with *** refused');
    expect(`${log}${report}`).not.toContain('hunter2');
  }),
);

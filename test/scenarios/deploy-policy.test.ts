import { afterAll, describe, expect, it } from '@jest/globals';
import { allowedActions } from '../support/policies';
import {
  application,
  container,
  deny,
  deployments,
  group,
  on,
  type Stage,
  servingRevision,
  taskDefinition,
  widePace,
} from './deploy-stage';

/** All that the action calls, and what a role made for the built-in has. */
const full = allowedActions('ecs-bluegreen-deploy-codedeploy');
const least = allowedActions('ecs-bluegreen-deploy-codedeploy-minimal');

/** Asked for by AWS itself while it does what was called. */
const implied = ['iam:PassRole', 'codedeploy:RegisterApplicationRevision'];

const made = new Set<string>();
const record = ({ aws }: Stage) => {
  for (const { service, operation } of aws.calls) made.add(`${service}:${operation}`);
};

describe('the policy for services under CodeDeploy', () => {
  const anyGroup = { 'codedeploy-application': '', 'codedeploy-deployment-group': '' };

  it(
    'allows a deployment that finds its group',
    on({}, async (stage) => {
      const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1';
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
      expect((await stage.deploy({ inputs: anyGroup })).status).toBe(2);
      stage.write('task.json', taskDefinition());
      expect((await stage.deploy({ inputs: anyGroup })).status).toBe(0);
      record(stage);
    }),
  );

  it(
    'allows a deployment whose tasks crash, and its rollback',
    on({ play: { crashTasks: { exitCode: 1, logLines: ['no'] } } }, async (stage) => {
      const inputs = { 'wait-for-minutes': '3', 'rollback-on': 'timeout' };
      expect((await stage.deploy({ inputs })).status).toBe(3);
      record(stage);
    }),
  );

  it(
    'allows a deployment that another one precedes',
    on({}, async (stage) => {
      stage.aws.compute.startCompetingDeployment(application, group);
      expect((await stage.deploy()).status).toBe(0);
      record(stage);
    }),
  );

  it(
    'allows a deployment that stops for a gate',
    on({ seed: { readyWait: 60, alarms: ['errors'] } }, async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'test-traffic' } });
      expect((await stage.deploy({ inputs: { 'if-deploying': 'continue' } })).status).toBe(0);
      record(stage);
    }),
  );

  it(
    'allows a command before the deployment, and to stop it',
    on({ play: { oneOffTask: { neverEnds: true } } }, async (stage) => {
      const inputs = { 'pre-deploy-command': 'MyContainer: npm run migrate', 'wait-for-minutes': '1' };
      expect((await stage.deploy({ inputs })).outputs['deployment-status']).toBe('TASK_FAILED');
      record(stage);
    }),
  );

  afterAll(() => {
    expect([...made].sort()).toEqual([...full].filter((action) => !implied.includes(action)).sort());
  });
});

describe('a role made for the built-in action', () => {
  const refuse = ({ aws }: Stage) => {
    for (const action of full) {
      if (!least.has(action)) deny({ aws }, action);
    }
  };

  it(
    'is enough, and each refusal is one line',
    on({}, async (stage) => {
      refuse(stage);
      const { status, log } = await stage.deploy();
      expect([status, servingRevision(stage)]).toEqual([0, 'CdkEcsInfraStackTaskDef:2']);
      const refused = log.match(/the role may not call \S+/g) ?? [];
      expect(new Set(refused).size).toBe(refused.length);
      expect(refused).toContain('the role may not call codedeploy:BatchGetDeploymentTargets');
    }),
  );

  it(
    'does not see that the traffic has moved, which CodeDeploy tells of the target only, and ends by saying so',
    on({ seed: { terminationWait: 1_380 } }, async (stage) => {
      refuse(stage);
      const { status, outputs, log } = await stage.deploy({ inputs: widePace });
      expect([status, outputs['deployment-status']]).toEqual([4, 'TIMED_OUT']);
      expect(log).toContain('cannot be shown: the role may not call codedeploy:BatchGetDeploymentTargets');
      expect(log).toMatch(
        /is still InProgress after .*; it may have reached traffic-shifted, which the role may not see; see/,
      );
      expect(servingRevision(stage)).toBe('CdkEcsInfraStackTaskDef:2');
    }),
  );

  it(
    'does not hide why a deployment failed',
    on({ play: { failHook: { event: 'BeforeInstall' } } }, async (stage) => {
      refuse(stage);
      const { status, log } = await stage.deploy();
      expect(status).toBe(3);
      expect(log).toMatch(
        /was rolled back by d-\w+: HOOK_EXECUTION_FAILURE: The deployment failed because the lifecycle event hook for BeforeInstall failed/,
      );
      expect(log).toContain('Stopped tasks:\n  not known: the role may not call ecs:ListTasks');
    }),
  );

  it(
    'waits for another deployment that only CodeDeploy’s refusal names',
    on({}, async (stage) => {
      refuse(stage);
      stage.aws.compute.startCompetingDeployment(application, group);
      const { status } = await stage.deploy();
      expect([status, deployments(stage)]).toEqual([0, ['user Succeeded', 'user Succeeded']]);
    }),
  );
});

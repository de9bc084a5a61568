import { describe, expect, it } from '@jest/globals';
import { closePace, defaultPace, deny, deployments, on, pinned, running } from './deploy-stage';
import { crash, installing, registering } from './signal-at';

describe('a run that is repeated', () => {
  it(
    'after a crash between registering and deploying registers nothing again',
    on({}, async (stage) => {
      const lift = stage.aws.faults.add({
        on: 'codedeploy:CreateDeployment',
        effect: { kind: 'hang', when: 'before' },
      });
      const first = await stage.deploy({ signal: crash(registering) });
      expect([first.status, deployments(stage)]).toEqual([137, []]);
      lift();
      const { status, changes, log } = await stage.deploy();
      expect([status, changes]).toEqual([0, ['CreateDeployment']]);
      expect(log).toContain('the latest revision is identical');
    }),
  );

  it(
    'after a crash while watching picks its deployment up',
    on({ play: { slowInstall: 600_000 } }, async (stage) => {
      const first = await stage.deploy({ signal: crash(installing) });
      expect(first.status).toBe(137);
      const { status, changes, log, outputs } = await stage.deploy();
      expect([status, changes]).toEqual([0, []]);
      const [deployment] = stage.aws.compute.state.deployments;
      expect(log).toContain(`Deployment ${deployment?.id} of this very revision is active already: watching it`);
      expect(outputs['deployment-id']).toBe(deployment?.id);
      expect(deployments(stage)).toEqual(['user Succeeded']);
    }),
  );

  it(
    'after a success changes nothing',
    on({}, async (stage) => {
      stage.write('task.json', running(pinned));
      await stage.deploy();
      const { status, outputs, changes } = await stage.deploy();
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [], 'UNCHANGED']);
    }),
  );

  it(
    'after a rollback deploys the same revision again',
    on({ play: { failHook: { event: 'BeforeInstall' } } }, async (stage) => {
      await stage.deploy();
      stage.aws.compute.play({});
      const { status, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, ['CreateDeployment']]);
    }),
  );
});

it(
  'a forced run does not take an earlier deployment of the same tag for its own',
  on({ play: { slowInstall: 100_000 } }, async (stage) => {
    const force = { 'force-new-deployment': 'true' };
    await stage.deploy({ inputs: force, signal: crash(installing) });
    const { status, changes } = await stage.deploy({ inputs: force });
    expect([status, changes, deployments(stage)]).toEqual([
      0,
      ['CreateDeployment'],
      ['user Succeeded', 'user Succeeded'],
    ]);
  }),
);

describe('an AWS in trouble', () => {
  it.each(['codedeploy:CreateDeployment', 'ecs:RegisterTaskDefinition'])(
    'an answer of %s that is lost makes nothing twice',
    (call) =>
      on({}, async (stage) => {
        stage.aws.faults.add({ on: call, effect: { kind: 'drop', when: 'after' } });
        const { status, log, changes } = await stage.deploy();
        expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', 'CreateDeployment']]);
        expect(log).toContain('The answer of AWS was lost, but what was asked for is there.');
        expect(deployments(stage)).toEqual(['user Succeeded']);
      })(),
  );

  it.each(['codedeploy:CreateDeployment', 'ecs:RegisterTaskDefinition'])(
    'a request of %s that is lost is sent again',
    (call) =>
      on({}, async (stage) => {
        stage.aws.faults.add({ on: call, effect: { kind: 'drop', when: 'before' } });
        const { status } = await stage.deploy();
        expect([status, deployments(stage)]).toEqual([0, ['user Succeeded']]);
      })(),
  );

  it(
    'throttling is waited out, with fewer looks',
    on({ play: { slowInstall: 300_000 } }, async (stage) => {
      stage.aws.faults.add({ on: 'codedeploy:CreateDeployment', times: 2, effect: { kind: 'throttle' } });
      stage.aws.faults.add({ on: 'codedeploy:GetDeployment', after: 3, times: 8, effect: { kind: 'throttle' } });
      const { status, log } = await stage.deploy({ inputs: defaultPace });
      expect(status).toBe(0);
      expect(log).toContain('AWS is throttling; polling less often');
      const throttled = stage.aws.calls.filter(
        ({ outcome, operation }) => operation === 'GetDeployment' && outcome !== 'ok',
      );
      const pauses = throttled.map(({ at }, index) => at - (throttled[index - 1]?.at ?? at));
      expect(pauses.slice(1, 4)).toEqual([10_000, 20_000, 30_000]);
      expect(Math.max(...pauses)).toBe(30_000);
    }),
  );

  it(
    'a connection that breaks while watching is no end',
    on({}, async (stage) => {
      stage.aws.faults.add({
        on: 'codedeploy:BatchGetDeploymentTargets',
        after: 2,
        times: 3,
        effect: { kind: 'drop', when: 'before' },
      });
      const { status, log } = await stage.deploy({ inputs: closePace });
      expect(status).toBe(0);
      expect(log.match(/Still trying/g)).toHaveLength(1);
    }),
  );

  it(
    'a deployment that can no longer be looked at is told to go on',
    on({ play: { slowInstall: 300_000 } }, async (stage) => {
      stage.aws.faults.add({ on: 'codedeploy:GetDeployment', after: 3, times: 'always', effect: { kind: 'refuse' } });
      const { status, log, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'IN_PROGRESS']);
      expect(log).toMatch(
        /Error: cannot watch deployment d-\w+ of .*, which keeps running in AWS: .*allow codedeploy:GetDeployment/,
      );
    }),
  );

  it(
    'a refusal after registering says what is left',
    on({}, async (stage) => {
      deny(stage, 'codedeploy:CreateDeployment');
      const { status, log, outputs } = await stage.deploy();
      expect(status).toBe(1);
      expect(log).toMatch(
        /Error: cannot call codedeploy:CreateDeployment: .*allow codedeploy:CreateDeployment .*No deployment was created; arn:\S+:2 was registered\./,
      );
      expect(outputs['task-definition-arn']).toMatch(/:2$/);
    }),
  );

  it(
    'a refusal to register says which permission is missing, and that nothing was changed',
    on({}, async (stage) => {
      const message =
        'User: arn:aws:sts::123456789012:assumed-role/Deploy/x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/AppRole because no identity-based policy allows the iam:PassRole action';
      const refusal = { kind: 'error', code: 'AccessDeniedException', message, status: 400 } as const;
      stage.aws.faults.add({ on: 'ecs:RegisterTaskDefinition', times: 'always', effect: refusal });
      const { status, log } = await stage.deploy();
      expect(status).toBe(1);
      expect(log).toMatch(
        /Error: cannot call ecs:RegisterTaskDefinition: .*; allow iam:PassRole to the role of this action\. Nothing was changed\.\n/,
      );
    }),
  );

  it(
    'another run that registers a revision of the family at once is waited for',
    on({}, async (stage) => {
      const message = 'Too many concurrent attempts to create a new revision of the specified family.';
      const effect = { kind: 'error', code: 'ClientException', message } as const;
      stage.aws.faults.add({ on: 'ecs:RegisterTaskDefinition', times: 2, effect });
      const { status } = await stage.deploy();
      expect([status, deployments(stage)]).toEqual([0, ['user Succeeded']]);
    }),
  );
});

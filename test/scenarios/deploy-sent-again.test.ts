/** A change that AWS did not take, or did not answer, is sent again: what it rests on may have changed by then. */

import { describe, expect, it } from '@jest/globals';
import { compete, ecsOf, serviceDeployments, strategies } from './deploy-ecs-stage';
import {
  application,
  codeDeployOf,
  deny,
  deployments,
  family,
  group,
  on,
  type Stage,
  taskDefinition,
} from './deploy-stage';

const [, blueGreen] = strategies;
const lost = { kind: 'drop', when: 'before' } as const;
const throttled = { kind: 'throttle' } as const;

/** Somebody acts a millisecond after a call has arrived, which a fault keeps from its effect. */
const meanwhile = ({ aws }: Stage, call: string, act: () => unknown) =>
  aws.moments.at({ call }, () => void aws.clock.after(1, async () => void (await act())));

const underEcs = { ecs: { deployment: blueGreen.configuration } };

describe('an update of the service', () => {
  it(
    'whose request was lost does not replace what somebody else has begun to deploy',
    on(underEcs, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: lost });
      meanwhile(stage, 'ecs:UpdateService', () => compete(stage));
      const { status, log, changes } = await stage.deploy();
      expect([status, changes]).toEqual([1, ['RegisterTaskDefinition', 'UpdateService', 'UpdateService']]);
      expect(log).toMatch(
        /It is not known whether service EcsService was updated to \S+:2; it was not asked for again/,
      );
      await stage.aws.clock.advanceUnless(
        () => serviceDeployments(stage)[0]?.startsWith('SUCCESSFUL') === true,
        3_600_000,
      );
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${family}:1`]);
    }),
  );

  it.each(['wait', 'fail'])('that AWS has throttled does not either (if-deploying: %s)', (action) =>
    on(underEcs, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: throttled });
      meanwhile(stage, 'ecs:UpdateService', () => compete(stage));
      const { status } = await stage.deploy({ inputs: { 'if-deploying': action } });
      expect(status).toBe(action === 'fail' ? 1 : 0);
      const own = action === 'fail' ? [] : [`SUCCESSFUL ${family}:2`];
      expect(serviceDeployments(stage).slice(1)).toEqual(own);
      expect(serviceDeployments(stage)[0]).not.toMatch(/^STOPPED/);
    })(),
  );

  it(
    'is sent again where nothing has changed',
    on(underEcs, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: lost });
      stage.aws.faults.add({ on: 'ecs:UpdateService', times: 2, effect: throttled });
      expect((await stage.deploy()).status).toBe(0);
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${family}:2`]);
    }),
  );
});

it(
  'a deployment that CodeDeploy has throttled does not replace one that has begun and ended meanwhile',
  on({}, async (stage) => {
    const { aws } = stage;
    aws.faults.add({ on: 'codedeploy:CreateDeployment', effect: throttled });
    meanwhile(stage, 'codedeploy:CreateDeployment', () => {
      const deploymentId = aws.compute.startCompetingDeployment(application, group);
      return codeDeployOf(stage).stopDeployment({ deploymentId, autoRollbackEnabled: false });
    });
    const { log, status } = await stage.deploy();
    // It is planned again, with what is there now.
    expect(log).toContain('(registered by this run)');
    expect([status, deployments(stage)]).toEqual([0, ['user Stopped', 'user Succeeded']]);
  }),
);

it(
  'a revision is not registered twice where AWS keeps two runs from registering it at once',
  on({}, async (stage) => {
    const message = 'Too many concurrent attempts to create a new revision of the specified family.';
    const effect = { kind: 'error', code: 'ClientException', message } as const;
    stage.aws.faults.add({ on: 'ecs:RegisterTaskDefinition', effect });
    meanwhile(stage, 'ecs:RegisterTaskDefinition', () => ecsOf(stage).registerTaskDefinition(taskDefinition()));
    const { status, log, outputs } = await stage.deploy();
    expect([status, outputs['task-definition-arn']]).toEqual([0, expect.stringMatching(/:2$/)]);
    expect(log).toContain('registered by another run just now');
    expect(stage.aws.compute.state.taskDefinitions).toHaveLength(2);
  }),
);

describe('a registration whose outcome cannot be read', () => {
  const garbled = { kind: 'garble' } as const;

  it.each([
    ['is not made again where AWS has taken it', garbled, 1],
    ['is made once more where nothing was answered', { kind: 'drop', when: 'after' }, 2],
  ] as const)('%s', (_, effect, times) =>
    on({}, async (stage) => {
      deny(stage, 'ecs:DescribeTaskDefinition');
      stage.aws.faults.add({ on: 'ecs:RegisterTaskDefinition', times: 'always', effect });
      const { status, log, changes } = await stage.deploy();
      expect([status, changes]).toEqual([1, Array(times).fill('RegisterTaskDefinition')]);
      expect(log).toContain(`It is not known whether a revision of ${family} was registered`);
    })(),
  );

  it(
    'is not made again either where nothing can be read for now',
    on({}, async (stage) => {
      const since = 'ecs:RegisterTaskDefinition';
      stage.aws.faults.add({ on: since, times: 'always', effect: garbled });
      stage.aws.faults.add({ on: 'ecs:DescribeTaskDefinition', since, times: 6, effect: garbled });
      const { status, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', 'CreateDeployment']]);
    }),
  );
});

it(
  'a one-off task that AWS has throttled is not started beside that of another run',
  on({ play: { oneOffTask: { afterMs: 60_000 } } }, async (stage) => {
    const { aws } = stage;
    const inputs = { 'pre-deploy-command': 'MyContainer: migrate' };
    const isOneOff = ({ oneOff }: { readonly oneOff?: unknown }) => oneOff !== undefined;
    // The other run, as it is known from an earlier one: the name that marks its task.
    await stage.deploy({ inputs });
    const { request } = aws.compute.state.tasks.find(isOneOff)!.oneOff!;
    await aws.clock.advance(2 * 3_600_000);
    aws.faults.add({ on: 'ecs:RunTask', effect: throttled });
    meanwhile(stage, 'ecs:RunTask', () => ecsOf(stage).runTask({ ...request, clientToken: 'another' }));
    const { status, log } = await stage.deploy({ inputs: { ...inputs, 'force-new-deployment': 'true' } });
    expect(status).toBe(0);
    expect(log).toMatch(/Task \S+ of an earlier run is working on pre-deploy-command/);
    expect(aws.compute.state.tasks.filter(isOneOff)).toHaveLength(2);
  }),
);

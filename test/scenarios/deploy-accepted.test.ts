/** From the moment a change was sent, every way out says what is known of it. */

import { describe, expect, it } from '@jest/globals';
import type { Fault, FaultEffect } from '../local/aws/faults';
import { onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import { deny, deployments, on, type Stage, serviceOf } from './deploy-stage';
import { registering } from './signal-at';

const bodies = ['{"deploymentId":"d-', '{}', '', '<html>sign in</html>', '[]'];
const expired: FaultEffect = { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired' };

/** Faults that begin when the output has this text. */
function from(text: string, { aws }: Stage, ...faults: Omit<Fault, 'times'>[]): (output: string) => void {
  let begun = false;
  return (output) => {
    if (begun || !output.includes(text)) return;
    begun = true;
    for (const fault of faults) aws.faults.add({ ...fault, times: 'always' });
  };
}

describe.each(bodies)('a change whose answer is %j', (body) => {
  const garble = { kind: 'garble', body } as const;

  it(
    'has created the deployment of CodeDeploy, which is watched',
    on({}, async (stage) => {
      stage.aws.faults.add({ on: 'codedeploy:CreateDeployment', effect: garble });
      const { status, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(deployments(stage)).toEqual(['user Succeeded']);
      expect(outputs['deployment-id']).toBe(stage.aws.compute.state.deployments[0]?.id);
    }),
  );

  it(
    'has registered a revision, and no second one',
    on({}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:RegisterTaskDefinition', effect: garble });
      const { status, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', 'CreateDeployment']]);
    }),
  );

  it(
    'has updated the service, whose deployment is watched',
    onService(strategies[1], {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: garble });
      const { status, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(serviceDeployments(stage)).toHaveLength(1);
    }),
  );
});

describe.each(strategies)('a $name deployment that was accepted', (strategy) => {
  it(
    'is told with its id when the credentials expire right then',
    onService(strategy, { play: { slowInstall: 60_000 } }, async (stage) => {
      const fault = { on: '*', effect: expired };
      const { status, outputs, log, report } = await stage.deploy({ onOutput: from('Updated service', stage, fault) });
      const [fleet] = serviceOf(stage).fleets;
      expect([status, outputs['deployment-status'], outputs['deployment-id']]).toEqual([1, 'IN_PROGRESS', fleet?.id]);
      expect(log).toMatch(
        /Error: cannot watch deployment \d+ of \S+:2, which keeps running in AWS: cannot call ecs:\w+: the credentials have expired.*; see https:/,
      );
      expect(report).toContain(fleet?.id);
    }),
  );

  it(
    'is told when nothing can be read any more, not even what the update answered',
    onService(strategy, { play: { slowInstall: 60_000 } }, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'garble' } });
      stage.aws.faults.add({ on: 'ecs:*', since: 'ecs:UpdateService', times: 'always', effect: expired });
      const { status, log, outputs, report } = await stage.deploy();
      expect([status, outputs['deployment-id']]).toEqual([1, undefined]);
      expect(log).toMatch(/It is not known whether service EcsService was updated to \S+:2; look at https:/);
      expect(log).not.toMatch(/No deployment was created|Nothing was changed/);
      expect(report).not.toBe('');
    }),
  );

  it.each<[string, FaultEffect]>([
    ['hangs', { kind: 'hang' }],
    ['throttles', { kind: 'throttle' }],
    ['answers with nothing in it', { kind: 'status', status: 200, body: '{}' }],
  ])('is watched by the id that the update told when AWS %s then', (_, effect) =>
    onService(strategy, { play: { slowInstall: 60_000 } }, async (stage) => {
      const { aws } = stage;
      aws.clock.after(150_000, () => aws.faults.clear());
      const { status, outputs } = await stage.deploy({
        onOutput: from('Updated service', stage, { on: 'ecs:*', effect }),
      });
      const { id } = serviceOf(stage).fleets[0]!;
      expect([status, outputs['deployment-status'], outputs['deployment-id']]).toEqual([0, 'SUCCEEDED', id]);
    })(),
  );
});

it(
  'a deployment that may not be seen is told with its id',
  on({}, async (stage) => {
    deny(stage, 'codedeploy:GetDeployment');
    const { status, outputs, log, report } = await stage.deploy();
    const id = stage.aws.compute.state.deployments[0]?.id;
    expect([status, outputs['deployment-status'], outputs['deployment-id']]).toEqual([1, 'IN_PROGRESS', id]);
    expect(log).toMatch(
      /cannot watch deployment d-\w+ of \S+, which keeps running in AWS: .*allow codedeploy:GetDeployment/,
    );
    expect(report).toContain(id);
  }),
);

it.each(['before', 'after'] as const)('a signal while the update hangs %s it takes effect denies nothing', (when) =>
  onService(strategies[0], {}, async (stage) => {
    stage.aws.faults.add({ on: 'ecs:UpdateService', times: 'always', effect: { kind: 'drop', when } });
    stage.aws.faults.add({ on: 'ecs:DescribeServices', after: 2, times: 'always', effect: { kind: 'throttle' } });
    stage.aws.faults.add({ on: 'ecs:ListServiceDeployments', after: 2, times: 'always', effect: { kind: 'throttle' } });
    const { status, log } = await stage.deploy({ signal: registering });
    expect(status).toBe(143);
    expect(log).not.toContain('nothing was changed');
  })(),
);

it.each([
  [
    'is not sent again while nothing can be read',
    'always',
    1,
    'It is not known whether service EcsService was updated',
  ],
  ['is watched when AWS answers again', 20, 0, 'what was asked for is there'],
] as const)('a forced update whose answer is lost %s', (_, times, status, said) =>
  onService(strategies[0], {}, async (stage) => {
    stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'drop', when: 'after' } });
    stage.aws.faults.add({ on: 'ecs:Describe*', since: 'ecs:UpdateService', times, effect: { kind: 'throttle' } });
    const { changes, ...ended } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
    expect([ended.status, changes]).toEqual([status, ['RegisterTaskDefinition', 'UpdateService']]);
    expect(ended.log).toContain(said);
  })(),
);

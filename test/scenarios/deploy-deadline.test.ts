/** The deadline decides on what is read at it, and nothing is stopped or rolled back on an older look. */

import { describe, expect, it } from '@jest/globals';
import type { FaultEffect } from '../local/aws/faults';
import { onService, strategies } from './deploy-ecs-stage';
import { deny, on, type Stage } from './deploy-stage';

const troubles: readonly (readonly [string, FaultEffect])[] = [
  ['throttles', { kind: 'throttle' }],
  ['fails', { kind: 'status', status: 503 }],
  ['cuts connections', { kind: 'drop', when: 'before' }],
  ['does not answer', { kind: 'hang', ms: 10_000 }],
  ['answers with the page of a proxy', { kind: 'status', status: 200, body: '<html>sign in</html>' }],
  ['answers with half a JSON', { kind: 'status', status: 200, body: '{"deploymentInfo":{"status":"InPro' }],
  ['answers with nothing in it', { kind: 'status', status: 200, body: '{}' }],
];

/** AWS in trouble for some time; milliseconds from now. */
function trouble({ aws }: Stage, on: string, effect: FaultEffect, from: number, to = Number.POSITIVE_INFINITY): void {
  aws.clock.after(from, () => {
    const lift = aws.faults.add({ on, times: 'always', effect });
    if (Number.isFinite(to)) aws.clock.after(to - from, lift);
  });
}

const inputs = {
  'wait-until': 'traffic-shifted',
  'rollback-on': 'timeout',
  'poll-interval-seconds': '60',
  'wait-for-minutes': '1',
};
const changes = (stage: Stage) => stage.aws.mutations().map(({ operation }) => operation);

describe.each(troubles)('an AWS that %s at the deadline', (_, effect) => {
  it(
    'is asked again, and a deployment that reached its milestone before is not rolled back',
    on({ seed: { terminationWait: 60 } }, async (stage) => {
      trouble(stage, 'codedeploy:*', effect, 55_000, 70_000);
      const { status, outputs, log } = await stage.deploy({ inputs });
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(log).not.toContain('Time is up');
      expect(changes(stage)).toEqual(['RegisterTaskDefinition', 'CreateDeployment']);
    }),
  );

  it(
    'to the end leaves the deployment alone, and the message says since when it was not seen',
    on({ play: { neverStable: true } }, async (stage) => {
      const began = stage.aws.clock.now();
      trouble(stage, 'codedeploy:*', effect, 35_000);
      const { status, outputs, log } = await stage.deploy({ inputs: { ...inputs, 'poll-interval-seconds': '10' } });
      expect([status, outputs['deployment-status']]).toEqual([4, 'TIMED_OUT']);
      expect(log).toMatch(
        /Error: .* was not seen since 0:30 \(InProgress then\), as AWS did not answer at the end of 1 minute; it was left alone and may still be running in AWS; not rolled back: it was not seen since 0:30/,
      );
      expect(changes(stage)).toEqual(['RegisterTaskDefinition', 'CreateDeployment']);
      expect(stage.aws.clock.now() - began).toBeLessThan(105_000);
    }),
  );
});

it(
  'a line a minute is said to the end, also while AWS is asked again at the deadline',
  on({ play: { neverStable: true } }, async (stage) => {
    trouble(stage, 'codedeploy:*', { kind: 'throttle' }, 15_000);
    const { log } = await stage.deploy({
      inputs: { ...inputs, 'poll-interval-seconds': '10', 'wait-for-minutes': '1.2' },
    });
    expect(log).toMatch(/\+0:20 AWS is throttling[\s\S]*\+1:\d\d still /);
  }),
);

it(
  'what only tells the milestone is waited for at the deadline too',
  on({ seed: { terminationWait: 60 } }, async (stage) => {
    trouble(stage, 'codedeploy:BatchGetDeploymentTargets', { kind: 'throttle' }, 55_000, 70_000);
    const { status, outputs } = await stage.deploy({ inputs });
    expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
    expect(changes(stage)).not.toContain('StopDeployment');
  }),
);

describe('a rollback because time is up', () => {
  const slow = { play: { neverStable: true }, seed: { rollbackOn: [] } };
  const soon = { inputs: { 'rollback-on': 'timeout', 'wait-for-minutes': '1' } };

  it(
    'is not asked for when the deployment succeeded while the causes were looked for',
    on({ seed: { rollbackOn: [] } }, async (stage) => {
      // The service events take until it is over.
      stage.aws.faults.add({ on: 'ecs:ListTasks', times: 'always', effect: { kind: 'hang', ms: 120_000 } });
      const { status, outputs } = await stage.deploy({
        inputs: { ...soon.inputs, 'wait-for-minutes': '0.7' },
      });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(changes(stage)).not.toContain('StopDeployment');
    }),
  );

  it.each(['before', 'after'] as const)('is seen although its answer was lost %s it took effect', (when) =>
    on(slow, async (stage) => {
      stage.aws.faults.add({ on: 'codedeploy:StopDeployment', effect: { kind: 'drop', when } });
      const { status, outputs, log } = await stage.deploy(soon);
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
      expect(log).toContain('it was not finished after 1 min');
      expect(stage.aws.calls.filter(({ operation }) => operation === 'StopDeployment')).toHaveLength(
        when === 'before' ? 2 : 1,
      );
    })(),
  );

  it(
    'that is not answered is not asked for on an old look: what has ended since is left',
    on({ ...slow, play: {} }, async (stage) => {
      // Throttled until it has succeeded.
      stage.aws.faults.add({ on: 'codedeploy:StopDeployment', times: 'always', effect: { kind: 'throttle' } });
      const { status, outputs } = await stage.deploy({ inputs: { ...soon.inputs, 'wait-for-minutes': '0.7' } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
    }),
  );

  it(
    'that AWS refuses is said in the error',
    on(slow, async (stage) => {
      deny(stage, 'codedeploy:StopDeployment');
      const { status, log } = await stage.deploy(soon);
      expect(status).toBe(4);
      expect(log).toMatch(/Error: .*not rolled back: cannot call codedeploy:StopDeployment: .*allow/);
    }),
  );
});

it.each(strategies)('a $name deployment is not stopped on an old look', (strategy) =>
  onService(strategy, { play: { neverStable: true } }, async (stage) => {
    trouble(stage, 'ecs:Describe*', { kind: 'throttle' }, 50_000);
    const { status, log } = await stage.deploy({ inputs });
    expect([status, changes(stage)]).toEqual([4, ['RegisterTaskDefinition', 'UpdateService']]);
    expect(log).toMatch(/was not seen since 0:0\d/);
  })(),
);

import { describe, expect, it } from '@jest/globals';
import { closePace, on, type StageOptions } from './deploy-stage';
import { installing, reading, rollingOut, type SignalAt } from './signal-at';

const codeDeploy: StageOptions = {};
const ecs: StageOptions = { ecs: { deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } } };

/** Where a signal comes: while the service is read, before the first change, and while the deployment is watched. */
const moments: readonly [string, StageOptions, SignalAt][] = [
  ['before the plan', codeDeploy, reading],
  ['after the plan', codeDeploy, { call: 'ecs:RegisterTaskDefinition' }],
  [
    'when CodeDeploy has accepted the deployment',
    codeDeploy,
    { call: 'codedeploy:CreateDeployment', when: 'took effect' },
  ],
  ['while CodeDeploy deploys', codeDeploy, installing],
  ['before the plan', ecs, reading],
  ['when ECS has accepted the update', ecs, { call: 'ecs:UpdateService', when: 'took effect' }],
  ['while ECS deploys', ecs, rollingOut],
];

describe.each(['before', 'after'] as const)('with an AWS that hangs %s a call takes effect', (when) => {
  it.each(moments)('an interruption %s ends within three seconds', (_, options, signal) =>
    on(options, async ({ aws, deploy }) => {
      let signalled: number | undefined;
      aws.moments.at(signal, () => {
        aws.faults.add({ on: '*', effect: { kind: 'hang', when }, times: 'always' });
        signalled = aws.clock.now();
      });
      const { status, log } = await deploy({ inputs: { ...closePace, 'rollback-on': 'interrupt' }, signal });
      expect([status, log]).toEqual([143, expect.stringContaining('interrupted by SIGTERM')]);
      expect(aws.clock.now() - signalled!).toBeLessThan(3_000);
    })(),
  );
});

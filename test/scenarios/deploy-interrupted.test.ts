import { describe, expect, it } from '@jest/globals';
import { at } from './at';
import { on, type StageOptions } from './deploy-stage';

const codeDeploy: StageOptions = {};
const ecs: StageOptions = { ecs: { deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } } };

/** Where a signal comes: while the service is read, while the deployment is created, and while it is watched. */
const moments: readonly [string, StageOptions, string][] = [
  ['before the plan', codeDeploy, 'Reading service'],
  ['after the plan', codeDeploy, 'Plan for service'],
  ['when CodeDeploy has accepted the deployment', codeDeploy, 'Created deployment'],
  ['while CodeDeploy deploys', codeDeploy, 'Install                begins'],
  ['before the plan', ecs, 'Reading service'],
  ['when ECS has accepted the update', ecs, 'Updated service'],
  ['while ECS deploys', ecs, 'IN_PROGRESS'],
];

describe.each(['before', 'after'] as const)('with an AWS that hangs %s a call takes effect', (when) => {
  it.each(moments)('an interruption %s ends within three seconds', (_, options, text) =>
    on(options, async ({ aws, deploy }) => {
      let signalled: number | undefined;
      const signal = at(text);
      const { status, log } = await deploy({
        inputs: { 'rollback-on': 'interrupt' },
        onOutput(output, run) {
          if (output.includes(text)) signalled ??= hangNow();
          signal(output, run);
        },
      });
      function hangNow(): number {
        aws.faults.add({ on: '*', effect: { kind: 'hang', when }, times: 'always' });
        return aws.clock.now();
      }
      expect([status, log]).toEqual([143, expect.stringContaining('interrupted by SIGTERM')]);
      expect(aws.clock.now() - signalled!).toBeLessThan(3_000);
    })(),
  );
});

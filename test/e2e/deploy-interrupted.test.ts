import { expect, it } from '@jest/globals';
import { on, type StageOptions } from '../scenarios/deploy-stage';
import { installing, rollingOut, type SignalAt } from '../scenarios/signal-at';
import { asProcess } from './deploy-as-process';

const hang = { kind: 'hang', when: 'before' } as const;
const codeDeploy: StageOptions = { run: asProcess, play: { neverStable: true } };
const ecs: StageOptions = { ...codeDeploy, ecs: { deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } } };

// Time limits of requests are real in a process: GitHub sends its second signal after 7.5 seconds.
it.each<[string, StageOptions, string, SignalAt]>([
  ['CodeDeploy', codeDeploy, 'codedeploy:StopDeployment', installing],
  ['ECS', ecs, 'ecs:StopServiceDeployment', rollingOut],
])(
  'a rollback that %s does not answer is said, and all is written before the host sends a second signal',
  (_, options, operation, signal) =>
    on(options, async (stage) => {
      let signalled = 0;
      stage.aws.faults.add({ on: operation, effect: hang, times: 'always' });
      const { status, outputs, log, report } = await stage.deploy({
        inputs: { 'rollback-on': 'interrupt' },
        signal,
        onOutput: (output) => {
          if (signalled === 0 && output.includes('SIGTERM: stopping')) signalled = Date.now();
        },
      });
      // The promise is 3 seconds; a machine that is busy may take longer, one that waits for AWS takes a minute.
      expect(Date.now() - signalled).toBeLessThan(30_000);
      expect([status, outputs['deployment-status']]).toEqual([143, 'IN_PROGRESS']);
      expect(log).toMatch(
        /Error: interrupted by SIGTERM: deployment \S+ was asked to roll back, but no answer says whether it does \(.*\); it is /,
      );
      expect(report).toContain('IN_PROGRESS');
    })(),
);

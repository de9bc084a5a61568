import { describe, expect, it } from '@jest/globals';
import { after, before, compete, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import { closePace, container, pinned, running, serviceOf, taskDefinition } from './deploy-stage';
import { crash, registering, rollingOut } from './signal-at';

describe.each(strategies)('a $name run that is repeated', (strategy) => {
  it(
    'after a crash between registering and updating registers nothing again',
    onService(strategy, {}, async (stage) => {
      const lift = stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'hang', when: 'before' } });
      const first = await stage.deploy({ signal: crash(registering) });
      expect([first.status, serviceDeployments(stage)]).toEqual([137, []]);
      lift();
      const { status, changes, log } = await stage.deploy();
      expect([status, changes]).toEqual([0, ['UpdateService']]);
      expect(log).toContain('the latest revision is identical');
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${after}`]);
    }),
  );

  it(
    'after a crash while watching picks its deployment up',
    onService(strategy, { play: { slowInstall: 600_000 } }, async (stage) => {
      await stage.deploy({ signal: crash(rollingOut) });
      const { status, changes, log, outputs } = await stage.deploy();
      expect([status, changes]).toEqual([0, []]);
      expect(log).toContain('of this very revision is active already: watching it');
      expect(outputs['deployment-id']).toBe(serviceOf(stage).serviceDeployments[0]?.arn);
      expect(outputs['previous-task-definition-arn']).toMatch(new RegExp(`${before}$`));
    }),
  );

  it(
    'after a success changes nothing',
    onService(strategy, {}, async (stage) => {
      stage.write('task.json', running(pinned));
      await stage.deploy();
      const { status, outputs, changes } = await stage.deploy();
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [], 'UNCHANGED']);
    }),
  );

  it.each([true, false])('after a failure (rolled back: %s) deploys the same revision again', (rollback) =>
    onService(
      strategy,
      { more: { deploymentCircuitBreaker: { enable: true, rollback } }, play: { crashTasks: {} } },
      async (stage) => {
        await stage.deploy();
        stage.aws.compute.play({});
        const { status, changes } = await stage.deploy();
        expect([status, changes]).toEqual([0, ['UpdateService']]);
        expect(serviceDeployments(stage).at(-1)).toBe(`SUCCESSFUL ${after}`);
      },
    )(),
  );
});

describe('a forced run that finds a deployment of its revision on its way', () => {
  const force = { 'force-new-deployment': 'true' };
  const pinned = `public.ecr.aws/nginx/nginx@sha256:${'1'.repeat(64)}`;

  it(
    'deploys again behind it where a tag names the image: it may have moved since',
    onService(strategies[0], { play: { slowInstall: 60_000 } }, async (stage) => {
      stage.write('task.json', running());
      await compete(stage);
      const { status, changes } = await stage.deploy({ inputs: force });
      expect([status, changes]).toEqual([0, ['UpdateService']]);
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${before}`, `SUCCESSFUL ${before}`]);
    }),
  );

  it(
    'picks it up where digests name the images',
    onService(strategies[0], { play: { slowInstall: 600_000 } }, async (stage) => {
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image: pinned })] }));
      await stage.deploy({ inputs: force, signal: crash(rollingOut) });
      const { status, changes } = await stage.deploy({ inputs: force });
      expect([status, changes, serviceDeployments(stage)]).toEqual([0, [], [`SUCCESSFUL ${after}`]]);
    }),
  );
});

describe.each(strategies)('an AWS in trouble, in a $name deployment', (strategy) => {
  it.each(['after', 'before'] as const)('loses what is sent once, the connection cut %s it took effect', (when) =>
    onService(strategy, {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'drop', when } });
      const { status, log } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
      expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
      const isFound = log.includes('The answer of AWS was lost, but what was asked for is there.');
      expect(isFound).toBe(when === 'after');
    })(),
  );

  it(
    'throttles, and is waited for',
    onService(strategy, {}, async (stage) => {
      stage.aws.faults.add({ on: 'ecs:UpdateService', times: 2, effect: { kind: 'throttle' } });
      stage.aws.faults.add({ on: 'ecs:DescribeServiceDeployments', after: 2, times: 4, effect: { kind: 'throttle' } });
      const { status, log } = await stage.deploy({ inputs: closePace });
      expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
      expect(log).toContain('AWS is throttling; polling less often');
    }),
  );
});

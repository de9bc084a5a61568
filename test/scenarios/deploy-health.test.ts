/** AWS's success, and traffic that has moved, is told only after a look at the new tasks and their targets. */

import { describe, expect, it } from '@jest/globals';
import type { Scenario } from '../local/aws/compute';
import { onService, shifting, strategies } from './deploy-ecs-stage';
import { container, defaultPace, deny, on, pinned, type Stage, serviceOf, taskDefinition } from './deploy-stage';

type Unchecked = NonNullable<Scenario['unchecked']>;
const unchecked = (parts: Unchecked): { play: Scenario } => ({ play: { unchecked: parts } });
const dead: Unchecked = { state: 'unhealthy', reason: 'Target.ResponseCodeMismatch', description: 'codes: [502]' };
const starting: Unchecked = { state: 'initial', reason: 'Elb.InitialHealthChecking' };

/** By digest, so that the same file is the same images. */
const byDigest = taskDefinition({ containerDefinitions: [container({ image: pinned })] });

/** One stage of each controller and strategy. */
const controllers = [
  ['CodeDeploy', (play: Scenario, test: (stage: Stage) => Promise<void>) => on({ play }, test)],
  ...strategies.map(
    (strategy) =>
      [
        strategy.name,
        (play: Scenario, test: (stage: Stage) => Promise<void>) => onService(strategy, { play }, test),
      ] as const,
  ),
] as const;

describe.each(controllers)('a success of a %s deployment', (_, stageFor) => {
  it(
    'is UNHEALTHY when no target answers, with the reasons and what to do',
    stageFor({ unchecked: dead }, async (stage) => {
      const { status, outputs, log, report } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'UNHEALTHY']);
      expect(log).toMatch(
        /Error: cannot deploy \S+:2 to service EcsService: deployment \S+ succeeded according to AWS, but no target of the new tasks answers: 0 of 2 targets in EcsService-tg[12] are healthy \(2 × unhealthy: Target\.ResponseCodeMismatch \(codes: \[502\]\)\); look at .* deploy \S+:1 to go back; see https:/,
      );
      expect(report).toContain('UNHEALTHY');
    }),
  );

  it(
    'is no success for a run that is repeated either',
    stageFor({ unchecked: dead }, async (stage) => {
      stage.write('task.json', byDigest);
      await stage.deploy();
      const again = await stage.deploy();
      expect([again.status, again.outputs['deployment-status'], again.changes]).toEqual([1, 'UNHEALTHY', []]);
      expect(again.log).toMatch(
        /Error: service EcsService runs \S+:2 already, so nothing was deployed, but no target of its tasks answers: 0 of 2 targets in EcsService-tg[12] are healthy .*, or deploy an earlier revision; see https:/,
      );
      const { status, outputs } = await stage.deploy({ inputs: { 'wait-until': 'none' } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'UNCHANGED']);
    }),
  );

  it(
    'is one when they answer after some minutes',
    stageFor({ unchecked: { ...starting, healthyAfter: 200_000 } }, async (stage) => {
      const { status, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
    }),
  );

  it(
    'is one with a warning when some answer',
    stageFor({ unchecked: { ...dead, tasks: 1 } }, async (stage) => {
      stage.write('task.json', byDigest);
      const { status, log } = await stage.deploy();
      expect(status).toBe(0);
      expect(log).toMatch(/Warning: Not all of the new tasks answer: 1 of 2 targets in EcsService-tg[12] are healthy/);
      const again = await stage.deploy();
      expect([again.status, again.outputs['deployment-status']]).toEqual([0, 'UNCHANGED']);
      expect(again.log).toMatch(/Warning: Not all of the tasks answer: 1 of 2 targets/);
    }),
  );
});

describe('traffic that has moved', () => {
  it(
    'is UNHEALTHY when no target answers, while it can still be rolled back',
    on({ ...unchecked(dead), seed: { terminationWait: 60 } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: { 'wait-until': 'traffic-shifted' } });
      expect([status, outputs['deployment-status']]).toEqual([1, 'UNHEALTHY']);
      expect(log).toMatch(/has moved the traffic, but no target .* go back: aws deploy stop-deployment /);
    }),
  );

  /** In the bake time, in milliseconds. */
  const stoppedAt: Readonly<Record<string, number>> = { 'blue-green': 100_000, canary: 420_000, linear: 480_000 };
  it.each(shifting)('is told as stopped when somebody stopped it while targets were waited for ($name)', (strategy) => {
    const stopBySomebody = { ms: stoppedAt[strategy.name]!, rollback: false };
    return onService(strategy, { play: { unchecked: starting, stopBySomebody } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: { 'wait-until': 'traffic-shifted' } });
      expect(log).toMatch(/health +0 of 2 targets/);
      expect([status, outputs['deployment-status']]).toEqual([1, 'STOPPED']);
    })();
  });
});

describe('targets that are not healthy yet', () => {
  const inputs = (minutes: string) => ({ inputs: { 'wait-for-minutes': minutes } });

  it.each<[string, Unchecked, string, number, string]>([
    ['are waited for', { ...starting, healthyAfter: 250_000 }, '', 0, 'SUCCEEDED'],
    ['are waited for no longer than five minutes', { ...starting, healthyAfter: 600_000 }, '', 1, 'UNHEALTHY'],
    ['are waited for until the deadline', { ...starting, healthyAfter: 250_000 }, '2', 1, 'UNHEALTHY'],
    ['may be in no listener', { state: 'unused', reason: 'Target.NotInUse' }, '', 1, 'UNHEALTHY'],
  ])('%s', (_, trouble, minutes, status, claim) =>
    on(unchecked(trouble), async (stage) => {
      const began = stage.aws.clock.now();
      const ended = await stage.deploy(minutes ? inputs(minutes) : {});
      expect([ended.status, ended.outputs['deployment-status']]).toEqual([status, claim]);
      expect(stage.aws.clock.now() - began).toBeLessThan(7 * 60_000);
    })(),
  );

  it(
    'are said while they are waited for',
    on(unchecked({ ...starting, healthyAfter: 200_000 }), async (stage) => {
      const { log } = await stage.deploy({ inputs: defaultPace });
      expect(
        log.match(/health +0 of 2 targets in EcsService-tg2 are healthy \(2 × initial: .*looking again/g),
      ).toHaveLength(4);
    }),
  );
});

describe.each(controllers)('a target group that was deleted under %s', (_, stageFor) => {
  it(
    'is no way to the new tasks: the success is UNHEALTHY',
    stageFor({}, async (stage) => {
      stage.aws.moments.at({ call: 'elasticloadbalancing:DescribeTargetHealth', nth: 1 }, () =>
        stage.aws.compute.state.targetGroups.clear(),
      );
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'UNHEALTHY']);
      expect(log).toMatch(
        /Error: .* no target of the new tasks answers: target group EcsService-tg[12] does not exist; /,
      );
    }),
  );
});

it(
  'a success with none of its tasks running is UNHEALTHY',
  on({ seed: { terminationWait: 3 } }, async (stage) => {
    stage.aws.clock.after(2 * 60_000, () => {
      // They are gone, and ECS starts no others.
      const { fleets } = serviceOf(stage);
      for (const task of stage.aws.compute.state.tasks.filter(({ fleet }) => fleet === fleets[0])) {
        Object.assign(task, { lastStatus: 'STOPPED' });
      }
    });
    const { status, log } = await stage.deploy();
    expect(status).toBe(1);
    expect(log).toMatch(/Error: .*answers: 0 of 2 tasks run/);
  }),
);

describe('a service that wants no tasks', () => {
  const empty = { seed: { desiredCount: 0 } };

  it(
    'is told as one that runs nothing',
    on(empty, async (stage) => {
      const image = `public.ecr.aws/nginx/nginx@sha256:${'1'.repeat(64)}`;
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
      const { status, log } = await stage.deploy();
      expect(status).toBe(0);
      expect(log).toMatch(
        /Service EcsService has \S+:2, but wants 0 tasks, so nothing runs: deployment d-\w+ succeeded/,
      );
      expect((await stage.deploy()).log).toMatch(
        /has \S+:2 already, and wants 0 tasks, so nothing runs; nothing was deployed/,
      );
    }),
  );
});

describe('a role that may not look at targets', () => {
  it.each(controllers)('loses nothing but a line under %s', (_, stageFor) =>
    stageFor({}, async (stage) => {
      deny(stage, 'elasticloadbalancing:*');
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(log.match(/^.*may not call elasticloadbalancing:DescribeTargetHealth.*$/gm)).toEqual([
        expect.stringMatching(
          /^Whether the new tasks answer is not known: whether their targets are healthy: the role may not call/,
        ),
      ]);
    })(),
  );

  it.each(['throttle', 'hang'] as const)('nor does an AWS that answers with %s', (kind) =>
    on({}, async (stage) => {
      stage.aws.faults.add({ on: 'elasticloadbalancing:*', times: 'always', effect: { kind } });
      const { status, log } = await stage.deploy({ inputs: { 'wait-for-minutes': '2' } });
      expect(status).toBe(0);
      expect(log).toMatch(
        /Whether the new tasks answer is not known: elasticloadbalancing:DescribeTargetHealth failed/,
      );
    })(),
  );
});

it(
  'targets that cannot be read again after their first health check has begun are told as they were seen last',
  on({ play: { unchecked: { ...starting, healthyAfter: 200_000 } } }, async (stage) => {
    const lose = () =>
      stage.aws.faults.add({ on: '*:Describe*', times: 'always', effect: { kind: 'drop', when: 'before' } });
    const seen = () => stage.aws.calls.some(({ operation }) => operation === 'DescribeTargetHealth');
    stage.aws.moments.at({ call: '*:*', if: seen }, lose);
    const { status, outputs, log } = await stage.deploy();
    expect([status, outputs['deployment-status']]).toEqual([1, 'UNHEALTHY']);
    expect(log).toMatch(
      /no target of the new tasks answers: 0 of 2 targets .*; so it was seen last, and it could not be read again: ecs:DescribeServices failed/,
    );
  }),
);

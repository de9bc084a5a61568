import type { FaultsSpec } from '../../spec';
import { codeDeploy, ecs, fault, hanging, type NamedWorld, noFaults, run, world } from '../make';

/** Calls without which a run cannot recognise a revision that is there. */
const blind = ['ecs:DescribeTaskDefinition', 'ecs:ListServiceDeployments', 'codedeploy:ListDeployments'];

/** Each read after the first is answered at the fifth attempt. */
const slowReads: FaultsSpec = {
  ...noFaults,
  exact: [
    ...['DescribeServices', 'DescribeTaskDefinition', 'ListTasks'].map((call) => `ecs:${call}`),
    ...['GetDeploymentGroup', 'ListDeployments', 'BatchGetDeployments'].map((call) => `codedeploy:${call}`),
  ].flatMap((call) =>
    Array.from({ length: 120 }, (_, at) => at + 2)
      .filter((nth) => nth % 5 !== 1)
      .map((nth) => ({ call, nth, kind: 'hang-before' as const })),
  ),
};

/** Worlds in which other runs, people or moved tags came in between. */
export const keptOthers: readonly NamedWorld[] = [
  {
    name: 'a run deployed again what another run had deployed while its reads hung',
    world: world(
      'CODE_DEPLOY',
      [run(), run({ name: 'run-2', at: 40_000, faults: hanging('codedeploy:GetDeploymentConfig', 4) })],
      { codeDeploy: { ...codeDeploy, terminationWait: 0 } },
    ),
  },
  {
    name: 'a run updated the service again to what another run had deployed while its reads hung',
    world: world('ECS', [run(), run({ name: 'run-2', at: 80_000, faults: hanging('ecr:DescribeImages', 4) })], {
      ecs: { ...ecs, strategy: 'BLUE_GREEN' },
    }),
  },
  {
    name: 'a run went back to an older revision of the same content, whose tasks still waited for their end',
    world: world(
      'CODE_DEPLOY',
      [
        run({ content: 'running', waitUntil: 'traffic-shifted', faults: { ...noFaults, refused: blind } }),
        run({ name: 'run-2', at: 90_000, content: 'running' }),
      ],
      { codeDeploy: { ...codeDeploy, terminationWait: 5 } },
    ),
  },
  {
    name: 'a deployment was adopted before its tasks showed that they run an older image than the tag names',
    world: world('CODE_DEPLOY', [run({ waitUntil: 'none' }), run({ name: 'run-2', at: 30_000 })], {
      trouble: { kind: 'slow', at: 60_000, rollbackFails: false },
      operators: [{ at: 20_000, act: 'move-tag' }],
    }),
  },
  {
    name: 'a task that had just been started had no digest yet, so that its revision was deployed again',
    world: world('ECS', [run(), run({ name: 'run-2', at: 341_000 })], {
      ecs: { ...ecs, strategy: 'CANARY', bakeMinutes: 0 },
      operators: [{ at: 321_000, act: 'scale' }],
    }),
  },
  {
    name: 'the tasks of a deployment that another one of the same revision had replaced were taken for a service that wants none',
    world: world('CODE_DEPLOY', [run()], {
      codeDeploy: { ...codeDeploy, terminationWait: 0 },
      trouble: { kind: 'answers-late', at: 200_000, rollbackFails: false },
      operators: [{ at: 90_000, act: 'deploy' }],
    }),
  },
  {
    name: 'a role that may not list service deployments asked twice as often as allowed while it waited for another one',
    world: world(
      'ECS',
      [
        run({ waitUntil: 'none' }),
        run({
          name: 'run-2',
          at: 30_000,
          pollSeconds: 1,
          content: 'newer',
          faults: { ...noFaults, refused: ['ecs:ListServiceDeployments'] },
        }),
      ],
      { trouble: { kind: 'never-stable', at: 5_000, rollbackFails: false }, ecs: { ...ecs, breaker: 'none' } },
    ),
  },
  {
    name: 'an answer that came late kept a run from seeing what another one had begun just before its update',
    world: world('ECS', [
      run({ force: true, faults: fault('ecs:DescribeServiceRevisions', 'hang-after') }),
      run({ name: 'run-2', at: 1, force: true }),
    ]),
  },
  {
    name: 'a success was UNHEALTHY, as the next deployment of the same revision had begun',
    world: world(
      'ECS',
      [
        run({ force: true, waitForMinutes: 5, pollSeconds: 15 }),
        run({ name: 'run-2', at: 1_000, force: true, pollSeconds: 1 }),
      ],
      { desiredCount: 1, ecs: { ...ecs, strategy: 'LINEAR', stepMinutes: 3, stepPercent: 50, bakeMinutes: 1 } },
    ),
  },
  {
    name: 'a run that was to roll back what had just succeeded has failed, which is true of the run alone',
    world: world(
      'ECS',
      [
        run({ waitUntil: 'none' }),
        run({
          name: 'run-2',
          at: 15_000,
          ifDeploying: 'rollback',
          faults: hanging('ecs:StopServiceDeployment', 2),
        }),
      ],
      { ecs: { ...ecs, bakeMinutes: 0 } },
    ),
  },
  {
    name: 'a run deployed its own revision over an identical one that another run had deployed during its one-off task',
    world: world(
      'ECS',
      [
        run({ preDeploy: true }),
        run({ name: 'run-2', at: 30_000, content: 'newer' }),
        run({ name: 'run-3', at: 110_000, preDeploy: true }),
      ],
      { oneOff: 'takes-long', ecs: { ...ecs, bakeMinutes: 0 } },
    ),
  },
  {
    name: 'an update of the service that AWS throttled replaced what another run had begun to deploy meanwhile',
    world: world('ECS', [
      run({
        faults: {
          ...noFaults,
          exact: [1, 2, 3, 4].map((nth) => ({ call: 'ecs:UpdateService', nth, kind: 'throttle' })),
        },
      }),
      run({ name: 'run-2', at: 200, content: 'newer' }),
    ]),
  },
  {
    name: 'a service that was left as it is was told UNHEALTHY because of tasks that somebody had just begun to deploy',
    world: world(
      'ECS',
      [run({ at: 60_000, content: 'running', faults: hanging('elasticloadbalancing:DescribeTargetHealth', 2) })],
      {
        ecs: { ...ecs, strategy: 'CANARY' },
        trouble: { kind: 'unanswered', at: 0, rollbackFails: false },
        operators: [{ at: 65_000, act: 'deploy' }],
      },
    ),
  },
  {
    name: 'a tag that had moved was deployed again and again, as the tasks with the old image were kept',
    world: world(
      'CODE_DEPLOY',
      [run(), run({ name: 'run-2', at: 600_000 }), run({ name: 'run-3', repeats: 'run-2', at: 60_000 })],
      { codeDeploy: { ...codeDeploy, keepBlue: true }, operators: [{ at: 300_000, act: 'move-tag' }] },
    ),
  },
  {
    name: 'a tag moved after a run that waits for nothing had ended, and before the tasks were given an image',
    world: world(
      'CODE_DEPLOY',
      [run({ waitUntil: 'none', latency: 100 }), run({ name: 'run-2', repeats: 'run-1', at: 2_000 })],
      { operators: [{ at: 1_200, act: 'move-tag' }] },
    ),
  },
  {
    name: 'a run stopped what a run that may not compare revisions deployed of the same content, and deployed it again',
    world: world('CODE_DEPLOY', [
      run({ ifDeploying: 'stop', faults: fault('ecs:RegisterTaskDefinition', 'hang-after') }),
      run({ name: 'run-2', at: 500, faults: { ...noFaults, refused: ['ecs:DescribeTaskDefinition'] } }),
    ]),
  },
  {
    name: 'a run that waits for nothing left a tag that had moved to a deployment of which no task had started',
    world: world('CODE_DEPLOY', [run({ waitUntil: 'none' }), run({ name: 'run-2', waitUntil: 'none', at: 60_000 })], {
      trouble: { kind: 'slow', at: 200_000, rollbackFails: false },
      operators: [{ at: 30_000, act: 'move-tag' }],
    }),
  },
  {
    name: 'what runs already was deployed again, as ECR did not tell what the tag is: that is asked for',
    world: world('ECS', [
      run(),
      run({
        name: 'run-2',
        at: 120_000,
        faults: {
          ...noFaults,
          exact: [1, 2, 3].map((nth) => ({ call: 'ecr:DescribeImages', nth, kind: 'empty-json' as const })),
        },
      }),
    ]),
  },
  {
    name: 'a run stopped what was active and deployed minutes after its time was over, as its reads hung',
    world: world('CODE_DEPLOY', [
      run({ waitUntil: 'none' }),
      run({ name: 'run-2', content: 'newer', at: 5_000, ifDeploying: 'stop', waitForMinutes: 1, faults: slowReads }),
    ]),
  },
  {
    name: 'a rollback failed in the millisecond in which the next run deployed, and counted as being on its way',
    world: world('ECS', [run({ pollSeconds: 1 }), run({ name: 'run-2', at: 5_000, pollSeconds: 1 })], {
      ecs: { ...ecs, strategy: 'ROLLING', breaker: 'none' },
      alarm: { isWatched: true, at: -60_000 },
      trouble: { kind: 'none', at: 30_000, rollbackFails: true },
    }),
  },
];

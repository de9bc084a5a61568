import { codeDeploy, ecs, fault, hanging, type NamedWorld, noFaults, run, world } from './make';

/** Calls without which a run cannot recognise a revision that is there. */
const blind = ['ecs:DescribeTaskDefinition', 'ecs:ListServiceDeployments', 'codedeploy:ListDeployments'];

/** Worlds in which the simulation has found something wrong, reduced to what matters. */
export const keptWorlds: readonly NamedWorld[] = [
  {
    name: 'an answer {} of DescribeTaskDefinition was an unexpected error',
    world: world('CODE_DEPLOY', [run({ faults: fault('ecs:DescribeTaskDefinition', 'empty-json') })]),
  },
  {
    name: 'a cut answer of UpdateService was "Nothing was changed"',
    world: world('ECS', [run({ faults: fault('ecs:UpdateService', 'cut-json') })]),
  },
  {
    name: 'credentials that expired after CreateDeployment were "No deployment was created"',
    world: world('CODE_DEPLOY', [
      run({ faults: fault('codedeploy:CreateDeployment', 'reset-after'), expiresAt: 400, latency: 100 }),
    ]),
  },
  {
    name: 'a deployment that stood in the way and could not be read was "No deployment was created", though it was the own one',
    world: world('CODE_DEPLOY', [
      run({
        faults: {
          ...noFaults,
          exact: [
            { call: 'codedeploy:CreateDeployment', nth: 1, kind: 'reset-after' },
            ...['codedeploy:BatchGetDeployments', 'codedeploy:GetDeployment'].flatMap((call) =>
              Array.from({ length: 12 }, (_, at) => ({ call, nth: at + 1, kind: 'cut-json' as const })),
            ),
          ],
        },
      }),
    ]),
  },
  {
    name: 'a list of deployments without its list was read as none, and an active deployment was replaced',
    world: world('ECS', [
      run({}),
      run({
        name: 'run-2',
        at: 12_000,
        waitUntil: 'none',
        faults: {
          ...noFaults,
          exact: [1, 2, 3].map((nth) => ({ call: 'ecs:ListServiceDeployments', nth, kind: 'empty-json' as const })),
        },
      }),
    ]),
  },
  {
    name: 'a run that had just updated the service was silent for two minutes while AWS throttled',
    world: world('ECS', [
      run({
        waitForMinutes: 0.75,
        latency: 1_500,
        faults: { ...noFaults, seed: 7, outage: { from: 9_000, to: 60_000, kind: 'throttle' } },
      }),
    ]),
  },
  {
    name: 'a forced run that may not list deployments made one more for each answer that was lost',
    world: world('CODE_DEPLOY', [
      run({
        force: true,
        faults: {
          ...fault('codedeploy:CreateDeployment', 'late-effect'),
          refused: ['codedeploy:ListDeployments'],
        },
      }),
    ]),
  },
  {
    name: 'an answer {} of RunTask was "no task was started", while the task ran',
    world: world('CODE_DEPLOY', [run({ preDeploy: true, faults: fault('ecs:RunTask', 'empty-json') })]),
  },
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
    name: 'a crash loop was read ever more slowly, until the world counted as standing still',
    world: world('ECS', [run({ waitForMinutes: 60, pollSeconds: 30, ifDeploying: 'continue' })], {
      desiredCount: 3,
      ecs: { ...ecs, breaker: 'none' },
      trouble: { kind: 'crash', at: 0, rollbackFails: false },
    }),
  },
  {
    name: 'traffic that was moved back during the last look was told as moved',
    world: world('CODE_DEPLOY', [run({ waitUntil: 'traffic-shifted', pollSeconds: 15, latency: 200 })], {
      codeDeploy: { ...codeDeploy, terminationWait: 5 },
      trouble: { kind: 'answers-partly', at: 0, rollbackFails: false },
      operators: [{ at: 40_000, act: 'roll-back' }],
    }),
  },
  {
    name: 'a stage and counts that ECS left out were taken for a rolling deployment without old tasks',
    world: world(
      'ECS',
      [run({ waitUntil: 'traffic-shifted', faults: { ...noFaults, seed: 1, rate: 0.9, kinds: ['missing-fields'] } })],
      { ecs: { ...ecs, strategy: 'CANARY', stepMinutes: 3 } },
    ),
  },
  {
    name: 'a registration whose answer was lost was made again, as another run had registered something else since',
    world: world('CODE_DEPLOY', [
      run({ faults: fault('ecs:RegisterTaskDefinition', 'hang-after') }),
      run({ name: 'run-2', at: 3_000, content: 'newer' }),
    ]),
  },
  {
    name: 'a run that was interrupted while it looked for its deployment waited without a word until it was killed',
    world: world(
      'ECS',
      [
        run({
          rollbackOn: ['interrupt'],
          latency: 1_500,
          signal: { name: 'SIGINT', at: 0, call: 'ecs:UpdateService' },
          faults: { ...hanging('ecs:ListServiceDeployments', 9, 4), seed: 2 },
        }),
      ],
      { ecs: { ...ecs, strategy: 'BLUE_GREEN' } },
    ),
  },
  {
    name: 'a role that may not list deployments made a second one, as the first had failed before its answer was lost for good',
    world: world(
      'CODE_DEPLOY',
      [
        run({
          faults: { ...fault('codedeploy:CreateDeployment', 'stalled-body'), refused: ['codedeploy:ListDeployments'] },
        }),
      ],
      { desiredCount: 0, trouble: { kind: 'hook', at: 0, rollbackFails: false } },
    ),
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
    name: 'a deployment that somebody stopped was replaced by an older one, as AWS left out when it was created',
    world: world('ECS', [run({ faults: { ...noFaults, seed: 12, rate: 1, kinds: ['missing-fields'] } })], {
      ecs: { ...ecs, strategy: 'CANARY', stepMinutes: 3 },
      trouble: { kind: 'stop', at: 70_000, rollbackFails: false },
    }),
  },
  {
    name: 'a deployment that was rolled back while its id was looked for was told as started',
    world: world('ECS', [run({ waitUntil: 'none', faults: hanging('ecs:ListServiceDeployments', 40, 4) })], {
      ecs: { ...ecs, strategy: 'BLUE_GREEN' },
      alarm: { isWatched: true, at: -60_000 },
    }),
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
    name: 'credentials that expired after the traffic had moved kept it from saying that nobody knows whether the tasks answer',
    world: world('CODE_DEPLOY', [run({ waitUntil: 'auto', expiresAt: 35_000 })], {
      trouble: { kind: 'unanswered', at: 5_000, rollbackFails: false },
      codeDeploy: { ...codeDeploy, config: 'CodeDeployDefault.ECSAllAtOnce', terminationWait: 5 },
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
    name: 'a role that may not read what service deployments deploy did not see that somebody stopped its deployment',
    world: world('ECS', [run({ faults: { ...noFaults, refused: ['ecs:DescribeServiceRevisions'] } })], {
      ecs: { ...ecs, strategy: 'CANARY', breaker: 'none' },
      trouble: { kind: 'stop', at: 5_000, rollbackFails: false },
    }),
  },
  {
    name: 'a deployment whose id AWS did not tell within half a minute was stopped, and the run did not see it',
    world: world('ECS', [run({ waitForMinutes: 10, faults: hanging('ecs:DescribeServiceRevisions', 4, 2) })], {
      trouble: { kind: 'stop', at: 30_000, rollbackFails: false },
    }),
  },
  {
    name: 'a deployment was created twice, as an answer without any deployment was read as none',
    world: world(
      'CODE_DEPLOY',
      [
        run({
          faults: {
            ...noFaults,
            exact: [
              { call: 'codedeploy:CreateDeployment', nth: 1, kind: 'stalled-body' },
              { call: 'codedeploy:BatchGetDeployments', nth: 1, kind: 'empty-json' },
            ],
          },
        }),
      ],
      { alarm: { isWatched: true, at: -60_000 } },
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
    name: 'a run said nothing for minutes while its reads hung one after the other',
    world: world('CODE_DEPLOY', [
      run({
        faults: {
          ...noFaults,
          exact: ['codedeploy:GetDeploymentGroup', 'codedeploy:ListDeployments'].flatMap((call) =>
            [1, 2, 3, 4].map((nth) => ({ call, nth, kind: 'hang-before' as const })),
          ),
        },
      }),
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
    name: 'a deployment whose answer was lost, and which somebody replaced, was made again by a role that may not list deployments',
    world: world(
      'CODE_DEPLOY',
      [
        run({
          ifDeploying: 'stop',
          faults: { ...fault('codedeploy:CreateDeployment', 'stalled-body'), refused: ['codedeploy:ListDeployments'] },
        }),
      ],
      { trouble: { kind: 'replace', at: 5_000, rollbackFails: false } },
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
    name: 'a stop whose first answer was lost, and which was refused as it had been done, was "nothing was changed"',
    world: world('CODE_DEPLOY', [
      run({ name: 'run-2', waitUntil: 'none' }),
      run({
        at: 10_000,
        content: 'newer',
        ifDeploying: 'stop',
        faults: fault('codedeploy:StopDeployment', 'hang-after'),
        latency: 1_000,
        signal: { name: 'SIGINT', at: 19_000, call: undefined },
      }),
    ]),
  },
  {
    name: 'a deployment that an alarm rolled back while the answer of its update was lost was made again',
    world: world(
      'ECS',
      [
        run({
          faults: {
            ...noFaults,
            exact: [
              { call: 'ecs:UpdateService', nth: 1, kind: 'stalled-body' },
              ...[3, 4].map((nth) => ({ call: 'ecs:DescribeServices', nth, kind: 'hang-before' as const })),
            ],
            refused: ['ecs:DescribeServiceRevisions'],
          },
        }),
      ],
      { alarm: { isWatched: true, at: -60_000 } },
    ),
  },
];

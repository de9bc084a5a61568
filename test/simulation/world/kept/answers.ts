import { ecs, fault, type NamedWorld, noFaults, run, world } from '../make';

/** Worlds in which an answer of AWS was lost, cut or incomplete, and something was denied, made twice or taken for what it was not. */
export const keptAnswers: readonly NamedWorld[] = [
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
    name: 'a deployment that somebody stopped was replaced by an older one, as AWS left out when it was created',
    world: world('ECS', [run({ faults: { ...noFaults, seed: 12, rate: 1, kinds: ['missing-fields'] } })], {
      ecs: { ...ecs, strategy: 'CANARY', stepMinutes: 3 },
      trouble: { kind: 'stop', at: 70_000, rollbackFails: false },
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

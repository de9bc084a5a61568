import { codeDeploy, ecs, hanging, type NamedWorld, noFaults, run, world } from '../make';

/** Worlds in which the end of a deployment was told wrongly, late or not at all. */
export const keptOutcomes: readonly NamedWorld[] = [
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
    name: 'a deployment that was rolled back while its id was looked for was told as started',
    world: world('ECS', [run({ waitUntil: 'none', faults: hanging('ecs:ListServiceDeployments', 40, 4) })], {
      ecs: { ...ecs, strategy: 'BLUE_GREEN' },
      alarm: { isWatched: true, at: -60_000 },
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
];

import { codeDeploy, ecs, hanging, type NamedWorld, noFaults, run, world } from './make';

/** The answer of the nth to the last call of this name is lost in time. */
const throttled = (call: string, first: number, last: number) => ({
  ...noFaults,
  exact: Array.from({ length: last - first + 1 }, (_, index) => ({
    call,
    nth: first + index,
    kind: 'throttle' as const,
  })),
});

/** Moments that chance seldom makes, and that a break of the product needs to show. */
export const rareWorlds: readonly NamedWorld[] = [
  {
    name: 'somebody deploys while the registration hangs',
    world: world('CODE_DEPLOY', [run({ faults: hanging('ecs:RegisterTaskDefinition', 1) })], {
      operators: [{ at: 5_000, act: 'deploy' }],
    }),
  },
  {
    name: 'somebody updates the service while the registration hangs',
    world: world('ECS', [run({ faults: hanging('ecs:RegisterTaskDefinition', 1) })], {
      operators: [{ at: 5_000, act: 'deploy' }],
    }),
  },
  {
    name: 'AWS takes a stop, but no read, when the time is up',
    world: world(
      'CODE_DEPLOY',
      [run({ waitForMinutes: 1, rollbackOn: ['timeout'], faults: throttled('codedeploy:GetDeployment', 5, 200) })],
      {
        codeDeploy: { ...codeDeploy, terminationWait: 60 },
        trouble: { kind: 'slow', at: 200_000, rollbackFails: false },
      },
    ),
  },
  {
    name: 'a signal comes while the one-off task runs',
    world: world('ECS', [run({ preDeploy: true, signal: { name: 'SIGTERM', at: 20_000, call: undefined } })], {
      oneOff: 'takes-long',
    }),
  },
  {
    name: 'a signal comes while the creation hangs, and all that follows',
    world: world('CODE_DEPLOY', [
      run({
        faults: {
          ...hanging('codedeploy:CreateDeployment', 3),
          outage: { from: 1, to: 60_000, kind: 'hang-before' },
        },
        signal: { name: 'SIGINT', at: 100, call: 'codedeploy:CreateDeployment' },
      }),
    ]),
  },
  {
    name: 'a rollback goes wrong',
    world: world('ECS', [run()], {
      ecs: { ...ecs, strategy: 'BLUE_GREEN' },
      trouble: { kind: 'hook', at: 0, rollbackFails: true },
    }),
  },
  {
    name: 'the container is not the one behind the load balancer',
    world: world('ECS', [run({ mistake: 'container' })]),
  },
  {
    name: 'a dry run on a good day',
    world: world('ECS', [run({ dryRun: true })]),
  },
];

import type { FaultKind, FaultsSpec, RunSpec, WorldSpec } from '../spec';

/** A world in which the product once did wrong. */
export interface KeptWorld {
  readonly found: string;
  readonly world: WorldSpec;
}

const noFaults: FaultsSpec = { seed: 1, rate: 0, kinds: [], outage: undefined, exact: [], refused: [] };

/** The nth call of this name meets a fault. */
const fault = (call: string, kind: FaultKind, nth = 1): FaultsSpec => ({ ...noFaults, exact: [{ call, nth, kind }] });

/** The first calls of this name hang, each until it is given up. */
const hanging = (call: string, times: number): FaultsSpec => ({
  ...noFaults,
  exact: Array.from({ length: times }, (_, index) => ({ call, nth: index + 1, kind: 'hang-before' })),
});

/** A run that deploys something new on a good day. */
const run = (change: Partial<RunSpec> = {}): RunSpec => ({
  name: 'run-1',
  at: 0,
  repeats: undefined,
  content: 'new',
  host: 'shell',
  waitUntil: 'completed',
  waitForMinutes: 30,
  rollbackOn: [],
  ifDeploying: 'wait',
  pollSeconds: 5,
  force: false,
  dryRun: false,
  preDeploy: false,
  latency: 0,
  faults: noFaults,
  expiresAt: undefined,
  signal: undefined,
  ...change,
});

const codeDeploy: WorldSpec['codeDeploy'] = {
  config: 'CodeDeployDefault.ECSAllAtOnce',
  readyWait: undefined,
  terminationWait: 1,
  keepBlue: false,
  rollbackOn: ['DEPLOYMENT_FAILURE'],
};

const ecs: WorldSpec['ecs'] = {
  strategy: 'ROLLING',
  bakeMinutes: 1,
  stepMinutes: 1,
  stepPercent: 50,
  breaker: 'rolls-back',
  pause: undefined,
};

/** A service in which everything goes well. */
const world = (
  controller: WorldSpec['controller'],
  runs: readonly RunSpec[],
  change: Partial<WorldSpec> = {},
): WorldSpec => ({
  seed: 1,
  controller,
  desiredCount: 2,
  testListener: true,
  codeDeploy,
  ecs,
  alarm: undefined,
  trouble: { kind: 'none', at: 0, rollbackFails: false },
  oneOff: 'works',
  operators: [],
  skew: 0,
  jump: undefined,
  runs,
  ...change,
});

/** Worlds that the simulation has found, reduced to what matters. */
export const keptWorlds: readonly KeptWorld[] = [
  {
    found: 'an answer {} of DescribeTaskDefinition was an unexpected error',
    world: world('CODE_DEPLOY', [run({ faults: fault('ecs:DescribeTaskDefinition', 'empty-json') })]),
  },
  {
    found: 'a cut answer of UpdateService was "Nothing was changed"',
    world: world('ECS', [run({ faults: fault('ecs:UpdateService', 'cut-json') })]),
  },
  {
    found: 'credentials that expired after CreateDeployment were "No deployment was created"',
    world: world('CODE_DEPLOY', [
      run({ faults: fault('codedeploy:CreateDeployment', 'reset-after'), expiresAt: 400, latency: 100 }),
    ]),
  },
  {
    found: 'a run that had just updated the service was silent for two minutes while AWS throttled',
    world: world('ECS', [
      run({
        waitForMinutes: 0.75,
        latency: 1_500,
        faults: { ...noFaults, seed: 7, outage: { from: 9_000, to: 60_000, kind: 'throttle' } },
      }),
    ]),
  },
  {
    found: 'a forced run that may not list deployments made one more for each answer that was lost',
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
    found: 'an answer {} of RunTask was "no task was started", while the task ran',
    world: world('CODE_DEPLOY', [run({ preDeploy: true, faults: fault('ecs:RunTask', 'empty-json') })]),
  },
  {
    found: 'a run deployed again what another run had deployed while its reads hung',
    world: world(
      'CODE_DEPLOY',
      [run(), run({ name: 'run-2', at: 40_000, faults: hanging('codedeploy:GetDeploymentConfig', 4) })],
      { codeDeploy: { ...codeDeploy, terminationWait: 0 } },
    ),
  },
  {
    found: 'a run updated the service again to what another run had deployed while its reads hung',
    world: world('ECS', [run(), run({ name: 'run-2', at: 80_000, faults: hanging('ecr:DescribeImages', 4) })], {
      ecs: { ...ecs, strategy: 'BLUE_GREEN' },
    }),
  },
  {
    found: 'a crash loop was read ever more slowly, until the world counted as standing still',
    world: world('ECS', [run({ waitForMinutes: 60, pollSeconds: 30, ifDeploying: 'continue' })], {
      desiredCount: 3,
      ecs: { ...ecs, breaker: 'none' },
      trouble: { kind: 'crash', at: 0, rollbackFails: false },
    }),
  },
];

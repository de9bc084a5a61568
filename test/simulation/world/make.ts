import type { FaultKind, FaultsSpec, RunSpec, WorldSpec } from '../spec';

/** A world that is played again and again. */
export interface NamedWorld {
  /** What was found in it, or what is rare about it. */
  readonly name: string;
  readonly world: WorldSpec;
}

export const noFaults: FaultsSpec = { seed: 1, rate: 0, kinds: [], outage: undefined, exact: [], refused: [] };

/** The nth call of this name meets a fault. */
export const fault = (call: string, kind: FaultKind, nth = 1): FaultsSpec => ({
  ...noFaults,
  exact: [{ call, nth, kind }],
});

/** So many calls of this name hang, from the nth on, each until it is given up. */
export const hanging = (call: string, times: number, from = 1): FaultsSpec => ({
  ...noFaults,
  exact: Array.from({ length: times }, (_, index) => ({ call, nth: from + index, kind: 'hang-before' })),
});

/** A run that deploys something new on a good day. */
export const run = (change: Partial<RunSpec> = {}): RunSpec => ({
  name: 'run-1',
  at: 0,
  repeats: undefined,
  content: 'new',
  mistake: undefined,
  host: 'shell',
  waitUntil: 'completed',
  waitForMinutes: 30,
  rollbackOn: [],
  alarms: 'as they are',
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

export const codeDeploy: WorldSpec['codeDeploy'] = {
  config: 'CodeDeployDefault.ECSAllAtOnce',
  readyWait: undefined,
  terminationWait: 1,
  keepBlue: false,
  rollbackOn: ['DEPLOYMENT_FAILURE'],
};

export const ecs: WorldSpec['ecs'] = {
  strategy: 'ROLLING',
  bakeMinutes: 1,
  stepMinutes: 1,
  stepPercent: 50,
  breaker: 'rolls-back',
  pause: undefined,
};

/** A service in which everything goes well. */
export const world = (
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

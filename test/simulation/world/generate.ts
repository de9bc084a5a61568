import { type Random, randomFrom } from '../engine/random';
import {
  type FaultKind,
  type FaultsSpec,
  faultKinds,
  mistakes,
  type RunSpec,
  type SignalSpec,
  type WorldSpec,
} from '../spec';

/** The world of a seed. */
export function worldOf(seed: number): WorldSpec {
  const random = randomFrom(seed);
  const controller = random.pick(['CODE_DEPLOY', 'ECS'] as const);
  const alarm = random.chance(0.15)
    ? { isWatched: random.chance(0.8), at: random.pick([-60_000, 20_000, 90_000, 240_000]) }
    : undefined;
  return {
    seed,
    controller,
    desiredCount: random.pick([1, 1, 2, 2, 3, 0]),
    testListener: random.chance(0.7),
    codeDeploy: {
      config: random.pick([
        'CodeDeployDefault.ECSAllAtOnce',
        'CodeDeployDefault.ECSAllAtOnce',
        'CodeDeployDefault.ECSCanary10Percent5Minutes',
        'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
      ]),
      readyWait: random.chance(0.15) ? random.pick([2, 10]) : undefined,
      terminationWait: random.pick([undefined, 0, 0, 1, 5, random.pick([5, 60])]),
      keepBlue: random.chance(0.1),
      rollbackOn: random.some(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'], 0.6),
    },
    ecs: {
      strategy: random.pick(['ROLLING', 'ROLLING', 'BLUE_GREEN', 'CANARY', 'LINEAR']),
      bakeMinutes: random.pick([0, 1, 5]),
      stepMinutes: random.pick([1, 3]),
      stepPercent: random.pick([10, 25, 50]),
      breaker: random.pick(['none', 'stops', 'rolls-back', 'rolls-back']),
      pause: random.chance(0.1)
        ? { stage: random.pick(['POST_TEST_TRAFFIC_SHIFT', 'PRE_SCALE_UP']), minutes: random.pick([2, 30]) }
        : undefined,
    },
    alarm,
    trouble: {
      kind: random.chance(0.5)
        ? 'none'
        : random.pick([
            ...(['crash', 'crash-later', 'pull', 'unhealthy', 'never-stable'] as const),
            ...(['slow', 'hook', 'stop', 'replace'] as const),
            ...(['unanswered', 'unanswered', 'answers-late', 'answers-partly'] as const),
          ]),
      at: random.pick([5_000, 30_000, 70_000, 200_000]),
      rollbackFails: random.chance(0.1),
    },
    oneOff: random.pick(['works', 'works', 'fails', 'never-ends', 'cannot-start', 'takes-long']),
    operators: operatorsOf(random),
    skew: random.pick([0, 0, 0, 90_000, -90_000, 3_000]),
    jump: random.chance(0.05)
      ? { at: random.whole(0, 120_000), by: random.pick([-3_600_000, 3_600_000, 400_000]) }
      : undefined,
    runs: withMistake(withAlarms(runsOf(random), alarm !== undefined, randomFrom(~seed)), randomFrom(~seed ^ 0x5eed)),
  };
}

/** Drawn by a chance of its own, so that all else of a seed stays as it was before runs could choose their alarms. */
const withAlarms = (runs: readonly RunSpec[], isThere: boolean, random: Random): readonly RunSpec[] => {
  const chosen = random.chance(isThere ? 0.4 : 0.04) ? random.pick(['off', 'named'] as const) : 'as they are';
  return runs.map((run) => ({ ...run, alarms: run.repeats === undefined ? chosen : 'as they are' }));
};

/** Of one run, and by a chance of its own too. What is only to roll back reads little of what it is told. */
const withMistake = ([first, ...others]: readonly RunSpec[], random: Random): readonly RunSpec[] => {
  const mistake = random.chance(0.04) && first!.ifDeploying !== 'rollback' ? random.pick(mistakes) : undefined;
  return [{ ...first!, mistake }, ...others];
};

function operatorsOf(random: Random): WorldSpec['operators'] {
  if (!random.chance(0.3)) return [];
  const acts = ['continue', 'continue', 'stop', 'roll-back', 'deploy', 'scale', 'move-tag', 'move-tag'] as const;
  return Array.from({ length: random.whole(1, 3) }, () => ({ at: random.whole(0, 400_000), act: random.pick(acts) }));
}

/** Most worlds have one run; some have two at once, or one again after the other, as somebody would who saw it fail. */
function runsOf(random: Random): readonly RunSpec[] {
  const first = runOf(random, 'run-1', 0);
  const kind = random.pick(['one', 'one', 'again', 'same', 'other'] as const);
  if (kind === 'one') return [first];
  const at = random.pick([1, 500, 1_500, 5_000, 30_000, 120_000]);
  if (kind === 'again') return [first, calm({ ...first, name: 'run-2', at, repeats: first.name })];
  const second = kind === 'same' ? { ...first, name: 'run-2', at } : runOf(random, 'run-2', at);
  const both = [first, { ...second, faults: faultsOf(random, second.waitForMinutes * 60_000) }];
  return random.chance(0.4) ? [...both, calm({ ...first, name: 'run-3', at, repeats: 'run-2' })] : both;
}

/** The same run on a good day, with time enough. */
const calm = (run: RunSpec): RunSpec => ({
  ...run,
  host: 'shell',
  pollSeconds: 30,
  waitUntil: 'completed',
  waitForMinutes: 300,
  ifDeploying: 'wait',
  force: false,
  dryRun: false,
  faults: { ...run.faults, rate: 0, outage: undefined, refused: [], exact: [] },
  expiresAt: undefined,
  signal: undefined,
});

function runOf(random: Random, name: string, at: number): RunSpec {
  // Many are over just when a deployment is, where a look that fails decides.
  const waitForMinutes = random.chance(0.4) ? random.whole(30, 150) / 60 : random.pick([2, 5, 10, 30, 55]);
  return {
    name,
    at,
    repeats: undefined,
    content: random.pick(['new', 'new', 'new', 'newer', 'running']),
    mistake: undefined,
    host: random.pick(['shell', 'codecatalyst', 'github']),
    waitUntil: random.pick(['auto', 'auto', 'none', 'test-traffic', 'traffic-shifted', 'completed', 'completed']),
    waitForMinutes,
    rollbackOn: random.some(['failure', 'timeout', 'interrupt'], 0.4),
    alarms: 'as they are',
    ifDeploying: random.pick(['wait', 'wait', 'wait', 'stop', 'stop', 'fail', 'continue', 'rollback']),
    pollSeconds: random.pick([1, 5, 5, 15, 60]),
    force: random.chance(0.08),
    dryRun: random.chance(0.03),
    preDeploy: random.chance(0.15),
    latency: random.pick([0, 0, 200, 1_500]),
    faults: faultsOf(random, waitForMinutes * 60_000),
    expiresAt: random.chance(0.06) ? random.whole(1_000, 600_000) : undefined,
    signal: random.chance(0.15) ? signalOf(random) : undefined,
  };
}

function signalOf(random: Random): SignalSpec {
  const name = random.pick(['SIGTERM', 'SIGINT', 'SIGKILL'] as const);
  if (random.chance(0.5)) return { name, at: random.whole(100, 200_000), call: undefined };
  const call = random.pick([
    ...['ecs:RegisterTaskDefinition', 'ecs:UpdateService', 'codedeploy:CreateDeployment'],
    ...['codedeploy:StopDeployment', 'ecs:StopServiceDeployment', 'ecs:RunTask'],
  ]);
  return { name, at: random.pick([0, 1, 100, 1_000, 5_000]), call };
}

/** @param deadline milliseconds after the begin of the run */
function faultsOf(random: Random, deadline: number): FaultsSpec {
  const none = { seed: random.whole(0, 1e9), rate: 0, kinds: [], outage: undefined, refused: [], exact: [] };
  if (random.chance(0.3)) return none;
  const kinds = random.chance(0.5) ? [random.pick(faultKinds)] : random.some(faultKinds, 0.4);
  const from = random.chance(0.3) ? Math.max(0, deadline - random.whole(0, 30_000)) : random.whole(0, 240_000);
  return {
    ...none,
    rate: random.pick([0, 0.02, 0.1, 0.3]),
    kinds,
    outage: random.chance(0.3)
      ? { from, to: from + random.pick([3_000, 15_000, 40_000, 120_000]), kind: random.pick<FaultKind>(faultKinds) }
      : undefined,
    exact: random.chance(0.3)
      ? [{ call: random.pick(changes), nth: random.pick([1, 1, 2]), kind: random.pick(faultKinds) }]
      : [],
    refused: random.chance(0.15) ? random.some(optionalCalls, 0.4) : [],
  };
}

/** Where a fault matters most. */
const changes = [
  ...['ecs:RegisterTaskDefinition', 'ecs:UpdateService', 'codedeploy:CreateDeployment', 'ecs:RunTask'],
  ...['codedeploy:StopDeployment', 'ecs:StopServiceDeployment', 'ecs:StopTask'],
];

/** What a role made for the built-in action may lack. */
const optionalCalls = [
  'ecs:DescribeTaskDefinition',
  'ecr:DescribeImages',
  'ecs:ListServiceDeployments',
  'ecs:DescribeServiceDeployments',
  'ecs:DescribeServiceRevisions',
  'ecs:ListTasks',
  'ecs:DescribeTasks',
  'codedeploy:ListDeployments',
  'codedeploy:BatchGetDeploymentTargets',
  'codedeploy:GetDeploymentConfig',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:DescribeTargetGroups',
  'logs:GetLogEvents',
];

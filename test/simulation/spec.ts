/** A simulated world as plain data: everything that chance has decided. */
export interface WorldSpec {
  readonly seed: number;
  readonly controller: 'CODE_DEPLOY' | 'ECS';
  readonly desiredCount: number;
  readonly testListener: boolean;
  readonly codeDeploy: CodeDeploySpec;
  readonly ecs: EcsSpec;
  readonly alarm: AlarmSpec | undefined;
  readonly trouble: TroubleSpec;
  /** How a one-off task before a deployment goes. */
  readonly oneOff: 'works' | 'fails' | 'never-ends' | 'cannot-start' | 'takes-long';
  /** Milliseconds after the begin of the first run. */
  readonly operators: readonly { readonly at: number; readonly act: OperatorAct }[];
  /** Milliseconds by which the clock of the machine is ahead of that of AWS. */
  readonly skew: number;
  /** The wall clock of the machine is set, by so many milliseconds. */
  readonly jump: { readonly at: number; readonly by: number } | undefined;
  readonly runs: readonly RunSpec[];
}

export interface CodeDeploySpec {
  readonly config: string;
  readonly readyWait: number | undefined;
  readonly terminationWait: number | undefined;
  readonly keepBlue: boolean;
  readonly rollbackOn: readonly ('DEPLOYMENT_FAILURE' | 'DEPLOYMENT_STOP_ON_ALARM' | 'DEPLOYMENT_STOP_ON_REQUEST')[];
}

export interface EcsSpec {
  readonly strategy: 'ROLLING' | 'BLUE_GREEN' | 'CANARY' | 'LINEAR';
  readonly bakeMinutes: number;
  readonly stepMinutes: number;
  readonly stepPercent: number;
  readonly breaker: 'none' | 'stops' | 'rolls-back';
  /** A hook that waits for somebody, and after how many minutes it gives up. */
  readonly pause: { readonly stage: 'POST_TEST_TRAFFIC_SHIFT' | 'PRE_SCALE_UP'; readonly minutes: number } | undefined;
}

export interface AlarmSpec {
  /** Whether it ends deployments. */
  readonly isWatched: boolean;
  /** When it goes off, from the first run on; before it, where negative. */
  readonly at: number;
}

export interface TroubleSpec {
  readonly kind:
    | 'none'
    | 'crash'
    | 'crash-later'
    | 'pull'
    | 'unhealthy'
    | 'never-stable'
    | 'slow'
    | 'hook'
    | 'stop'
    | 'replace'
    // AWS does not look whether the new tasks answer: none does, all do later, one does not.
    | 'unanswered'
    | 'answers-late'
    | 'answers-partly';
  readonly at: number;
  readonly rollbackFails: boolean;
}

export type OperatorAct = 'continue' | 'stop' | 'roll-back' | 'deploy' | 'scale' | 'move-tag';

export const contents = ['new', 'newer', 'running'] as const;

/**
 * What is wrong with what a run was told: its container is not the one behind the load balancer, no such memory goes with its CPU, or
 * there is no such service or revision.
 */
export const mistakes = ['container', 'memory', 'service', 'revision'] as const;
export type Mistake = (typeof mistakes)[number];

export interface RunSpec {
  readonly name: string;
  /** When it begins, from the first run on, or from the end of the run that it repeats. */
  readonly at: number;
  /** It begins when this run has ended. */
  readonly repeats: string | undefined;
  /** What it deploys. */
  readonly content: (typeof contents)[number];
  readonly mistake: Mistake | undefined;
  readonly host: 'shell' | 'codecatalyst' | 'github';
  readonly waitUntil: 'auto' | 'none' | 'test-traffic' | 'traffic-shifted' | 'completed';
  readonly waitForMinutes: number;
  readonly rollbackOn: readonly string[];
  /** Which alarms it asks for: those of its service or group, none, or the one that there is. */
  readonly alarms: 'as they are' | 'off' | 'named';
  readonly ifDeploying: 'wait' | 'stop' | 'fail' | 'continue' | 'rollback';
  readonly pollSeconds: number;
  readonly force: boolean;
  readonly dryRun: boolean;
  /** Whether a one-off task has to end well before the deployment. */
  readonly preDeploy: boolean;
  /** Milliseconds that a call takes at most. */
  readonly latency: number;
  readonly faults: FaultsSpec;
  /** Milliseconds after its begin at which its credentials expire. */
  readonly expiresAt: number | undefined;
  readonly signal: SignalSpec | undefined;
}

export interface SignalSpec {
  readonly name: 'SIGTERM' | 'SIGINT' | 'SIGKILL';
  /** Milliseconds after the begin of the run, or after the call. */
  readonly at: number;
  /** The first call of this name begins the time. */
  readonly call: string | undefined;
}

export interface FaultsSpec {
  readonly seed: number;
  /** The share of calls that meet a fault of these kinds. */
  readonly rate: number;
  readonly kinds: readonly FaultKind[];
  /** What a call of this name meets the first, second … time. */
  readonly exact: readonly { readonly call: string; readonly nth: number; readonly kind: FaultKind }[];
  /** A time in which no call goes well, from the begin of the run on. */
  readonly outage: { readonly from: number; readonly to: number; readonly kind: FaultKind } | undefined;
  /** Calls that the role may not make. */
  readonly refused: readonly string[];
}

/** What can go wrong with a call. */
export const faultKinds = [
  'throttle',
  'unavailable',
  'html',
  'reset-before',
  'reset-after',
  'hang-before',
  'hang-after',
  'stalled-body',
  'cut-json',
  'empty-json',
  'stale',
  'missing-fields',
  'late-effect',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** No answer to a stale read is older than this many milliseconds. */
export const stalest = 4_000;
/** The effect of a request whose connection was cut comes at most so many milliseconds later. */
export const latestEffect = 400;

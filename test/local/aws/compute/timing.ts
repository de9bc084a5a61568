/** How long things take on the simulation's clock, in milliseconds, about as long as they take on Fargate. */
export interface Timing {
  /** A task until its image is pulled: network interface and placement. */
  readonly provision: number;
  readonly pull: number;
  /** From RUNNING until the target group calls the target healthy (or unhealthy). */
  readonly healthCheck: number;
  /** From STOPPING or draining to STOPPED. */
  readonly stop: number;
  /** Pause of the scheduler before it replaces a task that stopped. */
  readonly restart: number;
  /** CodeDeploy between creation and its first step, and between steps. */
  readonly queue: number;
  readonly step: number;
  /** A lifecycle hook's Lambda function. */
  readonly hook: number;
  /** A change of a listener. */
  readonly shift: number;
  /** CodeDeploy gives up a replacement task set that does not become healthy (60 minutes in AWS). */
  readonly installTimeout: number;
}

export const fargateTiming: Timing = {
  provision: 9_000,
  pull: 11_000,
  healthCheck: 15_000,
  stop: 12_000,
  restart: 10_000,
  queue: 1_500,
  step: 700,
  hook: 4_000,
  shift: 2_000,
  installTimeout: 60 * 60_000,
};

/** Minutes of a configuration in milliseconds; an absent wait is 0. */
export const minutes = (count: number | undefined): number => (count ?? 0) * 60_000;

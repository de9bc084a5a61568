import type { ServiceEvent } from '../aws/ecs-service';

/** What one poll of a deployment shows under every controller. Times are milliseconds since the epoch. */
export interface Snapshot {
  readonly id: string;
  /** By the clock of AWS, which this machine's may differ from. */
  readonly createdAt: number;
  /** In the words of its controller. */
  readonly status: string;
  readonly blue: TaskCounts | undefined;
  readonly green: TaskCounts | undefined;
  /** What became of the way back, once there is one. */
  readonly rollback: Rollback | undefined;
  /** Why nothing is rolled back, where AWS or its settings tell. */
  readonly rollbackRefused: string | undefined;
  /** Only its end can be seen, not how far it has come: the role may not read it. */
  readonly isBrief: boolean;
  /** An alarm ended it. */
  readonly alarmed: boolean;
  /** A deployment that came after this one and is not its rollback; looked for after a stop. */
  readonly successor: { readonly id: string | undefined } | undefined;
  /** Tasks of the new revision that have stopped by themselves since the start. */
  readonly stopped: readonly StoppedTask[];
  /** Events of the service since the start, oldest first. */
  readonly serviceEvents: readonly ServiceEvent[];
}

/** The tasks of a task set or of a service revision. */
export interface TaskCounts {
  readonly desired: number;
  readonly pending: number;
  readonly running: number;
  /** Percent of the production traffic; undefined where nothing divides it. */
  readonly traffic: number | undefined;
  /** Name of its target group. */
  readonly targetGroup: string | undefined;
}

export interface Rollback {
  /** The deployment that goes back; undefined where the failed one itself does. */
  readonly id: string | undefined;
  /** In the words of CodeDeploy. */
  readonly status: string | undefined;
  readonly error: string | undefined;
}

export interface StoppedTask {
  readonly id: string;
  /** Stop code, reason and exit codes in one line. */
  readonly reason: string;
}

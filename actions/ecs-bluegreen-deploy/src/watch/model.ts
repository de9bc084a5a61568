import type { ServiceEvent } from '../aws/ecs-service';
import type { Plan } from '../plan/plan';
import type { Verdict } from '../plan/serving';
import type { Milestone } from '../plan/wait';

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

/** How the watching of a deployment ended. */
export type End =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'IN_PROGRESS'; readonly reached: Milestone }
  | { readonly status: 'FAILED' | 'STOPPED'; readonly cause: string; readonly rollback: Rollback | undefined }
  | { readonly status: 'ROLLED_BACK'; readonly cause: string; readonly rollback: Rollback }
  | { readonly status: 'SUPERSEDED'; readonly cause: string; readonly by: string | undefined }
  /** Since when nothing was seen of it, where AWS did not answer at the deadline; nothing may be stopped then. */
  | { readonly status: 'TIMED_OUT'; readonly unseenSince: number | undefined };

/** Something that is worth telling. */
export type DeploymentEvent =
  | { readonly type: 'status'; readonly status: string }
  | {
      readonly type: 'lifecycle';
      readonly name: string;
      readonly status: string;
      /** Milliseconds that it took, once it is over. */
      readonly took: number | undefined;
    }
  | { readonly type: 'tasks'; readonly blue: TaskCounts | undefined; readonly green: TaskCounts | undefined }
  | { readonly type: 'traffic'; readonly blue: number; readonly green: number }
  | { readonly type: 'ready' }
  | { readonly type: 'termination-wait' }
  | { readonly type: 'pause'; readonly stage: string; readonly hook: string; readonly otherwise: string | undefined }
  | { readonly type: 'stopped-tasks'; readonly count: number; readonly reason: string }
  | { readonly type: 'service'; readonly message: string; readonly count: number }
  | { readonly type: 'failed'; readonly status: string; readonly cause: string }
  | { readonly type: 'rollback'; readonly id: string | undefined; readonly status: string | undefined }
  | { readonly type: 'heartbeat'; readonly doing: string | undefined }
  | { readonly type: 'end'; readonly end: End };

/** What is known of the deployment that is watched. Times are milliseconds since the epoch. */
export interface WatchState<S extends Snapshot = Snapshot> {
  readonly id: string;
  /** By the clock of AWS; 0 where that is unknown. */
  readonly createdAt: number;
  readonly until: Milestone;
  readonly deadline: number;
  readonly reached: Milestone;
  readonly last: S | undefined;
  /** It is to be read before what was reached counts: its watching was taken up again, and it may have gone back meanwhile. */
  readonly isOutdated: boolean;
  /** Why it did not succeed, as first seen; a rollback that follows changes nothing about it. */
  readonly cause: string | undefined;
  /** When it was first seen that it is decided, and how often it was polled since. */
  readonly closing: { readonly since: number; readonly polls: number } | undefined;
  /** A rollback was asked for when it was stopped. */
  readonly rollbackAsked: boolean;
  /** Stopped tasks that have been reported. */
  readonly stoppedReported: number;
  /** When it was last seen with all that its end depends on; at first, when the watching began. */
  readonly seenAt: number;
  /** When something was last reported. */
  readonly lastReportedAt: number;
  readonly end: End | undefined;
}

/** What happened during a run, as it is kept for its report. */
export interface RunStep {
  readonly at: number;
  readonly events: readonly DeploymentEvent[];
}

/** A deployment that has begun: a new one, or one of an earlier run. */
export interface StartedDeployment {
  readonly id: string;
  /** Milliseconds since the epoch, by the clock of AWS where that was told; 0 where it is unknown. */
  readonly createdAt: number;
  /** An earlier run has begun it. */
  readonly adopted: boolean;
  /** AWS named it when it was begun, but does not show it: it may be over already. */
  readonly isUnseen?: boolean;
}

/** What came of a plan, as far as it got. Filled in while it is carried out, and reported at its end. */
export interface DeploymentRun {
  plan: Plan;
  readonly startedAt: number;
  readonly deadline: number;
  /** The revision that is deployed, once it is known. */
  arn: string | undefined;
  /** The one-off task before the deployment. */
  task: { readonly arn: string } | undefined;
  deployment: (Pick<StartedDeployment, 'id' | 'createdAt'> & Partial<StartedDeployment>) | undefined;
  /** It is an earlier run's, and its wait for somebody is to be continued, once. */
  continues: boolean;
  state: WatchState | undefined;
  readonly steps: RunStep[];
  /** Why no rollback was asked for although one was wanted. */
  notRolledBack: string | undefined;
  /** Whether the new tasks answer, as last seen; undefined before a success. */
  serves: Verdict['serves'] | undefined;
  /** Why tasks of it have stopped, each, as found out about a failure. */
  stopped: readonly string[];
  /** What was found out about a failure. */
  readonly diagnostics: Section[];
}

/** A part of the diagnostics. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** How a run ended: as its deployment did, or without one. */
export type RunEnd =
  | End
  | { readonly status: 'UNCHANGED' }
  | { readonly status: 'TASK_FAILED'; readonly cause: string }
  /** AWS calls it a success, or is about to (`isOver`), but none of the new tasks answers. */
  | { readonly status: 'UNHEALTHY'; readonly cause: string; readonly isOver: boolean };

export const newRun = (plan: Plan, now: number): DeploymentRun => ({
  plan,
  startedAt: now,
  deadline: now + plan.request.waitFor,
  arn: undefined,
  task: undefined,
  deployment: undefined,
  continues: false,
  state: undefined,
  steps: [],
  notRolledBack: undefined,
  serves: undefined,
  stopped: [],
  diagnostics: [],
});

/** What a reader needs to continue with a deployment by hand. */
export interface Hints {
  readonly id: string;
  readonly region: string;
  /** Minutes for which the old tasks stay. */
  readonly terminationWait: number;
}

/** What the lines about a deployment need to know of it. */
export const hintsOf = ({ deployment, plan }: DeploymentRun): Hints => ({
  id: deployment?.id ?? '',
  region: plan.request.region,
  terminationWait: plan.traffic.terminationWait,
});

import type { Plan } from '../plan/plan';
import type { Verdict } from '../plan/serving';
import type { End } from './events';
import type { RunStep } from './run-steps';
import type { WatchState } from './watch-state';

/** What came of a plan, as far as it got. Filled in while it is carried out, and told at its end. */
export interface DeploymentRun {
  plan: Plan;
  readonly startedAt: number;
  readonly deadline: number;
  /** The revision that is deployed, once it is known. */
  arn: string | undefined;
  /** The one-off task before the deployment. */
  task: { readonly arn: string } | undefined;
  deployment: { readonly id: string; readonly createdAt: number } | undefined;
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

/** What a reader needs to go on with a deployment by hand. */
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

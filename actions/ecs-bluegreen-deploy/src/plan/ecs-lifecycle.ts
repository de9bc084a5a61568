/** The order and the finality of everything that a service deployment goes through, in one place. */

/** Lifecycle stages in the order in which ECS goes through them; a rolling deployment shows none. */
export const stages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  // In the documentation of lifecycleStage, not in its enumeration.
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
] as const;
export type Stage = (typeof stages)[number];

/** Position of a stage; no stage, and what ECS may add one day, comes before all. */
export const positionOf = (stage: string | undefined): number => (stages as readonly string[]).indexOf(stage ?? '');

/** Statuses that a service deployment never leaves. */
export const finalStatuses = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'] as const;

/** Statuses of one that is on its way, stage by stage. */
export const advancingStatuses = ['PENDING', 'IN_PROGRESS'] as const;

/** Statuses of one that is on its way back, or about to be. */
export const returningStatuses = ['STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'] as const;

const among = (statuses: readonly string[]) => (status: string) => statuses.includes(status);

export const isFinal = among(finalStatuses);
export const isAdvancing = among(advancingStatuses);

/** Whether it is decided how a deployment ends: it has ended, or it goes back. */
export const isDecided = among([...finalStatuses, ...returningStatuses]);

import type { ServiceDeploymentLifecycleStage, ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import type { Milestone } from './wait';

/** In the documentation of lifecycleStage, not in its enumeration. */
type Undeclared = 'PRE_PRODUCTION_TRAFFIC_SHIFT';

/**
 * The lifecycle stages of a service deployment in the order in which ECS goes through them, with what is reached in
 * each. The traffic counts as moved when the hooks that look at it afterwards have passed. A rolling deployment shows no
 * stages.
 */
const reachedIn: Readonly<Record<ServiceDeploymentLifecycleStage | Undeclared, Milestone>> = {
  RECONCILE_SERVICE: 'none',
  PRE_SCALE_UP: 'none',
  SCALE_UP: 'none',
  POST_SCALE_UP: 'none',
  TEST_TRAFFIC_SHIFT: 'none',
  POST_TEST_TRAFFIC_SHIFT: 'test-traffic',
  PRE_PRODUCTION_TRAFFIC_SHIFT: 'test-traffic',
  PRODUCTION_TRAFFIC_SHIFT: 'test-traffic',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'test-traffic',
  BAKE_TIME: 'traffic-shifted',
  CLEAN_UP: 'traffic-shifted',
};

export type Stage = keyof typeof reachedIn;

/** The names of the stages, in their order. */
export const stages = Object.keys(reachedIn) as readonly Stage[];

/** Position of a stage; no stage, and what ECS may add one day, comes before all. */
export const positionOf = (stage: string | undefined): number => (stages as readonly string[]).indexOf(stage ?? '');

/** What a service deployment has reached that is in this stage. */
export const milestoneIn = (stage: string | undefined): Milestone => {
  const known = stages[positionOf(stage)];
  return known === undefined ? 'none' : reachedIn[known];
};

/** Each status: the deployment advances stage by stage, goes back (or is about to), or has ended in one way. */
const phases: Readonly<
  Record<ServiceDeploymentStatus, 'advances' | 'returns' | 'SUCCEEDED' | 'STOPPED' | 'ROLLED_BACK' | 'FAILED'>
> = {
  PENDING: 'advances',
  IN_PROGRESS: 'advances',
  STOP_REQUESTED: 'returns',
  ROLLBACK_REQUESTED: 'returns',
  ROLLBACK_IN_PROGRESS: 'returns',
  SUCCESSFUL: 'SUCCEEDED',
  STOPPED: 'STOPPED',
  ROLLBACK_SUCCESSFUL: 'ROLLED_BACK',
  ROLLBACK_FAILED: 'FAILED',
};

const phaseOf = (status: string) =>
  Object.hasOwn(phases, status) ? phases[status as ServiceDeploymentStatus] : undefined;

/** How a service deployment in this status has ended; undefined while it is active, and for a status that is not known. */
export function ecsEnd(status: string) {
  const phase = phaseOf(status);
  return phase === 'advances' || phase === 'returns' ? undefined : phase;
}

const inPhase = (is: (status: ServiceDeploymentStatus) => boolean) =>
  (Object.keys(phases) as ServiceDeploymentStatus[]).filter(is);

/** Statuses that a service deployment never leaves. */
export const finalStatuses = inPhase((status) => ecsEnd(status) !== undefined);

/** Statuses of one that is on its way, stage by stage. */
export const advancingStatuses = inPhase((status) => phases[status] === 'advances');

/** Statuses of one that is on its way back, or about to be. */
export const returningStatuses = inPhase((status) => phases[status] === 'returns');

/** Statuses of one that has not ended. */
export const activeStatuses = inPhase((status) => ecsEnd(status) === undefined);

export const isFinal = (status: string): boolean => ecsEnd(status) !== undefined;
export const isAdvancing = (status: string): boolean => phaseOf(status) === 'advances';

/** Whether it is decided how a deployment ends: it has ended, or it goes back. */
export const isDecided = (status: string): boolean => isFinal(status) || phaseOf(status) === 'returns';

/** A service deployment and the deployment of the service that belongs to it may be created so far apart. Milliseconds. */
export const createdApart = 10_000;

/** Whether it is the id of a service deployment; those of the service's deployments are not ARNs. */
export const isArn = (id: string): boolean => id.startsWith('arn:');

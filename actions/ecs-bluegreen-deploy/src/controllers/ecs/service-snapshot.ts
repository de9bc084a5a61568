import type { DeploymentLifecycleHookDetail, ServiceDeployment, ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import { unknownTime } from '../../plan/current-state';
import { isAdvancing } from '../../plan/ecs-lifecycle';
import { asClause, oneLine, oneName, shortId } from '../../text';
import type { Rollback, Snapshot, TaskCounts } from '../../watch/model';

/** What one poll of a service deployment shows. Times are milliseconds since the epoch. */
export interface ServiceSnapshot extends Snapshot {
  /** `PENDING`, `IN_PROGRESS`, `STOP_REQUESTED`, `ROLLBACK_…`, or a final one. */
  readonly status: string;
  /** Why it has this status, where ECS says so. */
  readonly reason: string | undefined;
  /** Undefined for a rolling deployment. On the way back it means nothing. */
  readonly stage: string | undefined;
  /** When this stage was first seen, by the clock of this machine. */
  readonly stageSince: number;
  readonly hooks: readonly HookSnapshot[];
  /** The circuit breaker has tripped, after this many failed tasks. */
  readonly breaker: { readonly failures: number } | undefined;
  /** Whether the load balancer finds all new tasks healthy; read where no stage shows that the traffic has moved. */
  readonly targetsHealthy: boolean | undefined;
  /** Alarms that went off. */
  readonly alarms: readonly string[];
}

export interface HookSnapshot {
  readonly id: string;
  /** The Lambda function's name, or PAUSE. */
  readonly target: string;
  readonly status: string;
  readonly expiresAt: number | undefined;
  /** What ECS does when nobody continues it in time. */
  readonly timeoutAction: string | undefined;
}

/** What is known besides the answer of AWS. */
export interface Context {
  readonly last: ServiceSnapshot | undefined;
  readonly now: number;
  /** Names of the target groups of blue and green. */
  readonly targetGroups: { readonly blue: string | undefined; readonly green: string | undefined };
}

/** A service has few of each; ECS takes 10 alarms. */
const mostHooks = 50;
const mostAlarms = 50;

/** Reads a service deployment as DescribeServiceDeployments answers it. */
export function snapshotOf(deployment: ServiceDeployment, { last, now, targetGroups }: Context): ServiceSnapshot {
  const { status = 'PENDING', lifecycleStage: stage, alarms, deploymentCircuitBreaker: breaker } = deployment;
  const { sourceServiceRevisions: sources = [], targetServiceRevision: target } = deployment;
  const tripped = breaker?.status === 'TRIGGERED';
  const alarmed = alarms?.status === 'TRIGGERED';
  return {
    id: deployment.serviceDeploymentArn ?? '',
    createdAt: deployment.createdAt?.getTime() ?? last?.createdAt ?? unknownTime,
    status,
    reason: asClause(oneLine(reasonOf(deployment))) || undefined,
    stage,
    stageSince: last && last.stage === stage ? last.stageSince : now,
    hooks: hooksIn(deployment),
    breaker: tripped ? { failures: breaker.failureCount ?? 0 } : undefined,
    isBrief: false,
    targetsHealthy: undefined,
    alarmed,
    alarms: alarmed ? (alarms.triggeredAlarmNames ?? []).slice(0, mostAlarms).map(oneName) : [],
    blue: tasksOf(sources, targetGroups.blue),
    green: tasksOf(target ? [target] : [], targetGroups.green),
    rollback: rollbackOf(status, asClause(oneLine(deployment.statusReason)) || undefined),
    rollbackRefused: refusal(status, deployment),
    successor: undefined,
    stopped: [],
    serviceEvents: [],
  };
}

/** Where the rollback failed too, the reason of the status is that of the rollback. */
const reasonOf = ({ status, statusReason, rollback }: ServiceDeployment) =>
  status === 'ROLLBACK_FAILED' ? rollback?.reason : (statusReason ?? rollback?.reason);

/** Linear deployments run some before each step, of which there may be 33: those that are done and passed say nothing. */
const hooksIn = ({ lifecycleHookDetails: hooks = [] }: ServiceDeployment) =>
  hooks
    .filter(({ status }) => status !== 'SUCCEEDED')
    .slice(0, mostHooks)
    .map(hookSnapshot);

const hookSnapshot = (detail: DeploymentLifecycleHookDetail): HookSnapshot => ({
  id: detail.hookId ?? '',
  target: detail.targetType === 'PAUSE' ? 'PAUSE' : oneName(shortName(detail.targetArn)),
  status: detail.status ?? '',
  expiresAt: detail.expiresAt?.getTime(),
  timeoutAction: detail.timeoutAction,
});

const shortName = (arn = 'Lambda') => arn.replace(/^.*:function:/, '');

/** Several old revisions count as one. A number that ECS leaves out is not 0: then none is known. */
function tasksOf(
  revisions: readonly ServiceRevisionSummary[],
  targetGroup: string | undefined,
): TaskCounts | undefined {
  const isCounted = revisions.every(
    (one) => one.requestedTaskCount !== undefined && one.runningTaskCount !== undefined,
  );
  if (revisions.length === 0 || !isCounted) return undefined;
  const sum = (of: (revision: ServiceRevisionSummary) => number | undefined) =>
    revisions.reduce((total, revision) => total + (of(revision) ?? 0), 0);
  const isDivided = revisions.some(({ requestedProductionTrafficWeight: weight }) => weight !== undefined);
  return {
    desired: sum(({ requestedTaskCount }) => requestedTaskCount),
    pending: sum(({ pendingTaskCount }) => pendingTaskCount),
    running: sum(({ runningTaskCount }) => runningTaskCount),
    traffic: isDivided
      ? Math.round(sum(({ requestedProductionTrafficWeight }) => requestedProductionTrafficWeight) * 10) / 10
      : undefined,
    targetGroup,
  };
}

/** A service deployment goes back by itself; another one is not made for it. */
export function rollbackOf(status: string, reason: string | undefined): Rollback | undefined {
  const [state, error] = {
    ROLLBACK_REQUESTED: ['InProgress', undefined],
    ROLLBACK_IN_PROGRESS: ['InProgress', undefined],
    ROLLBACK_SUCCESSFUL: ['Succeeded', undefined],
    ROLLBACK_FAILED: ['Failed', reason],
  }[status] ?? [undefined, undefined];
  return state === undefined ? undefined : { id: undefined, status: state, error };
}

function refusal(status: string, { deploymentConfiguration = {} }: ServiceDeployment): string | undefined {
  if (status !== 'STOPPED') return undefined;
  const { deploymentCircuitBreaker: breaker } = deploymentConfiguration;
  return breaker?.enable && !breaker.rollback ? 'the circuit breaker of the service does not roll back' : undefined;
}

/** Whether all tasks of a deployment without stages are there, and none of the old ones. */
export const onlyNewRun = ({ stage, blue, green }: ServiceSnapshot): boolean =>
  stage === undefined &&
  green !== undefined &&
  green.desired > 0 &&
  green.running >= green.desired &&
  blue?.running === 0;

/** The hook that waits for somebody. */
export const pausedAt = ({ status, hooks }: ServiceSnapshot): HookSnapshot | undefined =>
  isAdvancing(status) ? hooks.find((hook) => hook.status === 'AWAITING_ACTION') : undefined;

/** Name of a target group from its ARN. */
export const targetGroupName = (arn: string | undefined): string | undefined =>
  arn === undefined ? undefined : (/targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? shortId(arn));

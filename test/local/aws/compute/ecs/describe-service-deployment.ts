import type {
  ServiceDeployment,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentRollbackMonitorsStatus,
  ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';
import type { World } from '../world';
import { pendingCount, runningCount } from './fleets';
import { isOver, type RevisionInDeployment, type ServiceDeploymentRecord } from './record';
import { thresholdOf } from './service-deployment-end';

/** A service deployment as DescribeServiceDeployments answers it. */
export function toServiceDeployment(world: World, record: ServiceDeploymentRecord): ServiceDeployment {
  const { source, target, configuration } = record;
  const isRolling = (configuration.strategy ?? 'ROLLING') === 'ROLLING';
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: record.service.arn,
    clusterArn: record.service.cluster.arn,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    stoppedAt: record.stoppedAt,
    updatedAt: record.updatedAt,
    sourceServiceRevisions: source ? [toSummary(world, source, isRolling)] : [],
    targetServiceRevision: toSummary(world, target, isRolling),
    status: record.status,
    statusReason: record.statusReason,
    lifecycleStage: record.stage as ServiceDeploymentLifecycleStage | undefined,
    lifecycleHookDetails: [...record.hooks],
    deploymentConfiguration: configuration,
    rollback: record.rollback,
    deploymentCircuitBreaker: {
      status: monitorStatus(record, configuration.deploymentCircuitBreaker?.enable, record.breakerTriggered),
      failureCount: target.fleet.failedTasks,
      threshold: thresholdOf(record),
    },
    alarms: {
      status: monitorStatus(record, configuration.alarms?.enable, record.triggeredAlarms.length > 0),
      alarmNames: configuration.alarms?.alarmNames,
      triggeredAlarmNames: record.triggeredAlarms,
    },
  };
}

function monitorStatus(
  record: ServiceDeploymentRecord,
  enabled: boolean | undefined,
  triggered: boolean,
): ServiceDeploymentRollbackMonitorsStatus {
  if (!enabled) return 'DISABLED';
  if (triggered) return 'TRIGGERED';
  return isOver(record) ? 'MONITORING_COMPLETE' : 'MONITORING';
}

const toSummary = (
  world: World,
  { revision, fleet, ...weights }: RevisionInDeployment,
  isRolling: boolean,
): ServiceRevisionSummary => ({
  arn: revision.serviceRevisionArn,
  requestedTaskCount: fleet.desiredCount,
  runningTaskCount: runningCount(world, fleet),
  pendingTaskCount: pendingCount(world, fleet),
  ...(isRolling
    ? {}
    : { requestedTestTrafficWeight: weights.testWeight, requestedProductionTrafficWeight: weights.productionWeight }),
});

import type { ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import { Course } from '../course';
import { shiftTraffic } from '../elb-traffic';
import { dateOf, type World } from '../world';
import { addEvent } from './events';
import { drainFleet, isSteady } from './fleets';
import { isOver, type ServiceDeploymentRecord } from './record';

/** Why a service deployment fails, and whether it goes back. */
interface Failure {
  readonly reason: string;
  readonly rollback: boolean;
  /** `rolloutStateReason` of the deployment that failed. */
  readonly rolloutReason: string;
}

/** Records a status and says so. */
export function setDeploymentStatus(
  world: World,
  record: ServiceDeploymentRecord,
  status: ServiceDeploymentStatus,
): void {
  record.status = status;
  record.updatedAt = dateOf(world);
  world.emit({ type: 'deployment', at: world.clock.now(), id: record.arn, status });
}

/** The deployment has done what was asked: what ran before is drained, and the new revision has proven itself. */
export function succeed(world: World, record: ServiceDeploymentRecord): void {
  const { service, target } = record;
  for (const fleet of service.fleets.filter((one) => one !== target.fleet)) drainFleet(world, fleet);
  target.fleet.rollout = { state: 'COMPLETED', reason: `ECS deployment ${target.fleet.id} completed.` };
  target.fleet.replacement = false;
  target.productionWeight = 100;
  record.finishedAt = dateOf(world);
  setDeploymentStatus(world, record, 'SUCCESSFUL');
  addEvent(world, service, `(deployment ${target.fleet.id}) deployment completed.`);
}

/** The circuit breaker and the alarms look at a service deployment until it is over. */
export function watchForFailure(world: World, record: ServiceDeploymentRecord): void {
  const watch = new Course(world);
  void watch.run(async () => {
    await watch.until(() => record.status !== 'IN_PROGRESS' || failureOf(world, record) !== undefined);
    if (record.status !== 'IN_PROGRESS') return;
    const failure = failureOf(world, record);
    if (failure) fail(world, record, failure);
  });
}

function failureOf(world: World, record: ServiceDeploymentRecord): Failure | undefined {
  return breakerFailure(record) ?? alarmFailure(world, record);
}

function breakerFailure(record: ServiceDeploymentRecord): Failure | undefined {
  const breaker = record.configuration.deploymentCircuitBreaker;
  if (!breaker?.enable || record.target.fleet.failedTasks < thresholdOf(record)) return undefined;
  record.breakerTriggered = true;
  return {
    reason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    rollback: breaker.rollback === true,
    rolloutReason: 'ECS deployment circuit breaker: tasks failed to start.',
  };
}

/** Half of the desired tasks, at least 3 and at most 200, unless the service says otherwise. */
export function thresholdOf({ configuration, target }: ServiceDeploymentRecord): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((target.fleet.desiredCount * value) / 100);
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(200, Math.max(3, share));
}

function alarmFailure(world: World, record: ServiceDeploymentRecord): Failure | undefined {
  const { alarms } = record.configuration;
  if (!alarms?.enable) return undefined;
  const on = (alarms.alarmNames ?? []).filter((name) => world.state.alarms.get(name)?.state === 'ALARM');
  if (on.length === 0) return undefined;
  record.triggeredAlarms = on;
  return {
    reason: 'Service deployment rolled back because alarms were triggered.',
    rollback: alarms.rollback === true,
    rolloutReason: 'ECS deployment alarm detection: alarm(s) triggered.',
  };
}

/** Ends a service deployment that failed: it goes back to what ran before, or stops where it is. */
export function fail(world: World, record: ServiceDeploymentRecord, failure: Failure): void {
  if (isOver(record) || record.rollback) return;
  record.course.interrupt();
  record.statusReason = failure.rollback ? failure.reason : failure.rolloutReason;
  const { source, target } = record;
  target.fleet.rollout = { state: 'FAILED', reason: failure.rolloutReason };
  world.changes.notify();
  addEvent(world, record.service, `(deployment ${target.fleet.id}) deployment failed: ${failure.rolloutReason}`);
  if (!failure.rollback || !source) {
    stop(world, record);
    return;
  }
  const serviceRevisionArn = source.revision.serviceRevisionArn;
  record.rollback = { reason: failure.reason, startedAt: dateOf(world), serviceRevisionArn };
  setDeploymentStatus(world, record, 'ROLLBACK_REQUESTED');
  record.course = new Course(world);
  void record.course.run(() => rollBack(world, record));
}

/** Stops where it is; nothing is put back. */
export function stop(world: World, record: ServiceDeploymentRecord): void {
  record.course.interrupt();
  record.stoppedAt = dateOf(world);
  record.finishedAt = dateOf(world);
  setDeploymentStatus(world, record, 'STOPPED');
}

async function rollBack(world: World, record: ServiceDeploymentRecord): Promise<void> {
  const { course, source, target, service } = record;
  await course.wait(world.timing.queue);
  setDeploymentStatus(world, record, 'ROLLBACK_IN_PROGRESS');
  await course.wait(world.timing.shift);
  if (!source || world.scenario.rollbackFails) return rollbackFailed(world, record);
  source.fleet.status = 'PRIMARY';
  const by = record.breakerTriggered ? 'circuit breaker' : 'rollback';
  const reason = `ECS deployment ${by}: rolling back to deploymentId ${source.fleet.id}.`;
  source.fleet.rollout = { state: 'IN_PROGRESS', reason };
  addEvent(world, service, `rolling back to (deployment ${source.fleet.id}).`);
  route(world, record, 0, 0);
  target.fleet.status = 'ACTIVE';
  drainFleet(world, target.fleet);
  await course.until(() => isSteady(world, source.fleet) && target.fleet.status === 'INACTIVE');
  source.fleet.rollout = { state: 'COMPLETED', reason: `ECS deployment ${source.fleet.id} completed.` };
  record.finishedAt = dateOf(world);
  setDeploymentStatus(world, record, 'ROLLBACK_SUCCESSFUL');
}

function rollbackFailed(world: World, record: ServiceDeploymentRecord): void {
  const { rollbackFails } = world.scenario;
  record.statusReason = typeof rollbackFails === 'string' ? rollbackFails : 'Service deployment rollback failed.';
  record.finishedAt = dateOf(world);
  setDeploymentStatus(world, record, 'ROLLBACK_FAILED');
}

/** Sends so many percent of production and test traffic to green, and the rest to blue. */
export function route(world: World, record: ServiceDeploymentRecord, production: number, test: number): void {
  const { source, target, service } = record;
  Object.assign(target, { productionWeight: production, testWeight: test });
  if (source) Object.assign(source, { productionWeight: 100 - production, testWeight: 100 - test });
  record.updatedAt = dateOf(world);
  const [blue, green] = [source?.fleet.targetGroupArn, target.fleet.targetGroupArn];
  const { productionListenerRule, testListenerRule } = service.loadBalancers[0]?.advancedConfiguration ?? {};
  if (!blue || !green || blue === green) return;
  const forwards = (weight: number) => [
    { targetGroupArn: blue, weight: 100 - weight },
    { targetGroupArn: green, weight },
  ];
  if (productionListenerRule) shiftTraffic(world, productionListenerRule, forwards(production));
  if (testListenerRule) shiftTraffic(world, testListenerRule, forwards(test));
}

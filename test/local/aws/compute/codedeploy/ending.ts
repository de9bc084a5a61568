import type { AutoRollbackEvent, DeploymentStatus, ErrorInformation } from '@aws-sdk/client-codedeploy';
import { drainFleet } from '../ecs/fleets';
import { shiftTraffic } from '../elb-traffic';
import { dateOf, type World } from '../world';
import { readAppSpec } from './appspec';
import { addDeployment, revisionOf } from './create';
import { type DeploymentRecord, isFinal } from './record';
import { productionListener, testListener } from './routes';

/** Why a deployment ends without success. */
export interface Ending {
  readonly status: 'Failed' | 'Stopped';
  readonly error: ErrorInformation;
  /** The event that a group may have chosen to roll back on. */
  readonly trigger: AutoRollbackEvent;
  /** The request that stopped the deployment says whether to roll back. */
  readonly rollback?: boolean | undefined;
}

/** How an alarm ends a deployment, in CodeDeploy's words. */
export const byAlarm = (name: string): Ending => ({
  status: 'Stopped',
  trigger: 'DEPLOYMENT_STOP_ON_ALARM',
  error: {
    code: 'ALARM_ACTIVE',
    message:
      'One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the ' +
      `affected deployments have been stopped. Activated alarms: <${name}>`,
  },
});

/** How a caller of StopDeployment ends one. */
export const byHand = (rollback: boolean | undefined): Ending => ({
  status: 'Stopped',
  trigger: 'DEPLOYMENT_STOP_ON_REQUEST',
  rollback,
  error: { code: 'MANUAL_STOP', message: 'The deployment was stopped by a user' },
});

/** Records a status and says so. */
export function setStatus(world: World, deployment: DeploymentRecord, status: DeploymentStatus): void {
  deployment.status = status;
  deployment.updatedAt = dateOf(world);
  const { id: deploymentId, createTime, completeTime: endTime, group } = deployment;
  group.lastAttemptedDeployment = { deploymentId, status, createTime, endTime };
  if (status === 'Succeeded') group.lastSuccessfulDeployment = group.lastAttemptedDeployment;
  world.emit({ type: 'deployment', at: world.clock.now(), id: deployment.id, status });
}

/** Ends a deployment at once and, where that is configured, starts the deployment that rolls it back. */
export function endDeployment(world: World, deployment: DeploymentRecord, ending: Ending): void {
  if (isFinal(deployment.status)) return;
  deployment.course.interrupt();
  deployment.awaiting = undefined;
  for (const event of deployment.events) {
    if (event.status === 'InProgress') event.endTime = dateOf(world);
    if (event.status === 'InProgress' || event.status === 'Pending') event.status = 'Skipped';
  }
  deployment.error = ending.error;
  deployment.completeTime = dateOf(world);
  setStatus(world, deployment, ending.status);
  if (shouldRollBack(deployment, ending)) rollBack(world, deployment);
}

/** Nothing rolls back once blue is being terminated: the new task set is all that there is. */
function shouldRollBack({ autoRollback, creator, blue }: DeploymentRecord, ending: Ending): boolean {
  if (creator === 'codeDeployRollback') return false;
  if (blue?.status === 'DRAINING' || blue?.status === 'INACTIVE') return false;
  if (ending.rollback !== undefined) return ending.rollback;
  return autoRollback.enabled === true && (autoRollback.events ?? []).includes(ending.trigger);
}

function rollBack(world: World, failed: DeploymentRecord): void {
  const { group, service, blue, green } = failed;
  const before = blue ?? service.fleets.find((fleet) => fleet.status === 'PRIMARY');
  const revision = failed.previousRevision ?? revisionOf(service, before?.definition.taskDefinitionArn ?? '');
  const rollback = addDeployment(world, group, {
    config: failed.config,
    revision,
    appSpec: readAppSpec(revision.appSpecContent?.content ?? ''),
    description: undefined,
    autoRollback: undefined,
    overrideAlarms: undefined,
    creator: 'codeDeployRollback',
  });
  Object.assign(rollback, { blue: before, green });
  const rollbackMessage = `Deployment ${failed.id} did not succeed; deployment ${rollback.id} rolls it back`;
  failed.rollbackInfo = { rollbackDeploymentId: rollback.id, rollbackMessage };
  rollback.rollbackInfo = { rollbackTriggeringDeploymentId: failed.id, rollbackMessage };
  void rollback.course.run(() => runRollback(world, rollback));
}

/** A rollback starts no tasks: blue still runs. The traffic goes back to it and green is terminated. */
async function runRollback(world: World, rollback: DeploymentRecord): Promise<void> {
  const { course, events } = rollback;
  await course.wait(world.timing.queue);
  rollback.startTime = dateOf(world);
  setStatus(world, rollback, 'InProgress');
  for (const event of events) event.status = event.name === 'AllowTraffic' ? 'InProgress' : 'Skipped';
  const shift = events.find((event) => event.name === 'AllowTraffic');
  if (shift) shift.startTime = dateOf(world);
  await course.wait(world.timing.shift);
  if (world.scenario.rollbackFails) {
    if (shift) Object.assign(shift, { status: 'Failed', endTime: dateOf(world) });
    return endDeployment(world, rollback, rollbackFailure(world));
  }
  restoreTraffic(world, rollback);
  if (shift) Object.assign(shift, { status: 'Succeeded', endTime: dateOf(world) });
  if (rollback.green) drainFleet(world, rollback.green);
  await course.wait(world.timing.step);
  rollback.completeTime = dateOf(world);
  setStatus(world, rollback, 'Succeeded');
}

function restoreTraffic(world: World, { blue, green, group }: DeploymentRecord): void {
  if (blue) blue.status = 'PRIMARY';
  if (green?.status === 'PRIMARY') green.status = 'ACTIVE';
  const targetGroupArn = blue?.targetGroupArn;
  const other = green?.targetGroupArn;
  if (!targetGroupArn) return;
  const forwards = [{ targetGroupArn, weight: 100 }, ...(other ? [{ targetGroupArn: other, weight: 0 }] : [])];
  shiftTraffic(world, productionListener({ group }), forwards);
  const test = testListener({ group });
  if (test) shiftTraffic(world, test, [{ targetGroupArn, weight: 100 }]);
}

function rollbackFailure(world: World): Ending {
  const { rollbackFails } = world.scenario;
  const given = typeof rollbackFails === 'string' ? rollbackFails : undefined;
  const message =
    given ?? 'The ECS service cannot be updated due to an unexpected error. Check your ECS service status.';
  return { status: 'Failed', trigger: 'DEPLOYMENT_FAILURE', error: { code: 'ECS_UPDATE_ERROR', message } };
}

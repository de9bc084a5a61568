import { ActionError, type ExitStatus, exitStatus } from '../../../../shared/errors';
import type { Outcome } from '../../../../shared/host/run-action';
import type { definition, Outputs } from '../definition';
import { formatMinutes } from '../plan/traffic';
import { countEqual, shortId } from '../text';
import type { Delivery, DeliveryEnd } from '../watch/deployment-run';
import type { End } from '../watch/end';
import type { RollbackSeen } from '../watch/snapshot';
import type { State } from '../watch/watch-state';
import { deploymentUrl, serviceUrl, stopCommand } from './links';

/** The words of the output `deployment-status`. */
export type DeploymentStatus = DeliveryEnd['status'];

/** Exit statuses by `deployment-status`. */
export const exitOf: Readonly<Record<DeploymentStatus, ExitStatus>> = {
  SUCCEEDED: exitStatus.done,
  UNCHANGED: exitStatus.done,
  IN_PROGRESS: exitStatus.done,
  FAILED: exitStatus.failed,
  STOPPED: exitStatus.failed,
  ROLLED_BACK: exitStatus.rolledBack,
  TIMED_OUT: exitStatus.timedOut,
  SUPERSEDED: exitStatus.superseded,
};

/** How a delivery is told to the host. Pure. */
export function outcomeOf(
  delivery: Delivery,
  end: DeliveryEnd,
  report: string | undefined,
): Outcome<typeof definition> {
  const outputs = { ...outputsOf(delivery, report), 'deployment-status': end.status };
  const exit = exitOf[end.status];
  if (exit !== exitStatus.done) return { outputs, failure: new ActionError(failureText(delivery, end), { exit }) };
  return { outputs, summary: successText(delivery, end) };
}

/** The outputs as far as they are known. */
export function outputsOf({ plan, arn, deployment }: Delivery, report: string | undefined): Outputs {
  const { request } = plan;
  return {
    cluster: request.cluster,
    service: request.service,
    region: request.region,
    'deployment-platform': 'AWS:ECS',
    'deployment-url': serviceUrl(request),
    ...(arn !== undefined && { 'task-definition-arn': arn }),
    ...(plan.previous !== undefined && { 'previous-task-definition-arn': plan.previous }),
    ...(deployment && { 'deployment-id': deployment.id }),
    ...(report !== undefined && { report }),
  };
}

/** `family:revision` of an ARN. */
export const revisionName = (arn: string): string => arn.replace(/^.*\//, '');

/** What was done, in one line. Pure. */
export function successText({ plan, arn, deployment }: Delivery, end: DeliveryEnd): string {
  const what = revisionName(arn ?? '');
  const service = plan.request.service;
  if (end.status === 'UNCHANGED') return `Service ${service} runs ${what} already; nothing was deployed.`;
  const id = shortId(deployment?.id ?? '');
  if (end.status === 'SUCCEEDED') return `Service ${service} runs ${what}: deployment ${id} succeeded.`;
  const where = deploymentUrl(plan, id);
  return `Deployment ${id} of ${what} to service ${service} has reached ${plan.wait.until} and goes on: ${where}`;
}

function failureText(delivery: Delivery, end: DeliveryEnd): string {
  const { plan, arn, deployment, state } = delivery;
  const { service, waitFor } = plan.request;
  const id = deployment?.id ?? '';
  const head = `cannot deploy ${revisionName(arn ?? '')} to service ${service}: deployment ${shortId(id)}`;
  const see = `see ${deploymentUrl(plan, id)}`;
  const minutes = formatMinutes(waitFor / 60_000);
  switch (end.status) {
    case 'ROLLED_BACK':
      return `${head} was rolled back${end.rollback.id ? ` by ${end.rollback.id}` : ''}: ${end.cause}; ${see}`;
    case 'SUPERSEDED':
      return `${head} was replaced by ${shortId(end.by)}, which somebody else started; look at that one: ${deploymentUrl(plan, end.by)}`;
    case 'TIMED_OUT':
      return state?.rollbackAsked
        ? `${head} was not finished after ${minutes} and was stopped, but AWS does not say how its rollback goes; ${see}`
        : `${head} is still ${state?.last?.status ?? 'under way'} after ${minutes}${stoppedText(state)} and goes on by itself${runningRollback(state)}; ${see}, or stop it: ${stopCommand(plan, id)}`;
    case 'FAILED':
      return `${head} failed: ${end.cause}${rollbackText(end, state)}; ${see}`;
    case 'STOPPED':
      return `${head} did not finish: ${end.cause}${rollbackText(end, state)}; ${see}`;
    default:
      return `${head}: ${end.status}`;
  }
}

function stoppedText(state: State | undefined): string {
  const reasons = (state?.last?.stopped ?? []).map(({ reason }) => reason);
  const [commonest] = countEqual(reasons);
  return commonest ? ` (${reasons.length} of its tasks have stopped; ${commonest[0]})` : '';
}

const runningRollback = (state: State | undefined) =>
  state?.last?.rollback ? `; ${rollbackName(state.last.rollback)} goes on` : '';

const rollbackName = ({ id }: RollbackSeen) => (id === undefined ? 'its rollback' : `its rollback ${id}`);

function rollbackText({ rollback }: Extract<End, { status: 'FAILED' | 'STOPPED' }>, state: State | undefined): string {
  if (!rollback) {
    const refused = state?.last?.rollbackRefused;
    const green = state?.last?.green?.traffic;
    const traffic = green === undefined ? '' : `, and green has ${green}% of the traffic`;
    return ` (nothing was rolled back${refused ? `: ${refused}` : ''}${traffic})`;
  }
  if (rollback.status === 'Failed' || rollback.status === 'Stopped') {
    const why = rollback.error ? ` (${rollback.error})` : '';
    return `, and ${rollbackName(rollback)} ${rollback.status.toLowerCase()} too${why}: check the traffic of the service`;
  }
  return `; ${rollbackName(rollback)} was not finished in time and goes on`;
}

/** Statuses of both controllers that a deployment never leaves. */
const ended: Readonly<Record<string, DeploymentStatus>> = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Stopped: 'STOPPED',
  SUCCESSFUL: 'SUCCEEDED',
  STOPPED: 'STOPPED',
  ROLLBACK_SUCCESSFUL: 'ROLLED_BACK',
  ROLLBACK_FAILED: 'FAILED',
};

/** What was last seen of a deployment whose watching was ended from outside. */
export function lastSeen({ state }: Delivery): DeploymentStatus {
  const { status = '', rollback } = state?.last ?? {};
  return rollback?.status === 'Succeeded' ? 'ROLLED_BACK' : (ended[status] ?? 'IN_PROGRESS');
}

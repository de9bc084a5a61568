import { consoleHost } from '../../../shared/aws/arn';
import { ActionError, type ExitStatus, exitStatus } from '../../../shared/errors';
import type { Outcome } from '../../../shared/host/run-action';
import type { End, State } from './codedeploy/state';
import type { definition, Outputs } from './definition';
import type { Delivery, DeliveryEnd } from './delivery';
import { formatMinutes } from './plan/waits';

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

/** The address that the built-in action gives. */
const serviceUrl = ({ region, cluster, service }: { region: string; cluster: string; service: string }) =>
  `https://${consoleHost(region)}/ecs/home?region=${region}#/clusters/${cluster}/services/${service}/events`;

/** The deployment in the console of CodeDeploy. */
export const deploymentUrl = (region: string, id: string): string =>
  `https://${consoleHost(region)}/codesuite/codedeploy/deployments/${id}?region=${region}`;

/** `family:revision` of an ARN. */
export const revisionName = (arn: string): string => arn.replace(/^.*\//, '');

/** What was done, in one line. Pure. */
export function successText({ plan, arn, deployment }: Delivery, end: DeliveryEnd): string {
  const what = revisionName(arn ?? '');
  const service = plan.request.service;
  if (end.status === 'UNCHANGED') return `Service ${service} runs ${what} already; nothing was deployed.`;
  const id = deployment?.id ?? '';
  if (end.status === 'SUCCEEDED') return `Service ${service} runs ${what}: deployment ${id} succeeded.`;
  const where = deploymentUrl(plan.request.region, id);
  return `Deployment ${id} of ${what} to service ${service} has reached ${plan.wait.until} and goes on: ${where}`;
}

function failureText(delivery: Delivery, end: DeliveryEnd): string {
  const { plan, arn, deployment, state } = delivery;
  const { region, service, waitFor } = plan.request;
  const id = deployment?.id ?? '';
  const head = `cannot deploy ${revisionName(arn ?? '')} to service ${service}: deployment ${id}`;
  const see = `see ${deploymentUrl(region, id)}`;
  switch (end.status) {
    case 'ROLLED_BACK':
      return `${head} was rolled back by ${end.rollback.id}: ${end.cause}; ${see}`;
    case 'SUPERSEDED':
      return `${head} was replaced by ${end.by}, which somebody else started; look at that one: ${deploymentUrl(region, end.by)}`;
    case 'TIMED_OUT': {
      const rollback = state?.last?.rollback ? `; its rollback ${state.last.rollback.id} goes on` : '';
      const status = state?.last?.status ?? 'under way';
      return `${head} is still ${status} after ${formatMinutes(waitFor / 60_000)} and goes on by itself${rollback}; ${see}, or stop it: ${stopCommand(region, id)}`;
    }
    case 'FAILED':
      return `${head} failed: ${end.cause}${rollbackText(end, state)}; ${see}`;
    case 'STOPPED':
      return `${head} did not finish: ${end.cause}${rollbackText(end, state)}; ${see}`;
    default:
      return `${head}: ${end.status}`;
  }
}

function rollbackText({ rollback }: Extract<End, { status: 'FAILED' | 'STOPPED' }>, state: State | undefined): string {
  if (!rollback) {
    const refused = state?.last?.rollbackRefused;
    const green = state?.last?.green?.traffic;
    const traffic = green === undefined ? '' : `, and green has ${green}% of the traffic`;
    return ` (nothing was rolled back${refused ? `: ${refused}` : ''}${traffic})`;
  }
  if (rollback.status === 'Failed' || rollback.status === 'Stopped') {
    const why = rollback.error ? ` (${rollback.error})` : '';
    return `, and its rollback ${rollback.id} ${rollback.status.toLowerCase()} too${why}: check the traffic of the service`;
  }
  return `; its rollback ${rollback.id} was not finished in time and goes on`;
}

export const stopCommand = (region: string, id: string): string =>
  `aws deploy stop-deployment --deployment-id ${id} --auto-rollback-enabled --region ${region}`;

/** What was last seen of a deployment whose watching was ended from outside. */
export function lastSeen({ state }: Delivery): DeploymentStatus {
  const { status, rollback } = state?.last ?? {};
  if (rollback?.status === 'Succeeded') return 'ROLLED_BACK';
  if (status === 'Succeeded') return 'SUCCEEDED';
  if (status === 'Failed') return 'FAILED';
  return status === 'Stopped' ? 'STOPPED' : 'IN_PROGRESS';
}

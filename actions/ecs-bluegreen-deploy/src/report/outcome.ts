import { ActionError, type ExitStatus, exitStatus } from '../../../../shared/errors';
import type { Outcome } from '../../../../shared/host/run-action';
import type { definition, Outputs } from '../definition';
import { codeDeployEnd } from '../plan/codedeploy-lifecycle';
import type { ControllerName } from '../plan/current-state';
import { ecsEnd } from '../plan/ecs-lifecycle';
import { formatMinutes, shortId } from '../text';
import type { DeploymentRun, RunEnd } from '../watch/model';
import { failureText, rollbackText } from './failure-text';
import { deploymentUrl, revisionName, serviceUrl } from './links';

/** The words of the output `deployment-status`. */
export type DeploymentStatus = RunEnd['status'];

/** Exit statuses by `deployment-status`. */
const exitOf: Readonly<Record<DeploymentStatus, ExitStatus>> = {
  SUCCEEDED: exitStatus.done,
  UNCHANGED: exitStatus.done,
  IN_PROGRESS: exitStatus.done,
  FAILED: exitStatus.failed,
  STOPPED: exitStatus.failed,
  ROLLED_BACK: exitStatus.rolledBack,
  TIMED_OUT: exitStatus.timedOut,
  SUPERSEDED: exitStatus.superseded,
  TASK_FAILED: exitStatus.failed,
  UNHEALTHY: exitStatus.failed,
};

/** The exit status that a run ends with; for one that was to roll back, the rollback is what was asked for. */
export function exitFor({ plan }: Pick<DeploymentRun, 'plan'>, status: DeploymentStatus): ExitStatus {
  if (plan.revision.kind !== 'none' || status === 'UNCHANGED') return exitOf[status];
  if (status === 'ROLLED_BACK') return exitStatus.done;
  return exitOf[status] === exitStatus.done ? exitStatus.failed : exitOf[status];
}

/** What the host is told about a run. */
export function outcomeOf(run: DeploymentRun, end: RunEnd, report: string | undefined): Outcome<typeof definition> {
  const outputs = { ...outputsOf(run, report), 'deployment-status': end.status };
  if (run.plan.revision.kind === 'none') return rollbackOutcome(run, end, outputs);
  const exit = exitOf[end.status];
  if (exit !== exitStatus.done) return { outputs, failure: new ActionError(failureText(run, end), { exit }) };
  return { outputs, summary: successText(run, end) };
}

/** What the host is told about a run that was to roll back the active deployment. */
function rollbackOutcome(run: DeploymentRun, end: RunEnd, outputs: Outputs): Outcome<typeof definition> {
  const { plan, deployment } = run;
  const { service } = plan.request;
  if (end.status === 'UNCHANGED') {
    const summary = `No deployment of service ${service} is active: nothing was rolled back, and nothing was deployed.`;
    return { outputs, summary };
  }
  const id = deployment?.id ?? '';
  const what = `deployment ${shortId(id)}${run.arn === undefined ? '' : ` of ${revisionName(run.arn)}`}`;
  if (end.status === 'ROLLED_BACK') {
    return { outputs, summary: `Rolled back ${what} of service ${service}, as if-deploying: rollback asks.` };
  }
  const exit = exitFor(run, end.status);
  const head = `cannot roll back ${what} of service ${service}`;
  return {
    outputs,
    failure: new ActionError(`${head}: ${whyNotBack(run, end)}; see ${deploymentUrl(plan, id)}`, { exit }),
  };
}

function whyNotBack({ plan, state }: DeploymentRun, end: RunEnd): string {
  switch (end.status) {
    case 'FAILED':
    case 'STOPPED':
      return `${end.rollback ? '' : end.cause}${rollbackText(end, state)}`.replace(/^(?:, and|;) /, '');
    case 'SUPERSEDED':
      return `it was replaced by ${end.by === undefined ? 'another one' : shortId(end.by)}`;
    case 'TIMED_OUT':
      return `its rollback was not finished after ${formatMinutes(plan.request.waitFor / 60_000)} and keeps running in AWS`;
    default:
      return `it is ${end.status}`;
  }
}

/** The outputs as far as they are known. */
export function outputsOf({ plan, arn: known, deployment, task }: DeploymentRun, report: string | undefined): Outputs {
  const { request } = plan;
  // A rollback deploys nothing.
  const arn = plan.revision.kind === 'none' ? undefined : known;
  return {
    cluster: request.cluster,
    service: request.service,
    region: request.region,
    'deployment-platform': 'AWS:ECS',
    'deployment-url': serviceUrl(request),
    ...(arn !== undefined && { 'task-definition-arn': arn }),
    ...(plan.previous !== undefined && { 'previous-task-definition-arn': plan.previous }),
    ...(deployment && { 'deployment-id': deployment.id }),
    ...(deployment && plan.controller === 'CODE_DEPLOY' && { 'codedeploy-deployment-id': deployment.id }),
    ...(task && plan.task?.input === 'run-task' && { 'run-task-arn': JSON.stringify([task.arn]) }),
    ...(report !== undefined && { report }),
  };
}

const wantsNone = ({ service, scaleTo }: DeploymentRun['plan']) => (scaleTo ?? service.desiredCount) === 0;

/** What was done, in one line. */
function successText({ plan, arn, deployment, serves }: DeploymentRun, end: RunEnd): string {
  const what = revisionName(arn ?? '');
  const service = plan.request.service;
  if (end.status === 'UNCHANGED') {
    const runs = wantsNone(plan) ? `has ${what} already, and wants 0 tasks, so nothing runs` : `runs ${what} already`;
    return `Service ${service} ${runs}; nothing was deployed.`;
  }
  const id = shortId(deployment?.id ?? '');
  if (end.status === 'SUCCEEDED' && serves === 'empty') {
    return `Service ${service} has ${what}, but wants 0 tasks, so nothing runs: deployment ${id} succeeded.`;
  }
  if (end.status === 'SUCCEEDED' && serves === 'replaced') {
    return `Deployment ${id} of ${what} to service ${service} succeeded, but the service has moved on to another deployment since.`;
  }
  if (end.status === 'SUCCEEDED') return `Service ${service} runs ${what}: deployment ${id} succeeded.`;
  const where = deploymentUrl(plan, id);
  const { until } = plan.wait;
  const said =
    until === 'none' ? 'was started and keeps running in AWS' : `has reached ${until} and keeps running in AWS`;
  return `Deployment ${id} of ${what} to service ${service} ${said}: ${where}`;
}

/** How a deployment has ended in a status of its controller. */
const endIn = { CODE_DEPLOY: codeDeployEnd, ECS: ecsEnd } satisfies Record<ControllerName, unknown>;

/** What was last seen of a deployment whose watching was ended from outside. */
export function lastSeen({ state, plan }: DeploymentRun): DeploymentStatus {
  const { status = '', rollback } = state?.last ?? {};
  return rollback?.status === 'Succeeded' ? 'ROLLED_BACK' : (endIn[plan.controller](status) ?? 'IN_PROGRESS');
}

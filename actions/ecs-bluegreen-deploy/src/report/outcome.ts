import { ActionError, type ExitStatus, exitStatus } from '../../../../shared/errors';
import type { Outcome } from '../../../../shared/host/run-action';
import type { definition, Outputs } from '../definition';
import { codeDeployEnd } from '../plan/codedeploy-lifecycle';
import type { ControllerName } from '../plan/current-state';
import { ecsEnd } from '../plan/ecs-lifecycle';
import { countEqual, formatElapsed, formatMinutes, shortId } from '../text';
import type { DeploymentRun, RunEnd } from '../watch/deployment-run';
import type { End } from '../watch/events';
import type { Rollback } from '../watch/snapshot';
import type { WatchState } from '../watch/watch-state';
import { deploymentUrl, serviceUrl, stopCommand, taskUrl } from './links';

/** The words of the output `deployment-status`. */
export type DeploymentStatus = RunEnd['status'];

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
  TASK_FAILED: exitStatus.failed,
  UNHEALTHY: exitStatus.failed,
};

/** The exit status that a run ends with; for one that was to roll back, the rollback is what was asked for. */
export function exitFor({ plan }: Pick<DeploymentRun, 'plan'>, status: DeploymentStatus): ExitStatus {
  if (plan.revision.kind !== 'none' || status === 'UNCHANGED') return exitOf[status];
  if (status === 'ROLLED_BACK') return exitStatus.done;
  return exitOf[status] === exitStatus.done ? exitStatus.failed : exitOf[status];
}

/** How a run is told to the host. */
export function outcomeOf(run: DeploymentRun, end: RunEnd, report: string | undefined): Outcome<typeof definition> {
  const outputs = { ...outputsOf(run, report), 'deployment-status': end.status };
  if (run.plan.revision.kind === 'none') return rollbackOutcome(run, end, outputs);
  const exit = exitOf[end.status];
  if (exit !== exitStatus.done) return { outputs, failure: new ActionError(failureText(run, end), { exit }) };
  return { outputs, summary: successText(run, end) };
}

/** How a run is told that was to roll back what was active. */
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
      return `${end.rollback ? '' : `${end.cause} `}${rollbackText(end, state)}`.replace(/^[,;] /, '').trim();
    case 'SUPERSEDED':
      return `it was replaced by ${shortId(end.by)}`;
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

/** `family:revision` of an ARN. */
export const revisionName = (arn: string): string => arn.replace(/^.*\//, '');

const wantsNone = ({ service, scaleTo }: DeploymentRun['plan']) => (scaleTo ?? service.desiredCount) === 0;

/** What was done, in one line. */
export function successText({ plan, arn, deployment, serves }: DeploymentRun, end: RunEnd): string {
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
  if (end.status === 'SUCCEEDED') return `Service ${service} runs ${what}: deployment ${id} succeeded.`;
  const where = deploymentUrl(plan, id);
  return `Deployment ${id} of ${what} to service ${service} has reached ${plan.wait.until} and goes on: ${where}`;
}

function failureText(run: DeploymentRun, end: RunEnd): string {
  const { plan, arn, deployment, state } = run;
  const { service } = plan.request;
  const id = deployment?.id ?? '';
  const head = `cannot deploy ${revisionName(arn ?? '')} to service ${service}: deployment ${shortId(id)}`;
  const see = `see ${deploymentUrl(plan, id)}`;
  switch (end.status) {
    case 'UNHEALTHY':
      return unhealthyText(run, end, head);
    case 'TASK_FAILED':
      return `cannot deploy ${revisionName(arn ?? '')} to service ${service}: ${end.cause}; no deployment was created${run.task ? `; see ${taskUrl(plan.request, run.task.arn)}` : ''}`;
    case 'ROLLED_BACK':
      return `${head} was rolled back${end.rollback.id ? ` by ${end.rollback.id}` : ''}: ${end.cause}; ${see}`;
    case 'SUPERSEDED':
      return `${head} was replaced by ${shortId(end.by)}, which somebody else started; look at that one: ${deploymentUrl(plan, end.by)}`;
    case 'TIMED_OUT':
      return timedOutText(run, end, head);
    case 'FAILED':
      return `${head} failed: ${end.cause}${rollbackText(end, state)}; ${see}`;
    case 'STOPPED':
      return `${head} did not finish: ${end.cause}${rollbackText(end, state)}; ${see}`;
    default:
      return `${head}: ${end.status}`;
  }
}

function timedOutText(
  run: DeploymentRun,
  { unseenSince }: Extract<End, { status: 'TIMED_OUT' }>,
  head: string,
): string {
  const { plan, deployment, state, startedAt, notRolledBack } = run;
  const id = deployment?.id ?? '';
  const see = `see ${deploymentUrl(plan, id)}`;
  const minutes = formatMinutes(plan.request.waitFor / 60_000);
  if (state?.rollbackAsked) {
    return `${head} was not finished after ${minutes} and was stopped, but AWS does not say how its rollback goes; ${see}`;
  }
  const status = state?.last?.status ?? 'under way';
  const seen =
    unseenSince === undefined
      ? `is still ${status} after ${minutes}${stoppedText(state)}`
      : `was not seen since ${formatElapsed(unseenSince - startedAt)} (${status} then${stoppedText(state)}), as AWS did not answer at the end of ${minutes}; it was left alone`;
  const kept = notRolledBack === undefined ? '' : `; not rolled back: ${notRolledBack}`;
  return `${head} ${seen} and keeps running in AWS${runningRollback(state)}${kept}; ${see}, or stop it: ${stopCommand(plan, id)}`;
}

function unhealthyText(
  { plan, deployment }: DeploymentRun,
  { cause, isOver }: Extract<RunEnd, { status: 'UNHEALTHY' }>,
  head: string,
): string {
  const id = deployment?.id ?? '';
  const said = isOver ? 'succeeded by the word of AWS' : 'has moved the traffic';
  const back = isOver
    ? `deploy ${plan.previous === undefined ? 'an earlier revision' : revisionName(plan.previous)} to go back`
    : `go back: ${stopCommand(plan, id)}`;
  return `${head} ${said}, but no target of the new tasks answers: ${cause}; look at the application and its health check, or ${back}; see ${deploymentUrl(plan, id)}`;
}

function stoppedText(state: WatchState | undefined): string {
  const reasons = (state?.last?.stopped ?? []).map(({ reason }) => reason);
  const [commonest] = countEqual(reasons);
  return commonest ? ` (${reasons.length} of its tasks have stopped; ${commonest[0]})` : '';
}

const runningRollback = (state: WatchState | undefined) =>
  state?.last?.rollback ? `; ${rollbackName(state.last.rollback)} keeps running in AWS` : '';

const rollbackName = ({ id }: Rollback) => (id === undefined ? 'its rollback' : `its rollback ${id}`);

function rollbackText(
  { rollback }: Extract<End, { status: 'FAILED' | 'STOPPED' }>,
  state: WatchState | undefined,
): string {
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
  return `; ${rollbackName(rollback)} was not finished in time and keeps running in AWS`;
}

/** How a deployment has ended in a status of its controller. */
const endIn = { CODE_DEPLOY: codeDeployEnd, ECS: ecsEnd } satisfies Record<ControllerName, unknown>;

/** What was last seen of a deployment whose watching was ended from outside. */
export function lastSeen({ state, plan }: DeploymentRun): DeploymentStatus {
  const { status = '', rollback } = state?.last ?? {};
  return rollback?.status === 'Succeeded' ? 'ROLLED_BACK' : (endIn[plan.controller](status) ?? 'IN_PROGRESS');
}

import { excerpt } from '../../../../shared/excerpt';
import { countEqual, formatElapsed, formatMinutes, shortId } from '../text';
import type { DeploymentRun, End, Rollback, RunEnd, WatchState } from '../watch/model';
import { deploymentUrl, revisionName, serviceUrl, stopCommand, taskUrl } from './links';

/** How a run failed, in one line: the first cause, what became of the tasks, and what to do. */
export function failureText(run: DeploymentRun, end: RunEnd): string {
  const { plan, arn, deployment, state } = run;
  const { service } = plan.request;
  const id = deployment?.id ?? '';
  const head = `cannot deploy ${revisionName(arn ?? '')} to service ${service}: deployment ${shortId(id)}`;
  const see = `see ${deploymentUrl(plan, id)}`;
  const tasks = stoppedText(run);
  switch (end.status) {
    case 'UNHEALTHY':
      return unhealthyText(run, end, head);
    case 'TASK_FAILED':
      return `cannot deploy ${revisionName(arn ?? '')} to service ${service}: ${end.cause}; no deployment was created${run.task ? `; see ${taskUrl(plan.request, run.task.arn)}` : ''}`;
    case 'ROLLED_BACK':
      return `${head} was rolled back${end.rollback.id ? ` by ${end.rollback.id}` : ''}: ${end.cause}${tasks}; ${see}`;
    case 'SUPERSEDED':
      return end.by === undefined
        ? `${head} was replaced by another one, which somebody else started; look at the service: ${serviceUrl(plan.request)}`
        : `${head} was replaced by ${shortId(end.by)}, which somebody else started; look at that one: ${deploymentUrl(plan, end.by)}`;
    case 'TIMED_OUT':
      return timedOutText(run, end, head);
    case 'FAILED':
      return `${head} failed: ${end.cause}${tasks}${rollbackText(end, state)}; ${see}`;
    case 'STOPPED':
      return `${head} did not finish: ${end.cause}${tasks}${rollbackText(end, state)}; ${see}`;
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
    return `${head} was not finished after ${minutes} and was stopped, but AWS does not say how its rollback is going; ${see}`;
  }
  const status = state?.last?.status ?? 'under way';
  const seen =
    unseenSince === undefined
      ? `is still ${status} after ${minutes}${stoppedText(run)}`
      : `was not seen since ${formatElapsed(unseenSince - startedAt)} (${status} then${stoppedText(run)}), as AWS did not answer at the end of ${minutes}; it was left alone`;
  const goesOn = unseenSince === undefined ? 'keeps running' : 'may still be running';
  const kept = notRolledBack === undefined ? hiddenText(state) : `; not rolled back: ${notRolledBack}`;
  return `${head} ${seen} and ${goesOn} in AWS${runningRollback(state)}${kept}; ${see}, or stop it: ${stopCommand(plan, id)}`;
}

/** What may have happened although nobody with this role can see it. */
const hiddenText = (state: WatchState | undefined) =>
  state?.last?.isBrief && state.until !== 'completed'
    ? `; it may have reached ${state.until}, which the role may not see`
    : '';

function unhealthyText(
  { plan, arn, deployment, serves }: DeploymentRun,
  { cause, isOver }: Extract<RunEnd, { status: 'UNHEALTHY' }>,
  head: string,
): string {
  if (serves === 'gone') {
    const before = deployment
      ? `${head} ${isOver ? 'succeeded according to AWS' : 'has moved the traffic'}`
      : 'nothing was deployed';
    return `${before}, but the service is gone: ${cause}; create it again, then run again; see ${serviceUrl(plan.request)}`;
  }
  const advice = 'look at the application and its health check';
  if (!deployment) {
    const runs = `service ${plan.request.service} runs ${revisionName(arn ?? '')} already`;
    return `${runs}, so nothing was deployed, but no target of its tasks answers: ${cause}; ${advice}, or deploy an earlier revision; see ${serviceUrl(plan.request)}`;
  }
  const { id } = deployment;
  const said = isOver ? 'succeeded according to AWS' : 'has moved the traffic';
  const back = isOver
    ? `deploy ${plan.previous === undefined ? 'an earlier revision' : revisionName(plan.previous)} to go back`
    : `go back: ${stopCommand(plan, id)}`;
  return `${head} ${said}, but no target of the new tasks answers: ${cause}; ${advice}, or ${back}; see ${deploymentUrl(plan, id)}`;
}

/** Why its tasks have stopped, most of them; the container and its exit code are in it. */
function stoppedText({ stopped, state }: DeploymentRun): string {
  const reasons = stopped.length > 0 ? stopped : (state?.last?.stopped ?? []).map(({ reason }) => reason);
  const [commonest] = countEqual(reasons);
  if (!commonest) return '';
  const count = reasons.length === 1 ? 'a task of it has stopped' : `${reasons.length} of its tasks have stopped`;
  return ` (${count}: ${excerpt(commonest[0], longestReason)})`;
}

/** Characters of a reason in the one line of an error. */
const longestReason = 600;

const runningRollback = (state: WatchState | undefined) =>
  state?.last?.rollback ? `; ${rollbackName(state.last.rollback)} keeps running in AWS` : '';

const rollbackName = ({ id }: Rollback) => (id === undefined ? 'its rollback' : `its rollback ${id}`);

/** What became of the rollback of a deployment that failed. */
export function rollbackText(
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

import { isExpired, isLostAnswer } from '../../../../shared/aws/errors';
import { ActionError, exitStatus } from '../../../../shared/errors';
import { asActionError } from '../../../../shared/host/failure';
import type { Context, Interruption, Outcome } from '../../../../shared/host/run-action';
import { markdownCode, markdownLog } from '../../../../shared/markdown';
import { Gone } from '../aws/ecs-service';
import { changesSoFar, type Effects, Uncertain } from '../aws/effects';
import type { definition } from '../definition';
import type { Plan, Replan } from '../plan/plan';
import { deploymentUrl, revisionName, serviceUrl } from '../report/links';
import { type DeploymentStatus, lastSeen, outcomeOf, outputsOf } from '../report/outcome';
import { showPlan } from '../report/plan-lines';
import { stepSummaryOf, writeReport } from '../report/report-file';
import { shortId } from '../text';
import { type DeploymentRun, newRun, type RunEnd } from '../watch/model';
import { deploy } from './deploy';
import { endInterrupted, lastMoment } from './interruption';

type Ending = Outcome<typeof definition>;

/** The end of a dry run: all checks are made, and nothing is changed. */
export function stopAtPlan(plan: Plan, { log, clock }: Pick<Context, 'log' | 'clock'>): Ending {
  log.info('Dry run: nothing was changed.');
  const { revision } = plan;
  const run = { ...newRun(plan, clock.now()), arn: revision.kind === 'deploy' ? revision.arn : undefined };
  return {
    outputs: outputsOf(run, undefined),
    summary: `Dry run for service ${markdownCode(plan.request.service)}: every check passed.\n\n${markdownLog(showPlan(plan).map(({ text }) => log.masked(text)))}`,
  };
}

/** Carries out a plan and reports how it ended, in any case. */
export async function executePlan(plan: Plan, context: Context, replan: Replan): Promise<Ending> {
  const { region } = plan.request;
  const { clock, log, signal } = context;
  const effects: Effects = {
    aws: context.aws(region, signal),
    uninterruptible: context.aws(region, lastMoment(signal, clock)),
    clock,
    log,
    signal,
    done: [],
  };
  const run = newRun(plan, clock.now());
  try {
    const end = await deploy(run, effects, replan).catch((error) => endExpired(run, error, effects));
    const outcome = outcomeOf(run, end, writeReport(run, end, context));
    if (run.deployment) log.info(`Console: ${deploymentUrl(run.plan, run.deployment.id)}`);
    if (outcome.summary !== undefined) log.info(outcome.summary);
    return { ...outcome, summary: stepSummaryOf(run, end, outcome.summary, context) };
  } catch (error) {
    if (signal.aborted) return tellInterruption(run, error, effects, context);
    return tellFailure(run, error, effects, context);
  }
}

/**
 * Where `auto` had chosen to wait for the end, and the credentials expire after the traffic has moved, the end is that it has moved.
 *
 * @throws the error, in all other cases
 */
function endExpired(run: DeploymentRun, error: unknown, { log, signal }: Effects): RunEnd {
  const { plan, state } = run;
  const isAuto = plan.request.inputs['wait-until'] === 'auto' && plan.wait.until === 'completed';
  const hasMoved = state?.reached === 'traffic-shifted' && state.cause === undefined && !state.end;
  if (signal.aborted || !isExpired(error) || !isAuto || !hasMoved) throw error;
  const until = 'traffic-shifted';
  run.plan = { ...plan, wait: { until, why: 'auto: the credentials have expired' } };
  run.serves = 'unknown';
  log.warn('The credentials have expired after all traffic had moved: the end of the deployment is not waited for');
  log.warn('Whether the new tasks answer is not known: the credentials have expired');
  return { status: 'IN_PROGRESS', reached: until };
}

/** A signal ended the run. */
async function tellInterruption(
  run: DeploymentRun,
  error: unknown,
  effects: Effects,
  context: Context,
): Promise<Ending> {
  const reason = context.signal.reason as Interruption;
  const message = await endInterrupted(run, reason.signalName, error, effects);
  return endEarly(run, new ActionError(message, { cause: reason }), error, context);
}

/** An error ended the run: the message includes what was done before. @throws errors of AWS where nothing was done */
function tellFailure(run: DeploymentRun, error: unknown, effects: Effects, context: Context): Ending {
  const cause = error instanceof Uncertain ? error.cause : error;
  if (!(cause instanceof ActionError) && !effects.uninterruptible.changed()) throw cause;
  const explained = asActionError(cause);
  // A check that fails by now is not a wrong input where something was changed before.
  const isLate = explained.exit === exitStatus.wrongInput && changesSoFar(effects).length > 0;
  const exit = isLate ? exitStatus.failed : explained.exit;
  const message = `${whatFailed(run, cause)}${explained.message}${whatIsLeft(run, error, effects)}`;
  return endEarly(run, new ActionError(message, { cause, exit }), error, context);
}

function whatFailed({ deployment, arn = '' }: DeploymentRun, cause: unknown): string {
  if (!deployment) return '';
  const runs = cause instanceof Gone ? '' : ', which keeps running in AWS';
  return `cannot watch deployment ${shortId(deployment.id)} of ${revisionName(arn)}${runs}: `;
}

function whatIsLeft({ deployment, plan }: DeploymentRun, error: unknown, effects: Effects): string {
  if (deployment) return `; see ${deploymentUrl(plan, deployment.id)}`;
  const changes = changesSoFar(effects).join(', ');
  if (error instanceof Uncertain) {
    return `. ${error.what}; look at ${serviceUrl(plan.request)}.${changes && ` Done before: ${changes}.`}`;
  }
  if (changes) return `. No deployment was created; ${changes}.`;
  // A change whose answer was lost may have been made.
  return isLostAnswer((error as ActionError).cause ?? error)
    ? '. No deployment was created.'
    : '. Nothing was changed.';
}

function endEarly(run: DeploymentRun, failure: ActionError, error: unknown, context: Context): Ending {
  const status = statusOf(run, failure, error);
  const isReported = run.deployment !== undefined || error instanceof Uncertain;
  const report = isReported ? writeReport(run, { status: status ?? 'IN_PROGRESS' }, context) : undefined;
  const outputs = { ...outputsOf(run, report), ...(status && { 'deployment-status': status }) };
  const told = isReported && { summary: stepSummaryOf(run, { status: status ?? 'IN_PROGRESS' }, undefined, context) };
  return { outputs, failure, ...told };
}

/** What is known of a deployment when its run ends early; undefined where there may be none. */
function statusOf(run: DeploymentRun, { exit }: ActionError, error: unknown): DeploymentStatus | undefined {
  if (error instanceof Gone) return 'FAILED';
  if (run.deployment || (error instanceof Uncertain && error.accepted)) return lastSeen(run);
  return exit === exitStatus.timedOut ? 'TIMED_OUT' : undefined;
}

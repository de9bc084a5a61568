import { explainAwsError, isLostAnswer } from '../../../../shared/aws/errors';
import { ActionError, exitStatus } from '../../../../shared/errors';
import type { Context, Interruption, Outcome } from '../../../../shared/host/run-action';
import { type Effects, Uncertain } from '../aws/effects';
import type { definition } from '../definition';
import type { Plan } from '../plan/plan';
import { deploymentUrl, serviceUrl } from '../report/links';
import { lastSeen, outcomeOf, outputsOf, revisionName } from '../report/outcome';
import { writeReport } from '../report/report-file';
import { shortId } from '../text';
import { type Delivery, newDelivery } from '../watch/deployment-run';
import { deliver } from './follow';
import { interrupted } from './interruption';

type Ending = Outcome<typeof definition>;

/** The end of a dry run: all checks are made, and nothing is changed. */
export function stopAtPlan(plan: Plan, { log, clock }: Pick<Context, 'log' | 'clock'>): Ending {
  log.info('Dry run: nothing was changed.');
  const { revision } = plan;
  const delivery = { ...newDelivery(plan, clock.now()), arn: revision.kind === 'deploy' ? revision.arn : undefined };
  return {
    outputs: outputsOf(delivery, undefined),
    summary: `Dry run for service ${plan.request.service}: every check passed.`,
  };
}

/** Carries out a plan and tells how it ended, with a report in any case. */
export async function carryOut(plan: Plan, context: Context): Promise<Ending> {
  const { region } = plan.request;
  const { clock, log, signal } = context;
  const effects: Effects = {
    aws: context.aws(region, signal),
    steady: context.aws(region),
    clock,
    log,
    signal,
    done: [],
  };
  const delivery = newDelivery(plan, clock.now());
  try {
    const end = await deliver(delivery, effects);
    const outcome = outcomeOf(delivery, end, writeReport(delivery, end.status, context));
    if (outcome.summary !== undefined) log.info(outcome.summary);
    return outcome;
  } catch (error) {
    if (signal.aborted) return tellInterruption(delivery, error, effects, context);
    return tellFailure(delivery, error, effects, context);
  }
}

/** A signal ended the run. */
async function tellInterruption(
  delivery: Delivery,
  error: unknown,
  effects: Effects,
  context: Context,
): Promise<Ending> {
  const reason = context.signal.reason as Interruption;
  const message = await interrupted(delivery, reason.signalName, error, effects);
  return endEarly(delivery, new ActionError(message, { cause: reason }), context);
}

/** An error ended the run: what was done before it is told with it. @throws errors of AWS where nothing was done */
function tellFailure(delivery: Delivery, error: unknown, effects: Effects, context: Context): Ending {
  const cause = error instanceof Uncertain ? error.cause : error;
  const explained = cause instanceof ActionError ? cause : explainAwsError(cause);
  if (!explained || (explained !== cause && !effects.steady.changed())) throw cause;
  const { exit } = explained;
  const message = `${whatFailed(delivery)}${explained.message}${whatIsLeft(delivery, error, effects)}`;
  return endEarly(delivery, new ActionError(message, { cause, exit }), context);
}

const whatFailed = ({ deployment, arn = '' }: Delivery) =>
  deployment
    ? `cannot watch deployment ${shortId(deployment.id)} of ${revisionName(arn)}, which goes on by itself: `
    : '';

function whatIsLeft({ deployment, plan }: Delivery, error: unknown, { done }: Effects): string {
  if (deployment) return `; see ${deploymentUrl(plan, deployment.id)}`;
  const changes = done.join(', ');
  if (error instanceof Uncertain) {
    return `. ${error.what}; look at ${serviceUrl(plan.request)}.${changes && ` Done before: ${changes}.`}`;
  }
  if (changes) return `. No deployment was created; ${changes}.`;
  // A change whose answer was lost may have been made.
  return isLostAnswer((error as ActionError).cause ?? error)
    ? '. No deployment was created.'
    : '. Nothing was changed.';
}

function endEarly(delivery: Delivery, failure: ActionError, context: Context): Ending {
  if (!delivery.deployment) {
    const isLate = failure.exit === exitStatus.timedOut;
    return {
      outputs: { ...outputsOf(delivery, undefined), ...(isLate && { 'deployment-status': 'TIMED_OUT' }) },
      failure,
    };
  }
  const status = lastSeen(delivery);
  const report = writeReport(delivery, status, context);
  return { outputs: { ...outputsOf(delivery, report), 'deployment-status': status }, failure };
}

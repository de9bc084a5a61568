import { explainAwsError } from '../../../shared/aws/errors';
import { ActionError } from '../../../shared/errors';
import type { Context, Interruption, Outcome } from '../../../shared/host/run-action';
import { interrupted } from './codedeploy/interrupted';
import type { definition } from './definition';
import { type Delivery, newDelivery } from './delivery';
import type { Effects } from './effects';
import { deploymentUrl, lastSeen, outcomeOf, outputsOf, revisionName } from './outcome';
import type { Plan } from './plan/plan';
import { writeReport } from './report/write';
import { deliver } from './run';

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
  const effects: Effects = { aws: context.aws(region, signal), steady: context.aws(region), clock, log, signal };
  const delivery = newDelivery(plan, clock.now());
  try {
    const end = await deliver(delivery, effects);
    const outcome = outcomeOf(delivery, end, writeReport(delivery, end.status, context));
    if (outcome.summary !== undefined) log.info(outcome.summary);
    return outcome;
  } catch (error) {
    if (signal.aborted) return tellInterruption(delivery, signal.reason as Interruption, effects, context);
    if (!delivery.deployment) throw error;
    return tellBlindness(delivery, error, context);
  }
}

/** A signal ended the run. */
async function tellInterruption(
  delivery: Delivery,
  reason: Interruption,
  effects: Effects,
  context: Context,
): Promise<Ending> {
  const message = await interrupted(delivery, reason.signalName, effects);
  return endEarly(delivery, new ActionError(message, { cause: reason }), context);
}

/** The deployment was created, and then could not be watched: it goes on by itself. */
function tellBlindness(delivery: Delivery, error: unknown, context: Context): Ending {
  const explained = error instanceof ActionError ? error : explainAwsError(error);
  if (!explained) throw error;
  const id = delivery.deployment!.id;
  const what = `cannot watch deployment ${id} of ${revisionName(delivery.arn ?? '')}, which goes on by itself`;
  const message = `${what}: ${explained.message}; see ${deploymentUrl(delivery.plan.request.region, id)}`;
  return endEarly(delivery, new ActionError(message, { cause: error, exit: explained.exit }), context);
}

function endEarly(delivery: Delivery, failure: ActionError, context: Context): Ending {
  if (!delivery.deployment) return { outputs: outputsOf(delivery, undefined), failure };
  const status = lastSeen(delivery);
  const report = writeReport(delivery, status, context);
  return { outputs: { ...outputsOf(delivery, report), 'deployment-status': status }, failure };
}

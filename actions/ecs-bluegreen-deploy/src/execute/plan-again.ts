import type { Clock } from '../../../../shared/clock';
import { ActionError, exitStatus } from '../../../../shared/errors';
import { poll } from '../../../../shared/poll';
import type { Effects } from '../aws/effects';
import type { Earlier } from '../plan/current-state';
import type { Plan, Replan } from '../plan/plan';
import { formatMinutes } from '../text';
import type { DeploymentRun } from '../watch/model';

/**
 * Reads everything again and makes a new plan; reads that hang keep no run from its deadline.
 *
 * @throws ActionError (timed out) where AWS does not answer in time; InputError where a check fails by now
 */
export async function planAgain(
  { plan, deadline }: DeploymentRun,
  { clock, signal }: Effects,
  replan: Replan,
  earlier: Earlier,
): Promise<Plan> {
  const read = async () => ({ value: await replan(earlier), calls: 0, slowDown: false, isComplete: true });
  const interval = plan.request.inputs['poll-interval-seconds'] * 1_000;
  for await (const { value: next, isLast } of poll({ clock, signal, interval, deadline, read })) {
    if (next) return next;
    if (isLast) break;
  }
  throw tooLate(plan);
}

/** Nothing is changed when the time is over: it would be left alone at once. @throws ActionError (timed out) */
export function refuseLate({ plan, deadline }: DeploymentRun, { clock }: { readonly clock: Pick<Clock, 'now'> }): void {
  const isToChange = !plan.unchanged && plan.active.own.length === 0;
  if (isToChange && clock.now() >= deadline) throw tooLate(plan);
}

const tooLate = ({ request }: Plan) =>
  new ActionError(
    `cannot create the deployment: the time that it has (${formatMinutes(request.waitFor / 60_000)}) was over before it could begin; ` +
      'run again, or with a longer wait-for-minutes',
    { exit: exitStatus.timedOut },
  );

import { ActionError, exitStatus } from '../../../../shared/errors';
import { poll } from '../../../../shared/poll';
import type { Effects } from '../aws/effects';
import type { Earlier } from '../plan/current-state';
import type { Plan, Replan } from '../plan/plan';
import { formatMinutes } from '../text';
import type { DeploymentRun } from '../watch/model';

/**
 * Reads everything again and makes a new plan, as long as there is time for it: reads that hang keep no run from its deadline, and
 * what is begun after it would be left alone at once.
 *
 * @throws ActionError (timed out) where the time is over and something would have to be changed; InputError where a check fails by now
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
    const isToChange = !next?.unchanged && !next?.active.own.length;
    if (next && !(isToChange && clock.now() >= deadline)) return next;
    if (next || isLast) break;
  }
  throw new ActionError(
    `cannot create the deployment: the time that it has (${formatMinutes(plan.request.waitFor / 60_000)}) was over before it could begin; ` +
      'run again, or with a longer wait-for-minutes',
    { exit: exitStatus.timedOut },
  );
}

import type { Timer } from '../../../../shared/clock';
import { changesSoFar, type Effects, Uncertain } from '../aws/effects';
import { controllerFor } from '../controllers/controllers';
import type { Plan } from '../plan/plan';
import { deploymentUrl, serviceUrl, stopCommand } from '../report/links';
import { lastSeen } from '../report/outcome';
import { shortId } from '../text';
import type { DeploymentRun } from '../watch/model';

/**
 * Milliseconds after a signal in which changes are finished, a rollback is asked for and the deployment is read: time for one
 * request that hangs. With outputs, summary and report the run is over three seconds after the signal, long before GitHub's
 * second one.
 */
const lastMs = 2_400;

/** Aborted some seconds after an interruption, as if AWS had not answered in time: what was sent may have been done. */
export function lastMoment(interrupted: AbortSignal, clock: Pick<Timer, 'after'>): AbortSignal {
  const late = new AbortController();
  const reason = Object.assign(new Error('no answer in the seconds after the signal'), { name: 'TimeoutError' });
  interrupted.addEventListener('abort', () => clock.after(lastMs, () => late.abort(reason)), { once: true });
  return late.signal;
}

/**
 * Acts on a signal as `rollback-on` says and reads the deployment a last time. The answer is one line: what was left how, and how to go
 * on. A host that sends signals waits only seconds for the end, so no more than that is done.
 */
export async function endInterrupted(
  run: DeploymentRun,
  signalName: string,
  error: unknown,
  effects: Effects,
): Promise<string> {
  const { deployment, plan } = run;
  if (!deployment) return `interrupted by ${signalName}: ${whatWasDone(plan, error, effects)}`;
  const { id } = deployment;
  const wantsRollback = plan.request.inputs['rollback-on']?.includes('interrupt') === true;
  const stopping = wantsRollback ? await controllerFor(plan, effects).rollBack(id, effects.uninterruptible) : undefined;
  await readLastState(run, effects);
  const head = `interrupted by ${signalName}: deployment ${shortId(id)}`;
  if (stopping?.result === 'stopped') {
    return `${head} was stopped and is being rolled back; see ${deploymentUrl(plan, id)}`;
  }
  const stands = howItStands(run, id);
  switch (stopping?.result) {
    case 'failed':
    case 'unsent':
      return `${head} could not be rolled back (${stopping.why}) and ${stands}`;
    case 'unanswered':
      return `${head} was asked to roll back, but no answer says whether it does (${stopping.why}); it ${stands}`;
    default:
      return `${head} ${stands}`;
  }
}

/** The state of a deployment that was left alone, and how to continue. */
function howItStands(run: DeploymentRun, id: string): string {
  const { plan, state } = run;
  const { status = 'created', rollback } = state?.last ?? {};
  const see = deploymentUrl(plan, id);
  if (rollback?.id !== undefined) {
    return `is ${status} and rolled back by ${rollback.id} (${rollback.status ?? 'begun'}); see ${deploymentUrl(plan, rollback.id)}`;
  }
  if (lastSeen(run) !== 'IN_PROGRESS') return `had ended already: ${status}; see ${see}`;
  const goesOn = `is ${status} and keeps running in AWS; watch it at ${see}`;
  return rollback ? goesOn : `${goesOn}, or stop it: ${stopCommand(plan, id)}`;
}

function whatWasDone(plan: Plan, error: unknown, effects: Effects): string {
  const changes = changesSoFar(effects);
  if (error instanceof Uncertain) {
    return `${[...changes, lowerFirst(error.what)].join(', ')}; look at ${serviceUrl(plan.request)}`;
  }
  return changes.length > 0
    ? `${changes.join(', ')}, but no deployment was created; run again to deploy`
    : 'nothing was changed; run again to deploy';
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The last state, where AWS answers immediately. */
async function readLastState(run: DeploymentRun, effects: Effects): Promise<void> {
  const { state, deployment, plan } = run;
  if (!state) return;
  try {
    const { status, rollback } = await controllerFor(plan, effects).readStatus(deployment!);
    if (state.last) run.state = { ...state, last: { ...state.last, status, rollback } };
  } catch {
    // What was seen before stands.
  }
}

import type { Delivery } from '../delivery';
import type { Effects } from '../effects';
import { deploymentUrl, stopCommand } from '../outcome';
import { observed } from './observation';
import { readDeployment } from './reads';
import { tryToRollBack } from './stop';

/**
 * Acts on a signal as `rollback-on` says and looks a last time. The answer is one line: what was left how, and how to go
 * on. A host that sends signals waits only seconds for the end, so no more than that is done.
 */
export async function interrupted(delivery: Delivery, signalName: string, effects: Effects): Promise<string> {
  const { deployment, arn, plan } = delivery;
  if (!deployment) {
    const done = arn ? `${arn} was registered, but no deployment was created` : 'nothing was changed';
    return `interrupted by ${signalName}: ${done}; run again to deploy`;
  }
  const { region, inputs } = plan.request;
  const { id } = deployment;
  const stopped = inputs['rollback-on']?.includes('interrupt') === true && (await tryToRollBack(id, effects));
  await lookOnceMore(delivery, effects);
  const status = delivery.state?.last?.status ?? 'created';
  const head = `interrupted by ${signalName}: deployment ${id}`;
  if (stopped) return `${head} was stopped and is being rolled back; see ${deploymentUrl(region, id)}`;
  return `${head} is ${status} and goes on by itself; watch it at ${deploymentUrl(region, id)}, or stop it: ${stopCommand(region, id)}`;
}

/** The last state, where AWS answers at once. */
async function lookOnceMore(delivery: Delivery, { steady }: Effects): Promise<void> {
  const { state, deployment } = delivery;
  if (!state) return;
  try {
    const seen = observed(await readDeployment(steady.once(), deployment!.id));
    delivery.state = { ...state, last: { ...(state.last ?? seen), status: seen.status, rollback: seen.rollback } };
  } catch {
    // What was seen before stands.
  }
}

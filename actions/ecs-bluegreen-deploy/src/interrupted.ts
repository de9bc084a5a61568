import { alongPath } from './along-path';
import type { Delivery } from './delivery';
import type { Effects } from './effects';
import { deploymentUrl, stopCommand } from './links';
import { shortId } from './text';

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
  const { id } = deployment;
  const wantsRollback = plan.request.inputs['rollback-on']?.includes('interrupt') === true;
  const stopped = wantsRollback && (await alongPath(plan, effects, (path) => path.rollBack(id)));
  await lookOnceMore(delivery, effects);
  const status = delivery.state?.last?.status ?? 'created';
  const head = `interrupted by ${signalName}: deployment ${shortId(id)}`;
  if (stopped) return `${head} was stopped and is being rolled back; see ${deploymentUrl(plan, id)}`;
  return `${head} is ${status} and goes on by itself; watch it at ${deploymentUrl(plan, id)}, or stop it: ${stopCommand(plan, id)}`;
}

/** The last state, where AWS answers at once. */
async function lookOnceMore(delivery: Delivery, effects: Effects): Promise<void> {
  const { state, deployment, plan } = delivery;
  if (!state) return;
  try {
    const { status, rollback } = await alongPath(plan, effects, (path) => path.lookOnce(deployment!.id));
    if (state.last) delivery.state = { ...state, last: { ...state.last, status, rollback } };
  } catch {
    // What was seen before stands.
  }
}

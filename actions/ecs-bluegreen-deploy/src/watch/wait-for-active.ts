import { ActionError, exitStatus } from '../../../../shared/errors';
import { type Polled, poll } from '../../../../shared/poll';
import { type Effects, notKnown, unlessLost } from '../aws/effects';
import type { Request } from '../inputs';
import { formatMinutes, shortId } from '../text';
import type { ActiveDeployments } from './controller';
import { heartbeat } from './watch-state';

/** For whom, and how long, active deployments are waited for. */
export interface Wait {
  readonly request: Request;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/**
 * Waits until active deployments have ended, after stopping them where `if-deploying` says so. A rollback that follows
 * one of them is waited for as well.
 *
 * @throws ActionError (timed out) when the deadline comes first; nothing has been created then
 */
export async function waitForActiveDeployments(
  active: ActiveDeployments,
  ids: readonly string[],
  wait: Wait,
  effects: Effects,
): Promise<void> {
  const { log } = effects;
  const stop = wait.request.inputs['if-deploying'] === 'stop';
  for (const id of ids) {
    if (stop) await active.stop(id);
    else {
      log.info(`Deployment ${shortId(id)} is active: waiting until it has ended (if-deploying: stop would stop it)`);
    }
  }
  let waiting: readonly string[] = ids;
  while (waiting.length > 0) {
    for (const id of waiting) await waitForEnd(active, id, wait, effects);
    waiting = await active.rollbacks();
    for (const id of waiting) log.info(`Rollback ${shortId(id)} has begun: waiting until it has ended`);
  }
}

/** Waits a while for a deployment that the role may not see. @throws ActionError (timed out) when the deadline has come */
export async function waitUnseen({ request, deadline }: Wait, { clock, signal }: Effects): Promise<void> {
  if (clock.now() >= deadline) throw tooLate('a deployment of somebody else', request, 'active');
  await clock.sleep(Math.min(request.inputs['poll-interval-seconds'] * 1_000, deadline - clock.now()), signal);
}

type ActiveState = Awaited<ReturnType<ActiveDeployments['stateOf']>> | typeof notKnown;

async function waitForEnd(
  active: ActiveDeployments,
  id: string,
  { request, deadline }: Wait,
  { clock, log, signal }: Effects,
): Promise<void> {
  const read = async (): Promise<Polled<ActiveState>> => {
    const value = await unlessLost(() => active.stateOf(id));
    const calls = value === notKnown ? 1 : value.calls;
    return { value, calls, slowDown: value === notKnown, isComplete: value !== notKnown };
  };
  const interval = Math.min(request.inputs['poll-interval-seconds'] * 1_000, heartbeat);
  let lastReportedAt = clock.now();
  const wakeAt = () => lastReportedAt + heartbeat;
  let text = '';
  for await (const { value: state, isLast } of poll({ clock, signal, interval, deadline, read, wakeAt })) {
    if (state === notKnown) text = 'not visible, because AWS does not answer';
    else if (state?.active === false) return log.info(`Deployment ${shortId(id)} has ended: ${state.text}`);
    else if (state) text = state.text;
    const now = clock.now();
    if (isLast) throw tooLate(id, request, text);
    if (now - lastReportedAt < heartbeat) continue;
    log.info(`Deployment ${shortId(id)} is still ${text}`);
    lastReportedAt = now;
  }
}

const tooLate = (id: string, { waitFor }: Request, text: string) =>
  new ActionError(
    `cannot create the deployment: ${shortId(id)} was still ${text} after ${formatMinutes(waitFor / 60_000)}; ` +
      'run again later, or with if-deploying: stop',
    { exit: exitStatus.timedOut },
  );

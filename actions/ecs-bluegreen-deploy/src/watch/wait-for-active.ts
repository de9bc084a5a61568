import { ActionError, exitStatus } from '../../../../shared/errors';
import { type Effects, notKnown, unlessLost } from '../aws/effects';
import type { Request } from '../inputs';
import { formatMinutes } from '../plan/traffic';
import { shortId } from '../text';
import type { Way } from './controller';

/** At most 40 looks a minute; where AWS does not answer, fewer. Milliseconds. */
const shortestPause = 1_500;
const longestPause = 30_000;
/** Says that the way is still not free after this many milliseconds of silence. */
const heartbeat = 60_000;

/**
 * Waits until the deployments that are in the way have ended, after stopping them where `if-deploying` says so. A
 * rollback that follows one of them is waited for as well.
 *
 * @throws ActionError (timed out) when the deadline comes first; nothing has been created then
 */
export async function clearTheWay(
  way: Way,
  ids: readonly string[],
  { request, deadline }: { readonly request: Request; readonly deadline: number },
  effects: Effects,
): Promise<void> {
  const { log } = effects;
  const stop = request.inputs['if-deploying'] === 'stop';
  for (const id of ids) {
    if (stop) await way.stop(id);
    else {
      log.info(`Deployment ${shortId(id)} is active: waiting until it has ended (if-deploying: stop would stop it)`);
    }
  }
  let waiting: readonly string[] = ids;
  while (waiting.length > 0) {
    for (const id of waiting) await waitForEnd(way, id, request, deadline, effects);
    waiting = await way.followers();
    for (const id of waiting) log.info(`Rollback ${shortId(id)} has begun: waiting until it has ended`);
  }
}

async function waitForEnd(way: Way, id: string, request: Request, deadline: number, effects: Effects): Promise<void> {
  const { clock, log, signal } = effects;
  const interval = Math.max(request.inputs['poll-interval-seconds'] * 1_000, shortestPause);
  let pause = interval;
  let toldAt = clock.now();
  for (;;) {
    const state = await unlessLost(() => way.stateOf(id));
    if (state !== notKnown && !state.active) return log.info(`Deployment ${shortId(id)} has ended: ${state.text}`);
    const text = state === notKnown ? 'not to be seen, as AWS does not answer' : state.text;
    const now = clock.now();
    if (now >= deadline) throw tooLate(id, request, text);
    if (now - toldAt >= heartbeat) {
      log.info(`Deployment ${shortId(id)} is still ${text}`);
      toldAt = now;
    }
    pause = state === notKnown ? Math.min(pause * 2, longestPause) : interval;
    await clock.sleep(Math.min(pause, deadline - now, heartbeat), signal);
  }
}

const tooLate = (id: string, { waitFor }: Request, text: string) =>
  new ActionError(
    `cannot create the deployment: ${shortId(id)} was still ${text} after ${formatMinutes(waitFor / 60_000)}; ` +
      'run again later, or with if-deploying: stop',
    { exit: exitStatus.timedOut },
  );

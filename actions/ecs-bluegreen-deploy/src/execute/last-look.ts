import { isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import { type Polled, poll } from '../../../../shared/poll';
import type { Effects } from '../aws/effects';
import { whyUnread } from '../aws/reads';
import { unknownTime } from '../plan/current-state';
import { judge, type Serving, type Verdict } from '../plan/serving';
import type { Controller } from '../watch/controller';
import { diagnose } from '../watch/diagnose';
import type { DeploymentRun, RunEnd } from '../watch/model';
import { heartbeat } from '../watch/watch-state';

/** How long targets that are not healthy yet are waited for, in milliseconds, within the deadline. */
const longestWait = 5 * 60_000;
/** That nothing answers is reported once it was seen this many times in a row. */
const looksForNone = 2;

/**
 * What AWS calls a success, traffic that has moved, and a revision that runs already are looked at once more: AWS checks nothing of
 * the new tasks where all the traffic moves at once, and a repeated run must not call a success what was none. What cannot be read
 * changes nothing.
 */
export async function lookAgain(
  run: DeploymentRun,
  end: RunEnd,
  { controller, say }: { readonly controller: Controller; readonly say: (text: string) => void },
  effects: Effects,
): Promise<RunEnd> {
  const hasMoved = end.status === 'IN_PROGRESS' && end.reached === 'traffic-shifted';
  const isClaimed = end.status === 'SUCCEEDED' || end.status === 'UNCHANGED' || hasMoved;
  if (!isClaimed) return end;
  const verdict = await waitForTargets(run, controller, say, effects);
  run.serves = verdict.serves;
  const why = verdict.reasons.join('; ');
  const tasks = run.deployment ? 'new tasks' : 'tasks';
  if (verdict.serves === 'some') effects.log.warn(`Not all of the ${tasks} answer: ${why}`);
  if (verdict.serves === 'unknown' || verdict.serves === 'replaced')
    effects.log.info(`Whether the ${tasks} answer is not known: ${why}`);
  if (!isBad(verdict)) return end;
  await diagnose(run, controller, effects);
  return { status: 'UNHEALTHY', cause: why, isOver: !hasMoved };
}

const isBad = ({ serves }: Verdict) => serves === 'none' || serves === 'gone';

async function waitForTargets(
  { deployment, arn, deadline, plan }: DeploymentRun,
  controller: Controller,
  say: (text: string) => void,
  { clock, signal }: Effects,
): Promise<Verdict> {
  const createdAt = deployment?.createdAt ?? unknownTime;
  const began = clock.now();
  let verdict: Verdict = { serves: 'unknown', waits: true, reasons: ['AWS does not answer'] };
  let none = 0;
  /** Why the last read gave nothing. */
  let missed: string | undefined;
  let lastSaidAt = Number.NEGATIVE_INFINITY;
  const read = async (): Promise<Polled<Serving | undefined>> => {
    try {
      const value = await controller.serving(deployment, arn!);
      missed = undefined;
      return { value, calls: 1 + value.groups.length, slowDown: false, isComplete: true };
    } catch (error) {
      const why = whyUnread(error);
      if (!isThrottling(error) && !isLostAnswer(error)) return { ...gone, value: unseen(why) };
      if (verdict.serves === 'unknown') verdict = { ...verdict, reasons: [why] };
      else missed = why;
      return { ...gone, value: undefined, slowDown: isThrottling(error), isComplete: false };
    }
  };
  const polling = {
    clock,
    signal,
    interval: plan.request.inputs['poll-interval-seconds'] * 1_000,
    deadline: Math.min(deadline, began + longestWait),
    read,
    wakeAt: () => Math.max(lastSaidAt, began) + heartbeat,
  };
  for await (const { value, isLast } of poll(polling)) {
    if (value) {
      verdict = withUnread(judge(value, clock.now() - createdAt), value);
      none = isBad(verdict) ? none + 1 : 0;
    }
    // Nothing was begun that the others could be waited for.
    const isSettled = !verdict.waits || (!deployment && verdict.serves !== 'none');
    const isSure = value && isSettled && (!isBad(verdict) || none >= looksForNone);
    if (isSure || isLast) break;
    if (clock.now() - lastSaidAt < heartbeat) continue;
    say(`${'health'.padEnd(22)} ${verdict.reasons.join('; ')}; looking again`);
    lastSaidAt = clock.now();
  }
  if (missed === undefined) return verdict;
  return {
    ...verdict,
    reasons: [...verdict.reasons, `so it was seen last, and it could not be read again: ${missed}`],
  };
}

/** Without its targets, tasks that run may answer or not. */
const withUnread = (verdict: Verdict, { unread }: Serving): Verdict => ({
  ...verdict,
  serves: unread.length > 0 && verdict.serves === 'all' ? 'unknown' : verdict.serves,
  reasons: [...verdict.reasons, ...unread],
});

/** A read that gave nothing. */
const gone = { calls: 2, slowDown: false, isComplete: true };

/** Where the service itself cannot be read any more, as with credentials that have expired, nothing is known. */
const unseen = (why: string): Serving => ({ tasks: { running: 1, desired: 1 }, groups: [], grace: 0, unread: [why] });

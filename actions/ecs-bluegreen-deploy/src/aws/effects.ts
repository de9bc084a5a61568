import { callOf, isUnreadable, isUnsent } from '../../../../shared/aws/call';
import type { Aws } from '../../../../shared/aws/clients';
import { explainAwsError, isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import { type Backoff, pauseAfter } from '../../../../shared/backoff';
import type { Timer } from '../../../../shared/clock';
import type { Log } from '../../../../shared/host/log';

/** Everything through which a plan is carried out. */
export interface Effects {
  /** Ends its requests when the action is interrupted: for reading. */
  readonly aws: Aws;
  /** Finishes its requests, some seconds after an interruption at the latest: for changes, and for what is reported at the end. */
  readonly uninterruptible: Aws;
  readonly clock: Timer;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What was changed so far, each as a clause: `the desired count was set to 4`. Reported when the run ends early. */
  readonly done: string[];
}

/** What was changed so far, and what may have been, each as a clause. */
export const changesSoFar = ({ done, uninterruptible }: Pick<Effects, 'done' | 'uninterruptible'>): string[] => [
  ...done,
  ...uninterruptible.unanswered().map((call) => `whether ${call} took effect is not known`),
];

/**
 * What became of a change is not known, or not all of it. `what` is a sentence for the person who has to continue; the cause
 * is why no more is known. `accepted` says that AWS has taken the deployment, with its id where AWS told it.
 */
export class Uncertain extends Error {
  override readonly name = 'Uncertain';

  constructor(
    readonly what: string,
    override readonly cause: unknown,
    readonly accepted?: { readonly id: string | undefined; readonly createdAt: number },
  ) {
    super(what);
  }
}

/** In place of what could not be read: the role may not read it, or AWS does not answer for now. */
export const notKnown = Symbol('not known');

/** A change that must not be made twice. */
export interface Change<T> {
  /** The sentence for when its outcome stays unknown. */
  readonly uncertain: string;
  send(): Promise<T>;
  /** Looks for what a request has done whose answer was lost; undefined where it has done nothing. */
  recognise(): Promise<T | undefined | typeof notKnown>;
  /**
   * Each request makes the change once more: of so many whose outcome is not known, or of one that AWS has taken without a readable
   * answer, none follows as long as that is not known. Without it, another request does no harm.
   */
  readonly mostUnknown?: number;
  /** Whether what the change rests on is not as it was. Asked each time before the change is sent again. */
  isOutdated?(): Promise<boolean | typeof notKnown>;
}

/** What a change rests on has changed while AWS did not take it. It was not made: whoever asked for it has to read and decide again. */
export class Outdated extends Error {
  override readonly name = 'Outdated';
}

const attempts = 6;

/** Half of a pause is certain: what a lost request has done is not visible immediately. */
const backoff: Backoff = { firstMs: 1_000, longestMs: 32_000, certain: 0.5 };

/**
 * Makes a change that must not be made twice. It is sent once; when the answer is lost AWS is searched for it before it is
 * sent again. Throttling is waited out: AWS did nothing then. Seconds may pass either way, so what the change rests on is read again
 * before it is sent again.
 *
 * @throws the reason of the signal, when it is known that nothing was done
 * @throws Outdated when something came in between, and it is known that nothing was done
 * @throws Uncertain when an answer was lost, and the change was not found
 */
export async function changeOnce<T>(
  change: Change<T>,
  { clock, log, signal }: Pick<Effects, 'clock' | 'log' | 'signal'>,
): Promise<T> {
  const { mostUnknown } = change;
  // What was sent once and not answered may take effect later, however often it is not found.
  let unanswered = 0;
  let failure: unknown;
  const end = (why: unknown) => (unanswered === 0 ? why : new Uncertain(change.uncertain, why));
  // Whoever may not read may not change either, such as after the end of the credentials; that is what to correct.
  const noteRefusal = (why: unknown) => {
    failure = why;
  };
  for (let attempt = 1; ; attempt++) {
    // What is known not to have been done is not begun any more.
    if (signal.aborted) throw end(signal.reason);
    const isOutdated = attempt > 1 && change.isOutdated ? await ask(change.isOutdated, noteRefusal) : false;
    if (isOutdated === true && unanswered === 0) throw new Outdated();
    let isLost = false;
    if (isOutdated === false) {
      try {
        return await change.send();
      } catch (error) {
        isLost = isLostAnswer(error);
        if (!(isLost || isThrottling(error))) throw end(error);
        failure = error;
        if (isLost && !isUnsent(error)) unanswered += isUnreadable(error) ? (mostUnknown ?? 1) : 1;
      }
    }
    if (attempt === attempts && unanswered === 0) throw failure;
    if (isOutdated !== true) await pauseUnlessAborted(attempt, { clock, signal });
    const mayHarm = mostUnknown !== undefined && unanswered >= mostUnknown;
    const isSearched = isLost || unanswered > 0;
    const recognised = isSearched ? await search(change, mayHarm ? attempts : 1, { clock, signal }) : undefined;
    if (recognised !== undefined && recognised !== notKnown) {
      log.info('The answer of AWS was lost, but what was asked for is there.');
      return recognised;
    }
    // What came in between may be what the request has done, which then has been found now.
    if (isOutdated === true) throw new Uncertain(`${change.uncertain}; ${notAgain}`, failure);
    if (attempt === attempts || (mayHarm && recognised === notKnown)) throw end(failure);
  }
}

const notAgain = 'it was not asked for again, as another change came in between';

/** An interruption does not end a change: what was sent must be known before the action may leave. But then there are only seconds. */
async function pauseUnlessAborted(
  attempt: number,
  { clock, signal }: Pick<Effects, 'clock' | 'signal'>,
): Promise<void> {
  if (!signal.aborted) await clock.sleep(pauseAfter(attempt, backoff), signal).catch(() => {});
}

/** Searches for a change up to this many times, until AWS answers. */
async function search<T>(
  change: Change<T>,
  times: number,
  { clock, signal }: Pick<Effects, 'clock' | 'signal'>,
): Promise<T | undefined | typeof notKnown> {
  for (let attempt = 1; ; attempt++) {
    const found = await ask(change.recognise);
    if (found !== notKnown || attempt >= times || signal.aborted) return found;
    await pauseUnlessAborted(attempt, { clock, signal });
  }
}

/** Whatever AWS says to a question about a change, such as that the credentials have expired, says nothing about the change. */
async function ask<T>(
  question: () => Promise<T>,
  onRefusal: (why: unknown) => void = () => {},
): Promise<T | typeof notKnown> {
  try {
    return await question();
  } catch (error) {
    if (!explainAwsError(error)) throw error;
    if (!isLostAnswer(error) && !isThrottling(error)) onRefusal(error);
    return notKnown;
  }
}

/**
 * What came of stopping a deployment. It had ended by itself, could not be stopped, could not be asked to stop because what that
 * requires could not be read, or no answer says whether it was stopped.
 */
export type StopResult =
  | { readonly result: 'stopped' }
  | { readonly result: 'ended' }
  | { readonly result: 'failed' | 'unsent' | 'unanswered'; readonly why: string };

/** Stops a deployment at the end of a run, where a failure to stop it must not hide why it was to be stopped. */
export async function tryToStop(stop: () => Promise<boolean>): Promise<StopResult> {
  try {
    return { result: (await stop()) ? 'stopped' : 'ended' };
  } catch (error) {
    const why = explainAwsError(error)?.message ?? (error instanceof Error ? error.message : String(error));
    if (!isLostAnswer(error) && !isThrottling(error)) return { result: 'failed', why };
    return { result: /^Stop/.test(callOf(error)?.operation ?? '') ? 'unanswered' : 'unsent', why };
  }
}

/** What a read gives, or that it is not known where AWS does not answer for now. */
export async function unlessLost<T>(read: () => Promise<T>): Promise<T | typeof notKnown> {
  try {
    return await read();
  } catch (error) {
    if (!isLostAnswer(error) && !isThrottling(error)) throw error;
    return notKnown;
  }
}

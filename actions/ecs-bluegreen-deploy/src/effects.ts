import type { Aws } from '../../../shared/aws/clients';
import { isLostAnswer, isThrottling } from '../../../shared/aws/errors';
import type { Clock } from '../../../shared/clock';
import type { Log } from '../../../shared/host/log';

/** Everything through which a plan is carried out. */
export interface Effects {
  /** Ends its requests when the action is interrupted: for looking. */
  readonly aws: Aws;
  /** Finishes its requests: for changes, and for what is said at the end. */
  readonly steady: Aws;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const attempts = 6;

/**
 * Makes a change that must not be made twice. It is sent once; when the answer is lost it is looked for before it is
 * sent again. Throttling is waited out: AWS did nothing then.
 *
 * @throws the reason of the signal, when it is known that nothing was done
 */
export async function changeOnce<T>(
  send: () => Promise<T>,
  recognise: () => Promise<T | undefined>,
  { clock, log, signal }: Pick<Effects, 'clock' | 'log' | 'signal'>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    // What is known not to have been done is not begun any more.
    if (signal.aborted) throw signal.reason;
    try {
      return await send();
    } catch (error) {
      const lost = isLostAnswer(error);
      if (attempt === attempts || !(lost || isThrottling(error))) throw error;
      // An interruption does not end this: what was sent must be known before the action may leave.
      await clock.sleep(backoff(attempt));
      const known = lost ? await recognise() : undefined;
      if (known === undefined) continue;
      log.info('The answer of AWS was lost, but what was asked for is there.');
      return known;
    }
  }
}

/** Milliseconds before the next attempt: doubled each time, with jitter. */
const backoff = (attempt: number) => 1_000 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);

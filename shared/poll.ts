import type { Timer } from './clock';

/** What a read gave, and what it means for the time of the next one. */
export interface Polled<T> {
  readonly value: T;
  /** Calls that it made. */
  readonly calls: number;
  /** Whether to read less often for a while, as when the other side is throttling. */
  readonly slowDown: boolean;
  /** Whether it shows enough to decide on, at the deadline. */
  readonly isComplete: boolean;
}

/** A step of a poll. */
export interface PollStep<T> {
  /** What was read; undefined where the poll only woke. */
  readonly value: T | undefined;
  /** The time is up: what can be known at the deadline is known. Before, nothing is to be decided because of the time. */
  readonly isLast: boolean;
}

/** How to poll. Times are milliseconds. */
export interface Polling<T> {
  readonly clock: Timer;
  /** Ends the polling with its reason. */
  readonly signal?: AbortSignal;
  /** Between two reads, at least. */
  readonly interval: number;
  /** A time of the clock: what is due after it is read at it. Default: none. */
  readonly deadline?: number;
  read(): Promise<Polled<T>>;
  /** The time of the clock at which to wake although nothing is read, such as for a sign of life. */
  wakeAt?(): number;
}

/** The limits of AWS's services are not published; this leaves room for others in the account. */
const callsPerMinute = 40;
const perCall = 60_000 / callsPerMinute;
/** A slowdown doubles the pause up to this many milliseconds. */
const longestPause = 30_000;
/** The longest sleep, in milliseconds, so that the deadline and the sign of life come in time whatever a caller asks for. */
const longestSleep = 60_000;
/** Where nothing can be read at the deadline, it is tried again for so long, with such pauses. Milliseconds. */
const lastTries = 20_000;
const lastPause = 3_000;

/**
 * Reads again and again, with no more than 40 calls a minute. A step comes after each read, and where it woke without one; a
 * read that takes long holds up neither. It does not end by itself: its caller leaves the loop, as at the last step.
 *
 * What decides at the deadline was read from the deadline on. Where nothing complete can be read then, it is read again for up
 * to 20 seconds before the last step.
 *
 * @throws what `read` throws, and the reason of the signal
 */
export async function* poll<T>(polling: Polling<T>): AsyncGenerator<PollStep<T>> {
  const { clock, signal, interval, deadline = Number.POSITIVE_INFINITY } = polling;
  const wakeAt = () => polling.wakeAt?.() ?? Number.POSITIVE_INFINITY;
  const end = Math.max(deadline, clock.now()) + lastTries;
  let pause = interval;
  let dueAt = clock.now();
  let reading: Reading<T> | undefined;
  for (;;) {
    const now = clock.now();
    const isOutdated = reading !== undefined && reading.at < deadline && now >= deadline;
    if (isOutdated || (!reading && now >= dueAt && now < end)) reading = begin(polling);
    const limit = Math.min(now < deadline ? deadline : end, Math.max(now + 1, wakeAt()));
    const polled = reading && (await inTime(reading.polled, polling, limit));
    const then = clock.now();
    const isDecisive = polled?.isComplete === true && reading!.at >= deadline;
    if (reading && polled) {
      pause = polled.slowDown ? Math.min(Math.max(longestPause, interval), pause * 2) : Math.max(interval, pause / 2);
      const regular = then + Math.max(pause, polled.calls * perCall);
      dueAt = reading.at < deadline ? Math.max(then, Math.min(deadline, regular)) : then + lastPause;
      reading = undefined;
    }
    yield { value: polled?.value, isLast: isDecisive || then >= end };
    if (reading) continue;
    const until = Math.min(dueAt, wakeAt(), end) - clock.now();
    await clock.sleep(Math.max(1, Math.min(longestSleep, until)), signal);
  }
}

/** A read that is under way. */
interface Reading<T> {
  readonly at: number;
  readonly polled: Promise<Polled<T>>;
}

function begin<T>({ clock, read }: Polling<T>): Reading<T> {
  const at = clock.now();
  const polled = read();
  // One that is left behind fails unheard.
  polled.catch(() => {});
  return { at, polled };
}

/** What a job gives by a time of the clock, else undefined. @throws what the job throws, and the reason of the signal */
async function inTime<T>(job: Promise<T>, { clock, signal }: Polling<unknown>, at: number): Promise<T | undefined> {
  let cancel = () => {};
  const late = new Promise<undefined>((resolve, reject) => {
    const leave = () => reject(signal?.reason);
    const stop = Number.isFinite(at) ? clock.after(at - clock.now(), () => resolve(undefined)) : () => {};
    signal?.addEventListener('abort', leave, { once: true });
    cancel = () => {
      stop();
      signal?.removeEventListener('abort', leave);
    };
    if (signal?.aborted) leave();
  });
  try {
    return await Promise.race([job, late]);
  } finally {
    cancel();
  }
}

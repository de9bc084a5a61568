import type { Clock } from './clock';

/** What a read gave, and what it means for the time of the next one. */
export interface Polled<T> {
  readonly value: T;
  /** Calls that it made. */
  readonly calls: number;
  /** Whether to read less often for a while, as when the other side is throttling. */
  readonly slowDown: boolean;
}

/** How to poll. Times are milliseconds. */
export interface Polling<T> {
  readonly clock: Clock;
  /** Ends the polling with its reason. */
  readonly signal?: AbortSignal;
  /** Between two reads, at least. */
  readonly interval: number;
  /** A time of the clock: what is due after it is read at it. Default: none. */
  readonly deadline?: number;
  read(): Promise<Polled<T>>;
  /** The time of the clock at which to wake although nothing is to be read, such as for a sign of life. */
  wakeAt?(): number;
}

/** The limits of AWS's services are not published; this leaves room for others in the account. */
const callsPerMinute = 40;
const perCall = 60_000 / callsPerMinute;
/** A slowdown doubles the pause up to this many milliseconds. */
const longestPause = 30_000;
/** No sleep is longer, in milliseconds: the deadline and the sign of life come in time whatever a caller asks for. */
const longestSleep = 60_000;

/**
 * Reads again and again, with no more than 40 calls a minute. Yields what each read gave, and undefined when it woke
 * without one. It does not end by itself: its caller leaves the loop, as when it was read at the deadline.
 *
 * @throws what `read` throws, and the reason of the signal
 */
export async function* poll<T>(polling: Polling<T>): AsyncGenerator<T | undefined> {
  const { clock, signal, interval, deadline = Number.POSITIVE_INFINITY, wakeAt } = polling;
  let pause = interval;
  let dueAt = clock.now();
  for (;;) {
    let value: T | undefined;
    if (clock.now() >= Math.min(dueAt, deadline)) {
      const polled = await polling.read();
      value = polled.value;
      pause = polled.slowDown ? Math.min(Math.max(longestPause, interval), pause * 2) : Math.max(interval, pause / 2);
      dueAt = clock.now() + Math.max(pause, polled.calls * perCall);
    }
    yield value;
    const now = clock.now();
    const untilRead = deadline > now ? Math.min(dueAt, deadline) - now : dueAt - now;
    const untilWake = wakeAt ? wakeAt() - now : longestSleep;
    await clock.sleep(Math.max(1, Math.min(longestSleep, untilRead, untilWake)), signal);
  }
}

import type { SimulationClock } from '../aws/clock';

export interface ErrorAlarm {
  close(): void;
}

export interface ErrorAlarmOptions {
  readonly clock: Pick<SimulationClock, 'after'>;
  /** How many answers with status 500 there have been so far. */
  readonly failed: () => number;
  /** This many in each of two consecutive minutes set off the alarm. */
  readonly threshold: number;
  /** Called when the alarm goes off, with the number of errors of that minute, and when it is over. */
  readonly changed: (state: 'ALARM' | 'OK', failed: number) => void;
}

const minute = 60_000;

/**
 * A CloudWatch alarm on the load balancer's HTTPCode_Target_5XX_Count: the sum of a minute, two datapoints of two. Its minutes
 * are those of the clock.
 */
export function watchErrors({ clock, failed, threshold, changed }: ErrorAlarmOptions): ErrorAlarm {
  let before = failed();
  let state: 'ALARM' | 'OK' = 'OK';
  let wasBad = false;
  const evaluate = () => {
    const now = failed();
    const sum = now - before;
    before = now;
    const isBad = sum >= threshold;
    const next = isBad && wasBad ? 'ALARM' : 'OK';
    wasBad = isBad;
    if (next !== state) changed(next, sum);
    state = next;
    cancel = clock.after(minute, evaluate);
  };
  let cancel = clock.after(minute, evaluate);
  return { close: () => cancel() };
}

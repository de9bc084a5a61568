import { explainAwsError, isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import type { Clock } from '../../../../shared/clock';
import { type Polled, poll } from '../../../../shared/poll';
import type { DeploymentEvent } from './events';
import type { Snapshot } from './snapshot';
import { heartbeat, type Next, type WatchState, watchEnd, watchRollback } from './watch-state';

/** A deployment that is watched. The kind of its snapshots stays inside. */
export interface DeploymentWatch {
  /** What is known now. */
  readonly state: WatchState;
  /** Reads the deployment once. @throws errors of AWS where the deployment itself cannot be read */
  poll(): Promise<PollCost>;
  /** Moves the state on by what was read since, or by the time alone. The answer is what is new. */
  advance(now: number): readonly DeploymentEvent[];
  /** Goes on, after the time was up, with the rollback that was asked for. */
  followRollback(cause: string, deadline: number): void;
  /** Goes on, after the time was up, with a deployment that had ended just then. */
  followEnd(deadline: number): void;
}

export interface PollCost {
  /** Calls that were made. */
  readonly calls: number;
  /** An error that kept a part from being read this time. */
  readonly trouble: unknown;
}

/** What a poll gave. */
export interface PollResult<S extends Snapshot> extends PollCost {
  readonly snapshot: S;
}

/** Reads a deployment again and again. */
export interface Poller<S extends Snapshot> {
  /** Reads it once, with a few calls. @throws errors of AWS where the deployment itself cannot be read */
  poll(state: WatchState<S>): Promise<PollResult<S>>;
}

/** Watches a deployment of one controller from a state on, by its poller and its moves. */
export function watchBy<S extends Snapshot>(start: WatchState<S>, poller: Poller<S>, next: Next<S>): DeploymentWatch {
  let state = start;
  let fresh: S | undefined;
  return {
    get state() {
      return state;
    },
    async poll() {
      const { snapshot, calls, trouble } = await poller.poll(state);
      fresh = snapshot;
      return { calls, trouble };
    },
    advance(now) {
      const step = next(state, fresh, now);
      fresh = undefined;
      state = step.state;
      return step.events;
    },
    followRollback(cause, deadline) {
      state = watchRollback(state, cause, deadline);
    },
    followEnd(deadline) {
      state = watchEnd(state, deadline);
    },
  };
}

/** Something that happened while a deployment was watched. */
export interface Step {
  readonly at: number;
  readonly state: WatchState;
  readonly events: readonly DeploymentEvent[];
}

export interface Watching {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds between two polls. */
  readonly interval: number;
  /** Hears that polling does not work for now, and why. */
  readonly say: (line: string) => void;
}

/** Watches until the state has an end, and yields each step that brings news. @throws the reason of the signal */
export async function* watchDeployment(
  watch: DeploymentWatch,
  { clock, signal, interval, say }: Watching,
): AsyncGenerator<Step> {
  let troubled = false;
  const read = async (): Promise<Polled<true>> => {
    const { calls, throttled, trouble } = await attempt(watch);
    if (trouble && !troubled) say(`${trouble}. Still trying.`);
    troubled = trouble !== undefined;
    return { value: true, calls, slowDown: throttled };
  };
  const wakeAt = () => watch.state.lastReportedAt + heartbeat;
  // The last read is at the deadline itself: what ended just before it did not time out.
  for await (const _ of poll({ clock, signal, interval, deadline: watch.state.deadline, read, wakeAt })) {
    const at = clock.now();
    const events = watch.advance(at);
    if (events.length > 0) yield { at, state: watch.state, events };
    if (watch.state.end) return;
  }
}

interface Attempt {
  readonly calls: number;
  readonly throttled: boolean;
  /** What kept a part, or all, from being read. */
  readonly trouble: string | undefined;
}

/** A read that AWS throttles, or whose answer is lost, is made again later: the deployment goes on meanwhile. */
async function attempt(watch: DeploymentWatch): Promise<Attempt> {
  try {
    const { calls, trouble } = await watch.poll();
    return { calls, ...troubleOf(trouble) };
  } catch (error) {
    if (!isThrottling(error) && !isLostAnswer(error)) throw error;
    return { calls: 2, ...troubleOf(error) };
  }
}

function troubleOf(error: unknown): Pick<Attempt, 'throttled' | 'trouble'> {
  if (error === undefined) return { throttled: false, trouble: undefined };
  const throttled = isThrottling(error);
  return { throttled, trouble: throttled ? 'AWS is throttling; looking less often' : explainAwsError(error)?.message };
}

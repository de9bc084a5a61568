import { explainAwsError, isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import type { Timer } from '../../../../shared/clock';
import { type Polled, poll } from '../../../../shared/poll';
import type { DeploymentEvent, Snapshot, WatchState } from './model';
import { heartbeat, type Next, watchRollback, watchUntil } from './watch-state';

/** A deployment that is watched. The kind of its snapshots stays inside. */
export interface DeploymentWatch {
  /** What is known now. */
  readonly state: WatchState;
  /** Reads the deployment once. @throws errors of AWS where the deployment itself cannot be read */
  poll(): Promise<PollCost>;
  /**
   * Moves the state on by what was read since, or by the time alone. The answer is what is new. Until the last step of the polling,
   * the deadline decides nothing.
   */
  advance(now: number, isLast: boolean): readonly DeploymentEvent[];
  /** Continues, after the time was up, with the rollback that was requested. */
  followRollback(cause: string, deadline: number): void;
  /** Continues, after the time was up, until another deadline: with a deployment that had just ended, or to see its state now. */
  extend(deadline: number): void;
}

export interface PollCost {
  /** Calls that were made. */
  readonly calls: number;
  /** An error that kept a part from being read this time. */
  readonly trouble: unknown;
  /** Whether it shows all that the end of the watching depends on. */
  readonly isComplete: boolean;
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
  let fresh: PollResult<S> | undefined;
  let polls = 0;
  return {
    get state() {
      return state;
    },
    async poll() {
      const poll = ++polls;
      // What an earlier poll gave after nobody waited for it any more is old by now.
      fresh = undefined;
      const result = await poller.poll(state);
      // A poll that was overtaken shows an older state.
      if (poll === polls) fresh = result;
      return result;
    },
    advance(now, isLast) {
      const { deadline } = state;
      const seenAt = fresh?.isComplete ? now : state.seenAt;
      const until = isLast ? deadline : Math.max(deadline, now + 1);
      const step = next({ ...state, seenAt, deadline: until }, fresh?.snapshot, now);
      fresh = undefined;
      state = { ...step.state, deadline };
      return step.events;
    },
    followRollback(cause, deadline) {
      state = watchRollback(state, cause, deadline);
    },
    extend(deadline) {
      state = watchUntil(state, deadline);
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
  readonly clock: Timer;
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
    const { throttled, trouble, ...rest } = await attempt(watch);
    if (trouble && !troubled) say(`${trouble}. Still trying.`);
    troubled = trouble !== undefined;
    return { ...rest, value: true, slowDown: throttled };
  };
  const { deadline } = watch.state;
  const wakeAt = () => watch.state.lastReportedAt + heartbeat;
  for await (const { isLast } of poll({ clock, signal, interval, deadline, read, wakeAt })) {
    const at = clock.now();
    const events = watch.advance(at, isLast);
    if (events.length > 0) yield { at, state: watch.state, events };
    if (watch.state.end) return;
  }
}

interface Attempt extends Pick<PollCost, 'calls' | 'isComplete'> {
  readonly throttled: boolean;
  /** What kept a part, or all, from being read. */
  readonly trouble: string | undefined;
}

/** A read that AWS throttles, or whose answer is lost, is repeated later: the deployment continues in the meantime. */
async function attempt(watch: DeploymentWatch): Promise<Attempt> {
  try {
    const { calls, trouble, isComplete } = await watch.poll();
    return { calls, isComplete, ...troubleOf(trouble) };
  } catch (error) {
    if (!isThrottling(error) && !isLostAnswer(error)) throw error;
    return { calls: 2, isComplete: false, ...troubleOf(error) };
  }
}

function troubleOf(error: unknown): Pick<Attempt, 'throttled' | 'trouble'> {
  if (error === undefined) return { throttled: false, trouble: undefined };
  const throttled = isThrottling(error);
  return { throttled, trouble: throttled ? 'AWS is throttling; polling less often' : explainAwsError(error)?.message };
}

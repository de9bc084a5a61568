import { explainAwsError, isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import type { Clock } from '../../../../shared/clock';
import type { DeploymentEvent } from './events';
import type { Looker } from './looker';
import type { Seen } from './snapshot';
import type { Next, State } from './watch-state';

/** Something that happened while a deployment was watched. */
export interface Step<O extends Seen = Seen> {
  readonly at: number;
  readonly state: State<O>;
  readonly events: readonly DeploymentEvent[];
}

export interface Watching<O extends Seen> {
  readonly looker: Looker<O>;
  readonly next: Next<O>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Says that looking does not work for now, and why. */
  readonly tell: (line: string) => void;
}

/** The limits of the services are not published; 40 calls a minute leave room for others in the account. */
const perCall = 60_000 / 40;
/** Throttling doubles the pause up to this many milliseconds. */
const longestPause = 30_000;
/** No pause is longer, so that the heartbeat and the deadline are in time. */
const longestSleep = 60_000;

/** Watches until the state has an end, and yields each step that brings news. @throws the reason of the signal */
export async function* watch<O extends Seen>(
  start: State<O>,
  { looker, next, clock, signal, interval, tell }: Watching<O>,
): AsyncGenerator<Step<O>> {
  let state = start;
  let pause = interval;
  let dueAt = clock.now();
  let troubled = false;
  while (!state.end) {
    let observation: O | undefined;
    // The last look is at the deadline itself: what ended just before it did not time out.
    if (clock.now() >= Math.min(dueAt, state.deadline)) {
      const look = await attempt(looker, state);
      if (look.trouble && !troubled) tell(`${look.trouble}. Still trying.`);
      troubled = look.trouble !== undefined;
      observation = look.observation;
      pause = look.throttled ? Math.min(Math.max(longestPause, interval), pause * 2) : Math.max(interval, pause / 2);
      dueAt = clock.now() + Math.max(pause, look.calls * perCall);
    }
    const at = clock.now();
    const step = next(state, observation, at);
    state = step.state;
    if (step.events.length > 0) yield { at, state, events: step.events };
    if (!state.end) await clock.sleep(Math.max(1, pauseUntil(dueAt, state, clock.now())), signal);
  }
}

/** Up to the next look, but not past the deadline nor past a minute of silence. */
const pauseUntil = (dueAt: number, { deadline, toldAt }: State, now: number) =>
  Math.min(
    longestSleep,
    dueAt - now,
    deadline > now ? deadline - now : dueAt - now,
    Math.max(toldAt + longestSleep - now, 1),
  );

interface Attempt<O extends Seen> {
  readonly observation: O | undefined;
  readonly calls: number;
  readonly throttled: boolean;
  /** What kept a part, or all, from being seen. */
  readonly trouble: string | undefined;
}

/** A look that AWS throttles, or whose answer is lost, is made again later: the deployment goes on meanwhile. */
async function attempt<O extends Seen>(looker: Looker<O>, state: State<O>): Promise<Attempt<O>> {
  try {
    const { observation, calls, trouble } = await looker.look(state);
    return { observation, calls, ...troubleOf(trouble) };
  } catch (error) {
    if (!isThrottling(error) && !isLostAnswer(error)) throw error;
    return { observation: undefined, calls: 2, ...troubleOf(error) };
  }
}

function troubleOf(error: unknown): Pick<Attempt<Seen>, 'throttled' | 'trouble'> {
  if (error === undefined) return { throttled: false, trouble: undefined };
  const throttled = isThrottling(error);
  return { throttled, trouble: throttled ? 'AWS is throttling; looking less often' : explainAwsError(error)?.message };
}

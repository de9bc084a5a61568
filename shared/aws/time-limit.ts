import { setMaxListeners } from 'node:events';
import { systemClock, type Timer } from '../clock';

/** How long AWS may take to answer. */
export interface TimeLimits {
  /** Every request ends when it is aborted. */
  readonly signal?: AbortSignal;
  /** When it is aborted, a request has little time left: the sender of a signal waits only seconds for the end. */
  readonly interrupted?: AbortSignal;
  /** Measures the limits. Default: the machine's. */
  readonly clock?: Pick<Timer, 'after'>;
}

/** Milliseconds that a request may take from connecting to the last byte of its answer; then it is given up and tried again. */
const requestLimit = 10_000;
/** What is left to a request when a signal comes. */
const interruptedLimit = 2_000;

type Handle = (request: unknown, options?: { readonly abortSignal?: AbortSignal }) => Promise<unknown>;

interface Body {
  once(event: 'close', listener: () => void): void;
  destroy(reason: Error): void;
}

/**
 * Bounds each request of a client, its body included: the SDK's own limit ends with the headers of an answer.
 *
 * @throws (from the requests) the SDK's TimeoutError, which it takes for a reason to try again; the reason of the signal
 */
export function limitTime(handler: { handle: Handle }, limits: TimeLimits): void {
  const handle = handler.handle.bind(handler);
  // Every request that is on its way listens; Node would take more than ten for a leak.
  for (const source of [limits.signal, limits.interrupted]) if (source) setMaxListeners(0, source);
  handler.handle = async (request, options) => {
    const limit = startLimit(limits, options?.abortSignal);
    try {
      const answer = (await handle(request, { ...options, abortSignal: limit.signal })) as {
        response?: { body?: Body };
      };
      limit.lasts(answer?.response?.body);
      return answer;
    } catch (error) {
      limit.end();
      throw limit.signal.aborted ? limit.signal.reason : error;
    }
  };
}

interface Limit {
  readonly signal: AbortSignal;
  /** Goes on until the body of the answer has been read. */
  lasts(body: Partial<Body> | undefined): void;
  end(): void;
}

function startLimit({ signal, interrupted, clock = systemClock }: TimeLimits, own: AbortSignal | undefined): Limit {
  const ending = new AbortController();
  const over = () => ending.abort(timeout());
  let cancel = clock.after(requestLimit, over);
  const listeners: [AbortSignal, () => void][] = [];
  const on = (source: AbortSignal | undefined, act: () => void) => {
    if (source?.aborted) return act();
    source?.addEventListener('abort', act, { once: true });
    if (source) listeners.push([source, act]);
  };
  for (const source of [signal, own]) on(source, () => ending.abort(source?.reason));
  on(interrupted, () => {
    cancel();
    cancel = clock.after(interruptedLimit, over);
  });
  const end = () => {
    cancel();
    for (const [source, act] of listeners) source.removeEventListener('abort', act);
  };
  return {
    signal: ending.signal,
    end,
    lasts(body) {
      // Bodies in memory have come already.
      if (!body?.once || !body.destroy) return end();
      body.once('close', end);
      ending.signal.addEventListener('abort', () => body.destroy?.(ending.signal.reason), { once: true });
    },
  };
}

const timeout = () =>
  Object.assign(new Error('no complete answer in time'), { name: 'TimeoutError', code: 'ETIMEDOUT' as const });

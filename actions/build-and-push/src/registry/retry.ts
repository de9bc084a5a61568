import { type Backoff, pauseAfter } from '../../../../shared/backoff';
import type { Clock } from '../../../../shared/clock';
import { ActionError } from '../../../../shared/errors';
import type { Log } from '../../../../shared/host/log';
import { RegistryTrouble } from './faults';

/** The registry's answer to a request that it refused. */
export class RegistryRefusal extends Error {
  override readonly name = 'RegistryRefusal';
  constructor(
    readonly status: number,
    /** The registry's own code, such as `TAG_INVALID` or `DENIED`. */
    readonly code: string,
    message: string,
    /** Milliseconds that the registry asked to wait. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** What was received is not what its digest promises. */
export class DigestMismatch extends Error {
  override readonly name = 'DigestMismatch';
}

/** A failure of another program that may pass, by what the program says. */
export class TransientError extends ActionError {}

const attempts = 6;
const backoff: Backoff = { firstMs: 500, longestMs: 8_000 };
const longestAskedDelay = 30_000;

/** Codes of the distribution specification for an upload that was damaged, or that the registry no longer knows. */
const lost = new Set(['BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID', 'DIGEST_INVALID', 'MANIFEST_BLOB_UNKNOWN']);

/** Whether a registry says by its code that it does not have what was sent to it. */
export const isLost = (code: string): boolean => lost.has(code);

/** Whether the same request may go well later: 408, 429, 5xx, an upload that was lost, a dropped connection, damaged content. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RegistryRefusal)
    return [408, 429].includes(error.status) || error.status >= 500 || isLost(error.code);
  if (error instanceof RegistryTrouble) return error.transient;
  return error instanceof DigestMismatch || error instanceof TransientError;
}

export interface RetryEffects {
  readonly clock: Clock;
  readonly log: Pick<Log, 'info'>;
  readonly signal: AbortSignal;
}

/**
 * Tries until it goes well, at most six times, with exponential backoff and full jitter: about ten seconds in all.
 * The delay that a registry asks for is kept, up to half a minute.
 */
export async function withRetries<T>(what: string, attempt: () => Promise<T>, effects: RetryEffects): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      if (effects.signal.aborted) throw effects.signal.reason;
      if (made >= attempts || !isTransient(error)) throw error;
      const asked = error instanceof RegistryRefusal ? error.retryAfter : undefined;
      const delay = asked ?? pauseAfter(made, backoff);
      effects.log.info(`${what}: ${(error as Error).message}; trying again (${made + 1} of ${attempts})`);
      await effects.clock.sleep(Math.min(delay, longestAskedDelay), effects.signal);
    }
  }
}

/** How long the pauses between the attempts at something become. */
export interface Backoff {
  /** Milliseconds: the longest pause after the first attempt. */
  readonly firstMs: number;
  /** Milliseconds that no pause is longer than. */
  readonly longestMs: number;
  /** The part of a pause that is certain; the rest is jitter. 0 (full jitter) where it is not given. */
  readonly certain?: number;
}

/**
 * The pause before the next attempt, in milliseconds: doubled after each attempt, bounded, with jitter, so that many that
 * were refused at once do not all come again at once.
 *
 * @param made the attempts made so far, at least 1
 */
export function pauseAfter(made: number, { firstMs, longestMs, certain = 0 }: Backoff): number {
  const longest = Math.min(longestMs, firstMs * 2 ** (made - 1));
  return longest * (certain + (1 - certain) * Math.random());
}

import { expect } from '@jest/globals';

/**
 * Seconds of the processor, which do not depend on what else the machine does: far above what any of these takes, and far
 * below what it takes where time grows with the square of the length.
 */
const limit = 15;

/** The answer of a reading of hostile input, or the error that it threw; fails where it took out of all proportion. */
export function soon<T>(read: () => T): T | Error {
  const start = process.cpuUsage();
  let answer: T | Error;
  try {
    answer = read();
  } catch (error) {
    answer = error as Error;
  }
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(limit);
  return answer;
}

/** A text of so many characters, made of a piece. */
export const many = (piece: string, length = 250_000): string => piece.repeat(Math.ceil(length / piece.length));

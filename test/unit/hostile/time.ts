import { expect } from '@jest/globals';

/** Far above what any of these takes, and far below what it takes where time grows with the square of the length. */
const limit = 15_000;

/** The answer of a reading of hostile input, or the error that it threw; fails where it took out of all proportion. */
export function soon<T>(read: () => T): T | Error {
  const start = Date.now();
  let answer: T | Error;
  try {
    answer = read();
  } catch (error) {
    answer = error as Error;
  }
  expect(Date.now() - start).toBeLessThan(limit);
  return answer;
}

/** A text of so many characters, made of a piece. */
export const many = (piece: string, length = 250_000): string => piece.repeat(Math.ceil(length / piece.length));

import { describe, expect, it } from '@jest/globals';
import { exitStatus } from '../../../shared/errors';
import { problemOf } from '../../local/tour/verdict';

const window = (asked: number, versions: Record<string, number>, { failed = 0, lost = 0 } = {}) => ({
  asked,
  green: 'New',
  counts: { versions: new Map(Object.entries(versions)), failed, lost },
});
const good = { version: 'New', exit: exitStatus.done };
const bad = { version: 'New', exit: exitStatus.rolledBack };
const moved = [window(0, { Old: 50 }), window(10, { Old: 45, New: 5 }), window(100, { New: 50 })];
const caught = [window(0, { Old: 50 }), window(10, { Old: 90 }, { failed: 10 }), window(0, { Old: 50 })];

describe('problemOf', () => {
  it.each([
    ['a version that is there', good, 0, moved],
    ['nothing asked in the last window', good, 0, [window(100, {})]],
    ['a bad version that is caught', bad, 3, caught],
    [
      'answers that were on their way',
      bad,
      3,
      [window(0, {}), window(10, { Old: 90 }, { failed: 12 }), window(0, { Old: 9 })],
    ],
  ])('has nothing against %s', (_, act, status, windows) => {
    expect(problemOf(act, status, windows)).toBeUndefined();
  });

  it.each([
    ['another exit status', good, 3, moved, 'the exit status was 3 instead of 0'],
    ['a bad version that went out', bad, 0, moved, 'the exit status was 0 instead of 3'],
    [
      'answers of the old version',
      good,
      0,
      [window(100, { Old: 1, New: 3 })],
      'at the end 75 % of the answers came from New',
    ],
    [
      'traffic that did not move',
      good,
      0,
      [window(10, { Old: 9, New: 1 })],
      'at the end 10 % of the answers came from New',
    ],
    ['traffic that is not back', bad, 3, caught.slice(0, 2), 'at the end 10 % of the answers came from New'],
    ['a lost request', good, 0, [...moved, window(100, { New: 5 }, { lost: 1 })], '1 requests were lost'],
    ['a bad version that nobody saw', bad, 3, [window(0, { Old: 50 })], 'no request to New failed'],
    [
      'more errors than the share of green',
      bad,
      3,
      [window(10, { Old: 87 }, { failed: 13 }), window(0, { Old: 50 })],
      "13 answers had status 500, more than green's share of 12",
    ],
  ])('finds %s', (_, act, status, windows, problem) => {
    expect(problemOf(act, status, windows)).toBe(problem);
  });
});

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { pauseAfter } from '../../shared/backoff';

const chance = (value: number) => jest.spyOn(Math, 'random').mockReturnValue(value);
afterEach(() => {
  jest.restoreAllMocks();
});

describe('the pause after an attempt', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [5, 8_000],
    [6, 8_000],
    [40, 8_000],
  ])('is at most, after %d, %d ms', (made, longest) => {
    chance(0.5);
    expect(pauseAfter(made, { firstMs: 500, longestMs: 8_000 })).toBe(longest / 2);
  });

  it.each([
    [0, 0],
    [0.999, 999],
  ])('with full jitter and chance %d is %d ms', (value, pause) => {
    chance(value);
    expect(pauseAfter(1, { firstMs: 1_000, longestMs: 8_000 })).toBe(pause);
  });

  it('keeps the part that is certain', () => {
    chance(0);
    expect(pauseAfter(3, { firstMs: 1_000, longestMs: 32_000, certain: 0.5 })).toBe(2_000);
  });
});

import { describe, expect, it } from '@jest/globals';
import { answersOf, measured, totalOf, trafficLine } from '../../local/tour/traffic-line';

const window = (asked: number, versions: Record<string, number>, lost = 0, failed = 0) => ({
  asked,
  green: 'New York',
  counts: { versions: new Map(Object.entries(versions)), failed, lost },
});

it('totalOf adds up the answers, the errors and what was lost', () => {
  const all = [window(0, { Old: 4 }, 1), window(10, { Old: 3, New: 2 }, 0, 5)].map(({ counts }) => counts);
  expect(totalOf(all)).toEqual(window(0, { Old: 7, New: 2 }, 1, 5).counts);
});

describe('trafficLine', () => {
  it.each([
    [
      window(10, { 'Las Vegas': 45, 'New York': 5 }),
      'blue ░░░░░░░░░░░░░░░░░░██ green  weight  10 %  measured  10 %  Las Vegas 45, New York 5',
    ],
    [
      window(100, { 'New York': 7 }, 1),
      'blue ████████████████████ green  weight 100 %  measured 100 %  New York 7, lost 1',
    ],
    [
      window(10, { 'Las Vegas': 45 }, 0, 5),
      'blue ░░░░░░░░░░░░░░░░░░██ green  weight  10 %  measured  10 %  Las Vegas 45, status 500 5',
    ],
    [window(0, {}), 'blue ░░░░░░░░░░░░░░░░░░░░ green  weight   0 %  measured no answer  no requests'],
  ])('shows %j', (shown, line) => {
    expect(trafficLine(shown, false)).toBe(line);
  });

  it('measures nothing where nothing answered', () => {
    expect(measured(window(50, {}, 3))).toBeUndefined();
    expect(answersOf(window(50, {}, 3).counts)).toBe('lost 3');
  });
});

import { describe, expect, it } from '@jest/globals';
import { fitLines, thinned } from '../../../actions/ecs-bluegreen-deploy/src/report/fit';
import { fc } from '../../support/properties';

describe('fitLines', () => {
  it('keeps the first and the last lines, and counts those between', () => {
    const lines = Array.from({ length: 10 }, (_, at) => `line ${at}`);
    expect(fitLines(lines, 35)).toEqual(['line 0', 'line 1', '… 6 more lines …', 'line 8', 'line 9']);
    expect(fitLines(lines, 1_000)).toEqual(lines);
    expect(fitLines(['x'.repeat(50)], 10)).toEqual(['… 1 more line …']);
  });

  it('is never longer than asked for, but for the line that counts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 0, max: 300 }), (lines, most) => {
        const kept = fitLines(lines, most).filter((line) => !/^… \d+ more lines? …$/.test(line));
        expect(kept.reduce((sum, line) => sum + line.length + 1, 0)).toBeLessThanOrEqual(most);
      }),
    );
  });
});

it('thinned keeps the first and the last, and no more than asked for', () => {
  const items = Array.from({ length: 1_000 }, (_, at) => at);
  const few = thinned(items, 7);
  expect([few.length, few[0], few.at(-1)]).toEqual([7, 0, 999]);
  expect(thinned(items.slice(0, 5), 7)).toEqual([0, 1, 2, 3, 4]);
});

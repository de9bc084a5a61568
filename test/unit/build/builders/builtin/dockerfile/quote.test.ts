import { describe, expect, it } from '@jest/globals';
import {
  clipped,
  firstOf,
  piece,
  quoted,
  shortened,
} from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/quote';
import { fc } from '../../../../../support/properties';

describe('quoted', () => {
  it.each([
    ['abc', '"abc"'],
    ['a "b"\tc', '"a \\"b\\"\\tc"'],
    ['first\nsecond', '"first…"'],
    ['first\rsecond', '"first…"'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(81), `"${'x'.repeat(80)}…"`],
    ['\u001b[2J\u0085::x\u202e\u2028', '"\\u001b[2J\\u0085::x\\u202e\\u2028"'],
  ])('%j', (text, shown) => {
    expect(quoted(text)).toBe(shown);
    expect(piece(text)).toBe(shown.slice(1, -1));
  });

  it('is one short line without controls, whatever the text holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(quoted(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(quoted(text).length).toBeLessThanOrEqual(80 * 6 + 3);
      }),
    );
  });
});

it('cuts lines, and lists', () => {
  expect([clipped('a'), clipped('x'.repeat(3000)).length]).toEqual(['a', 2001]);
  expect(firstOf([1, 2, 3], 2)).toEqual({ first: [1, 2], more: ' and 1 more' });
  expect(firstOf([1, 2], 2).more).toBe('');
  const findings = Array.from({ length: 12 }, (_, at) => ({ where: String(at), problem: 'is wrong' }));
  expect(shortened(findings)[9]).toEqual({ where: '9', problem: 'is wrong and 2 more' });
  expect(shortened(findings.slice(0, 10))).toEqual(findings.slice(0, 10));
});

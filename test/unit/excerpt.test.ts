import { expect, it } from '@jest/globals';
import { excerpt, shown } from '../../shared/excerpt';
import { fc } from '../support/properties';

it.each([
  ['hello', 'hello'],
  ['a\r\nb\u0085c\u2028d\ve', 'a b c d e'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007x', 'x'],
  ['\u009b31mred', 'red'],
  ['a\u202eb\u200bc', 'ab c'],
  ['👩‍💻', '👩‍💻'],
  ['\ud800x', 'x'],
  [5, ''],
  [null, ''],
])('of %j shows %j', (text, piece) => {
  expect(excerpt(text)).toBe(piece);
});

it('is short, whatever the text', () => {
  expect(excerpt('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
  expect(excerpt('x'.repeat(200))).toBe('x'.repeat(200));
  expect(excerpt('\u001b['.repeat(10_000_000), 10).length).toBeLessThanOrEqual(11);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(excerpt(text, 20)).toMatch(/^(?:\u200d|[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]){0,21}$/u);
    }),
  );
});

it.each([
  ['a', '"a"'],
  [5, '5'],
  [true, 'true'],
  [undefined, 'nothing'],
  [null, 'null'],
  [[], 'a list'],
  [{}, 'an object'],
])('%j is shown as %s', (value, text) => {
  expect(shown(value)).toBe(text);
});

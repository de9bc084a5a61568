import { describe, expect, it } from '@jest/globals';
import { cutLine, plainLine, plainLines, plainText, quotePiece } from '../../shared/foreign-text';
import { fc } from '../support/properties';

/** What no terminal must get from others. Written as numbers, apart from how the code writes it. */
const isControl = (character: string) => {
  const code = character.codePointAt(0)!;
  return (
    (code < 32 && character !== '\t' && character !== '\n') ||
    (code >= 127 && code < 160) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
};

describe('foreign text', () => {
  it.each([
    ['colours', 'a \u001b[1;31mred\u001b[0m b', 'a red b'],
    ['moves and cleared lines', '\u001b[2K\u001b[1Ga\u001b[?25l', 'a'],
    ['a title that ends with BEL', '\u001b]0;title\u0007a', 'a'],
    ['a link that ends with ST', '\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a link in 8-bit codes', '\u009d8;;https://evil.example\u009ctext', 'text'],
    ['colours in 8-bit codes', '\u009b31mred', 'red'],
    [
      'device strings and messages',
      '\u001bPq#0\u001b\\a\u001b_app\u001b\\b\u001b^pm\u001b\\c\u001bXsos\u001b\\d',
      'abcd',
    ],
    ['short sequences', '\u001bc\u001b7\u001b(Ba\u001b=', 'a'],
    ['an escape at the end', 'a\u001b', 'a'],
    ['a sequence that never ends', 'a\u001b]0;the rest stays', 'a0;the rest stays'],
    ['backspaces, NUL and DEL', 'pass\b\b\bed\u0000\u007f', 'passed'],
    ['turns of direction', 'a\u202eb\u2066c\u2069', 'abc'],
    ['tabs, which are kept', 'a\tb', 'a\tb'],
    ['letters of all kinds, which are kept', 'grün 日本 👩‍👩‍👧 עברית\u200f', 'grün 日本 👩‍👩‍👧 עברית\u200f'],
  ])('is without %s', (_, given, shown) => {
    expect(plainText(given)).toBe(shown);
  });

  it.each(['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
    'has a line break where it has %j',
    (mark) => {
      expect(plainLines(`a${mark}b`)).toEqual(['a', 'b']);
      expect(plainLine(` a ${mark}${mark} b`)).toBe('a b');
    },
  );

  it('has nothing left that a terminal acts upon, whatever it is made of', () => {
    const part = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '\\',
      '\u0007',
      '\u009b',
      '\u009d',
      '\u0090',
      'm',
      '1',
      ';',
      '\u202e',
      '\b',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary', maxLength: 3 }))), (parts) => {
        expect([...plainText(parts.join(''))].filter(isControl)).toEqual([]);
      }),
    );
  });

  it.each(['\u001b]', '\u009d', '\u001b[', '\u009b1', '\u001b ', '\u001bP0', '\r', '\u202e'])(
    'is cleaned in time that grows with its length: %j',
    (part) => {
      const text = part.repeat(1_000_000 / part.length);
      const began = performance.now();
      expect([...new Set(plainText(text))].every((character) => !isControl(character))).toBe(true);
      // It takes some hundredths of a second; quadratic, it would be minutes.
      expect(performance.now() - began).toBeLessThan(20_000);
    },
  );

  it('is cut at a length, and says how much is left out', () => {
    expect(cutLine('abc', 3)).toBe('abc');
    expect(cutLine('abcdef', 3)).toBe('abc… (3 more characters)');
    expect(cutLine('ab😀def', 3)).toBe('ab… (5 more characters)');
    expect(quotePiece('a\nb\u001b[0mc', 3)).toBe('a b… (1 more characters)');
  });
});

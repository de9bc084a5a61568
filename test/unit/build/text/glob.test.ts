import { describe, expect, it } from '@jest/globals';
import { parseIgnore } from '../../../../actions/build-and-push/src/builders/builtin/tree/ignore';
import { compileName } from '../../../../actions/build-and-push/src/builders/builtin/tree/pattern';
import { charPiece, compileGlob, type Piece } from '../../../../actions/build-and-push/src/text/glob';
import { fc, tries } from '../../../support/properties';

/** What a pattern means, by its definition: slow, and without an idea of how it is matched. */
function means(pieces: readonly Piece[], text: string): boolean {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return text === '';
  const ends = Array.from({ length: text.length + 1 }, (_, end) => text.slice(0, end));
  const takes = (part: string) => {
    switch (piece.kind) {
      case 'char':
        return part === piece.char;
      case 'one':
        return part.length === 1 && piece.accepts(part);
      case 'star':
        return !part.includes('/');
      case 'all':
        return true;
      case 'folders':
        return part === '' || part.endsWith('/');
    }
  };
  return ends.some((part) => takes(part) && means(rest, text.slice(part.length)));
}

const piece = fc.oneof(
  fc.constantFrom('a', 'b', '/').map(charPiece),
  fc.constantFrom<Piece>(
    { kind: 'one', accepts: (char) => char !== '/' },
    { kind: 'one', accepts: (char) => char !== 'a' },
    { kind: 'star' },
    { kind: 'star' },
    { kind: 'all' },
    { kind: 'folders' },
  ),
);
const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 }).map((chars) => chars.join(''));

describe('compileGlob', () => {
  it('matches what the definition says', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), text, (pieces, path) => {
        expect(compileGlob(pieces).test(path)).toBe(means(pieces, path));
      }),
      tries(1500),
    );
  });

  it.each([10, 100, 300])('looks at each character once for each piece: %i stars', (stars) => {
    let looks = 0;
    const counted: Piece = { kind: 'one', accepts: (char) => ++looks > 0 && char === 'a' };
    const pieces = Array.from({ length: stars }, (): Piece[] => [counted, { kind: 'star' }]).flat();
    const path = 'a'.repeat(2 * stars);
    expect(compileGlob([...pieces, charPiece('b'), { kind: 'one', accepts: () => true }]).test(`${path}bb`)).toBe(true);
    expect(compileGlob([...pieces, counted, { kind: 'star' }, charPiece('b')]).test(`${path}cb`)).toBe(true);
    expect(looks).toBeLessThanOrEqual(2 * (stars + 1) * (path.length + 2));
  });
});

describe('patterns of the user', () => {
  // Tried one after the other, the stars of each of these would take longer than the sun will shine.
  const stars = 'a*'.repeat(100);
  const name = 'a'.repeat(250);

  it('have no number of stars that matters', () => {
    expect(compileName(`${stars}b*b`)?.test(`${name}b`)).toBe(false);
    const path = `${name}/${name}/${name}b`;
    expect(parseIgnore(`**/${stars}b*b`).excludes(path)).toBe(false);
    expect(parseIgnore(`${'**/a*'.repeat(100)}b*b`).excludes(path)).toBe(false);
    expect(parseIgnore(`${'**/'.repeat(10_000)}*b`).excludes(path)).toBe(true);
  });
});

/** Path patterns as Go's `filepath.Match` reads them, which COPY, ADD and .dockerignore use. */

import { charPiece, compileGlob, type Matcher, type Piece } from '../../../text/glob';

/** Whether a source is a pattern. One that only has escapes is not: as in BuildKit, its backslashes are part of the name. */
export const hasWildcard = (path: string): boolean => /[*?[]/.test(path.replace(/\\./gs, ''));

/**
 * A test of one name (a path without slashes). `*` is any text, `?` one character, `[a-z]` and `[^a-z]` a range, `\`
 * escapes. Undefined where the pattern is malformed.
 */
export function compileName(pattern: string): Matcher | undefined {
  const pieces = readPieces(pattern, (_, at) => ({ piece: { kind: 'star' }, end: at + 1 }));
  return pieces && compileGlob(pieces);
}

/** Where a star begins in the characters of a pattern: what it means, and the place behind it. */
export type ReadStar = (chars: readonly string[], at: number) => { piece: Piece; end: number };

/** The pieces of a pattern; undefined where it is malformed. What stars mean differs between COPY and .dockerignore. */
export function readPieces(pattern: string, readStar: ReadStar): Piece[] | undefined {
  const chars = [...pattern];
  const pieces: Piece[] = [];
  for (let at = 0; at < chars.length; ) {
    const found = chars[at] === '*' ? readStar(chars, at) : readPiece(chars, at);
    if (!found) return undefined;
    pieces.push(found.piece);
    at = found.end;
  }
  return pieces;
}

const anyOne: Piece = { kind: 'one', accepts: (char) => char !== '/' };

function readPiece(chars: readonly string[], at: number): { piece: Piece; end: number } | undefined {
  const char = chars[at]!;
  if (char === '?') return { piece: anyOne, end: at + 1 };
  if (char === '[') return readRange(chars, at + 1);
  if (char !== '\\') return { piece: charPiece(char), end: at + 1 };
  const escaped = chars[at + 1];
  return escaped === undefined ? undefined : { piece: charPiece(escaped), end: at + 2 };
}

/** A range from behind its bracket. The first member may not be missing, as in Go. */
function readRange(chars: readonly string[], from: number): { piece: Piece; end: number } | undefined {
  const negated = chars[from] === '^';
  const members: (readonly [low: number, high: number])[] = [];
  for (let at = negated ? from + 1 : from; at < chars.length; ) {
    if (chars[at] === ']' && members.length > 0) {
      const accepts = (char: string) => isIn(members, char.codePointAt(0)!) !== negated;
      return { piece: { kind: 'one', accepts }, end: at + 1 };
    }
    const low = readMember(chars, at);
    const high = low && chars[low.end] === '-' ? readMember(chars, low.end + 1) : low;
    if (!low || !high || high.point < low.point) return undefined;
    members.push([low.point, high.point]);
    at = high.end;
  }
  return undefined;
}

const isIn = (members: readonly (readonly [low: number, high: number])[], point: number) =>
  members.some(([low, high]) => low <= point && point <= high);

/** A hyphen or a bracket must be escaped in a range. */
function readMember(chars: readonly string[], at: number): { point: number; end: number } | undefined {
  const char = chars[at];
  if (char === undefined || char === '-' || char === ']') return undefined;
  if (char !== '\\') return { point: char.codePointAt(0)!, end: at + 1 };
  const escaped = chars[at + 1];
  return escaped === undefined ? undefined : { point: escaped.codePointAt(0)!, end: at + 2 };
}

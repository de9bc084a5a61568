/**
 * Matching of texts against patterns in time proportional to pattern times text, for any pattern: all that may still
 * match is followed at once, so that nothing is tried a second time.
 */

/** One piece of a pattern. */
export type Piece =
  | { readonly kind: 'char'; readonly char: string }
  /** One character of a set. */
  | { readonly kind: 'one'; readonly accepts: Accepts }
  /** Any text without a slash. */
  | { readonly kind: 'star' }
  /** Any text. */
  | { readonly kind: 'all' }
  /** Any number of folders, each with the slash behind it. */
  | { readonly kind: 'folders' };

type Accepts = (char: string) => boolean;

/** A test whether a whole text matches. */
export interface Matcher {
  test(text: string): boolean;
}

export const charPiece = (char: string): Piece => ({ kind: 'char', char });

/** The test of a pattern. Characters are code points. */
export function compileGlob(pieces: readonly Piece[]): Matcher {
  const isLiteral = ({ kind }: Piece) => kind === 'char';
  const start = pieces.findIndex((piece) => !isLiteral(piece));
  if (start < 0) {
    const whole = textOf(pieces);
    return { test: (text) => text === whole };
  }
  let end = pieces.length;
  while (isLiteral(pieces[end - 1]!)) end--;
  const [before, after] = [textOf(pieces.slice(0, start)), textOf(pieces.slice(end))];
  const least = before.length + after.length;
  const between = compileMiddle(pieces.slice(start, end));
  return {
    // Most texts are told apart by their beginning or end, which costs next to nothing.
    test: (text) =>
      text.length >= least &&
      text.endsWith(after) &&
      text.startsWith(before) &&
      between(text.slice(before.length, text.length - after.length)),
  };
}

const textOf = (pieces: readonly Piece[]) => pieces.map((piece) => (piece.kind === 'char' ? piece.char : '')).join('');

function compileMiddle(pieces: readonly Piece[]): (text: string) => boolean {
  const [only, more] = pieces;
  if (more === undefined && only?.kind === 'star') return (text) => !text.includes('/');
  if (more === undefined && only?.kind === 'all') return () => true;
  if (more === undefined && only?.kind === 'folders') return (text) => text === '' || text.endsWith('/');
  const least = pieces.filter(({ kind }) => kind === 'char' || kind === 'one').length;
  const inside = longestLiteral(pieces);
  const states = pieces.filter((piece, at) => !repeats(piece, pieces[at - 1])).flatMap(statesOf);
  return (text) => text.length >= least && text.includes(inside) && run(states, text);
}

/** Two stars in a row are one. */
const repeats = ({ kind }: Piece, before: Piece | undefined) =>
  kind === before?.kind && kind !== 'char' && kind !== 'one';

function longestLiteral(pieces: readonly Piece[]): string {
  let [longest, current] = ['', ''];
  for (const piece of pieces) {
    current = piece.kind === 'char' ? current + piece.char : '';
    if (current.length > longest.length) longest = current;
  }
  return longest;
}

/** A place in a pattern while a text is read. */
interface State {
  /** The characters that lead to the next state. */
  readonly next: Accepts;
  /** The characters that lead to this state again. */
  readonly stay: Accepts;
  /** How many of the states behind it hold as soon as this one does, without a character. */
  readonly free: 0 | 1 | 2;
}

const none: Accepts = () => false;
const every: Accepts = () => true;
const slash: Accepts = (char) => char === '/';
const noSlash: Accepts = (char) => char !== '/';

function statesOf(piece: Piece): State[] {
  switch (piece.kind) {
    case 'char':
      return [{ next: (char) => char === piece.char, stay: none, free: 0 }];
    case 'one':
      return [{ next: piece.accepts, stay: none, free: 0 }];
    case 'star':
      return [{ next: none, stay: noSlash, free: 1 }];
    case 'all':
      return [{ next: none, stay: every, free: 1 }];
    case 'folders':
      // The second state is within the folders, which only a slash leaves.
      return [
        { next: none, stay: none, free: 2 },
        { next: slash, stay: every, free: 0 },
      ];
  }
}

function run(states: readonly State[], text: string): boolean {
  const size = states.length + 1;
  let [now, then] = [new Uint8Array(size), new Uint8Array(size)];
  let [low, high] = [0, 0];
  now[0] = 1;
  for (const char of text) {
    let [nextLow, nextHigh] = [size, -1];
    for (let at = low; at <= high; at++) {
      if (now[at] === 0) continue;
      now[at] = 0;
      const state = states[at];
      if (state === undefined) continue;
      for (let step = 1; step <= state.free; step++) now[at + step] = 1;
      high = Math.max(high, at + state.free);
      if (state.stay(char)) {
        then[at] = 1;
        nextLow = Math.min(nextLow, at);
        nextHigh = Math.max(nextHigh, at);
      }
      if (state.next(char)) {
        then[at + 1] = 1;
        nextLow = Math.min(nextLow, at + 1);
        nextHigh = at + 1;
      }
    }
    if (nextHigh < 0) return false;
    [now, then, low, high] = [then, now, nextLow, nextHigh];
  }
  // What is left of the pattern may match nothing.
  for (let at = low; at < states.length; at++) {
    if (now[at] === 0) continue;
    for (let step = 1; step <= states[at]!.free; step++) now[at + step] = 1;
  }
  return now[states.length] === 1;
}

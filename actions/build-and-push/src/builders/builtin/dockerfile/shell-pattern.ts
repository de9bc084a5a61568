/**
 * The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`: `*` is any text of one line, `?` one
 * character of it. All that may match is followed at once, so that no pattern takes longer than pattern times value.
 */

import { BuildProblem } from './problem';
import { quoted } from './quote';

/** One character of a pattern; a star stands for any number of them. */
type Token = { readonly kind: 'char'; readonly char: string } | { readonly kind: 'any' } | { readonly kind: 'star' };

export type ShellPattern = readonly Token[];

/**
 * Reads a pattern. Only `*`, `?` and `\` can be escaped, and `}` and `/`, which would end it.
 *
 * @throws BuildProblem
 */
export function parseShellPattern(text: string): ShellPattern {
  const tokens: Token[] = [];
  const chars = [...text];
  for (let at = 0; at < chars.length; at++) {
    let char = chars[at]!;
    if (char === '*' || char === '?') {
      const isRepeated = char === '*' && tokens[tokens.length - 1]?.kind === 'star';
      if (!isRepeated) tokens.push({ kind: char === '*' ? 'star' : 'any' });
      continue;
    }
    if (char === '\\' && !['}', '/'].includes(chars[at + 1] ?? '')) {
      char = chars[++at] ?? '';
      if (!['*', '?', '\\'].includes(char))
        throw new BuildProblem(`has the unknown escape \\${char} in ${quoted(text)}`);
    } else if (char === '\\') continue;
    tokens.push({ kind: 'char', char });
  }
  return tokens;
}

/** Where a pattern matches. */
interface Match {
  readonly start: number;
  readonly end: number;
}

const accepts = (token: Token, char: string) => (token.kind === 'char' ? token.char === char : char !== '\n');

/** A match that begins at a place: the shortest, or the longest. */
export function matchFrom(
  chars: readonly string[],
  start: number,
  pattern: ShellPattern,
  longest: boolean,
): Match | undefined {
  let states = closed([start], pattern);
  let found: Match | undefined;
  for (let at = start; ; at++) {
    if (states[pattern.length] !== undefined) found = { start, end: at };
    if ((found && !longest) || at >= chars.length || states.length === 0) return found;
    states = closed(step(states, pattern, chars[at]!), pattern);
  }
}

/** The leftmost match from a place on, and of those the longest. */
export function firstMatch(chars: readonly string[], from: number, pattern: ShellPattern): Match | undefined {
  let states: number[] = [];
  let found: Match | undefined;
  for (let at = from; ; at++) {
    // Places in the pattern, each with where its match began; once one has ended, later beginnings do not count.
    if (!found && states[0] === undefined) states[0] = at;
    states = closed(states, pattern);
    const start = states[pattern.length];
    if (start !== undefined && (!found || start <= found.start)) found = { start, end: at };
    if (at >= chars.length) return found;
    states = step(states, pattern, chars[at]!);
    if (found) {
      const { start: leftmost } = found;
      states.forEach((began, place) => {
        if (began > leftmost) delete states[place];
      });
      if (!states.some((began) => began !== undefined)) return found;
    }
  }
}

/** Where a character leads to; of two beginnings the earlier one is kept. */
function step(states: readonly number[], pattern: ShellPattern, char: string): number[] {
  const next: number[] = [];
  states.forEach((began, place) => {
    const token = pattern[place];
    if (began === undefined || token === undefined || !accepts(token, char)) return;
    const to = token.kind === 'star' ? place : place + 1;
    next[to] = Math.min(next[to] ?? began, began);
  });
  return next;
}

/** Adds the places that are reached without a character: those behind stars. */
function closed(states: number[], pattern: ShellPattern): number[] {
  for (let place = 0; place < pattern.length; place++) {
    const began = states[place];
    if (began === undefined || pattern[place]!.kind !== 'star') continue;
    states[place + 1] = Math.min(states[place + 1] ?? began, began);
  }
  return states;
}

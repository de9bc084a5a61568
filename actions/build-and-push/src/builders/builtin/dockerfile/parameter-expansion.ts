/** What `${name…}` makes of a value: `-`, `+`, `?`, `#`, `%` and `/`. */

import { BuildProblem } from './problem';
import { piece } from './quote';
import { firstMatch, matchFrom, type ShellPattern } from './shell-pattern';

/** `-`, `+` or `?`, and whether a colon stands before it. */
interface Operator {
  readonly operator: string;
  readonly emptyIsUnset: boolean;
}

/** The value of a variable, or the word of its expansion. @throws BuildProblem where it must be set and is not */
export function choose(
  { operator, emptyIsUnset }: Operator,
  name: string,
  value: string | undefined,
  word: string,
): string {
  const isSet = emptyIsUnset ? Boolean(value) : value !== undefined;
  if (operator === '+') return isSet ? word : '';
  if (isSet) return value!;
  if (operator === '-') return word;
  throw new BuildProblem(`${piece(name)} is not set${word && `: ${piece(word)}`}`);
}

/** Cuts what the pattern matches off the beginning (`#`) or the end (`%`) of a value: as little as it can, or as much. */
export function cut(value: string, pattern: ShellPattern, end: '#' | '%', longest: boolean): string {
  const chars = [...value];
  if (end === '#') return chars.slice(matchFrom(chars, 0, pattern, longest)?.end ?? 0).join('');
  const found = matchFrom(chars.reverse(), 0, [...pattern].reverse(), longest);
  return chars
    .slice(found?.end ?? 0)
    .reverse()
    .join('');
}

/** Whether all matches are replaced; then the length from which on nobody needs the rest of the result. */
export type Extent = { readonly all: false } | { readonly all: true; readonly longest: number };

/** Replaces the first match of a pattern, or all: the leftmost, and of those the longest. */
export function replace(value: string, pattern: ShellPattern, replacement: string, extent: Extent): string {
  const chars = [...value];
  const parts: string[] = [];
  let kept = 0;
  let from = 0;
  let last = -1;
  let length = 0;
  while (from <= chars.length && !(extent.all && length > extent.longest)) {
    const found = firstMatch(chars, from, pattern);
    if (!found) break;
    const { start, end } = found;
    // An empty match right behind another one is none.
    if (end > start || start !== last) {
      const match = chars.slice(start, end).join('');
      const put = extent.all ? filledIn(replacement, match) : replacement;
      parts.push(chars.slice(kept, start).join(''), put);
      length += put.length;
      kept = end;
      last = end;
      if (!extent.all) break;
    }
    from = end > start ? end : end + 1;
  }
  return [...parts, chars.slice(kept).join('')].join('');
}

/** BuildKit replaces all with Go's `ReplaceAllString`, in whose text `$0` is the match and other names are nothing. */
function filledIn(text: string, match: string): string {
  const names = /\$(?:\$|(\w+)|\{(\w+)\})/g;
  return text.replace(names, (whole, plain?: string, braced?: string) => {
    if (whole === '$$') return '$';
    return Number(plain ?? braced) === 0 ? match : '';
  });
}

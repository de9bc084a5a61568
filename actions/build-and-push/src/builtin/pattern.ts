/** Path patterns as Go's `filepath.Match` reads them, which COPY and ADD use. Pure. */

export const hasWildcard = (path: string): boolean => /[*?[\\]/.test(path);

/** The pattern that only this path matches. */
export const literalPattern = (path: string): string => path.replace(/[*?[\\]/g, '\\$&');

/**
 * A test of one name (a path without slashes). `*` is any text, `?` one character, `[a-z]` and `[^a-z]` a range, `\`
 * escapes. Undefined where the pattern is malformed.
 */
export function compileName(pattern: string): RegExp | undefined {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (char === '\\') {
      if (++at >= pattern.length) return undefined;
      source += literal(pattern[at]!);
    } else if (char === '[') {
      const range = readRange(pattern, at + 1);
      if (!range) return undefined;
      source += range.source;
      at = range.end;
    } else source += literal(char);
  }
  return new RegExp(`^${source}$`, 'su');
}

const literal = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/** A hyphen must be escaped in a range, and may not be outside of one. */
const inRange = (char: string) => (char === '-' ? '\\-' : literal(char));

/** A range from behind its bracket to the closing one. The first member may not be missing, as in Go. */
function readRange(pattern: string, from: number): { source: string; end: number } | undefined {
  const negated = pattern[from] === '^';
  let source = negated ? '[^' : '[';
  let members = 0;
  for (let at = negated ? from + 1 : from; at < pattern.length; at++) {
    if (pattern[at] === ']' && members > 0) return { source: `${source}]`, end: at };
    const low = readMember(pattern, at);
    if (!low) return undefined;
    at = low.end;
    members++;
    if (pattern[at + 1] !== '-') {
      source += inRange(low.char);
      continue;
    }
    const high = readMember(pattern, at + 2);
    if (!high || high.char < low.char) return undefined;
    source += `${inRange(low.char)}-${inRange(high.char)}`;
    at = high.end;
  }
  return undefined;
}

function readMember(pattern: string, at: number): { char: string; end: number } | undefined {
  const char = pattern[at];
  if (char === undefined || char === '-' || char === ']') return undefined;
  if (char !== '\\') return { char, end: at };
  const escaped = pattern[at + 1];
  return escaped === undefined ? undefined : { char: escaped, end: at + 1 };
}

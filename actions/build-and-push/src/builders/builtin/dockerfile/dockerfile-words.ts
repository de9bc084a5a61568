/** How Docker divides the text after a keyword into words. */

import { BuildProblem } from './problem';

/**
 * The strings of a JSON array; undefined where the text is none, which makes it the other form of the instruction.
 *
 * @throws BuildProblem for an array of something else, as in BuildKit
 */
export function jsonWords(text: string): string[] | undefined {
  const words = jsonArray(text);
  if (words?.every((word): word is string => typeof word === 'string') ?? true) return words as string[] | undefined;
  throw new BuildProblem('is a JSON array that holds something other than strings; put each word in double quotes');
}

function jsonArray(text: string): unknown[] | undefined {
  if (!text.trim().startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) ? words : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Words between white space, quotes being nothing special: paths, ports and volumes. As in BuildKit only that of ASCII
 * counts: names of files may have other (macOS writes U+202F into those of screenshots).
 */
export const plainWords = (text: string): string[] => text.split(/[ \t\v\f\r\n]+/).filter((word) => word !== '');

/** Words between white space that is neither quoted nor escaped; quotes and escapes stay for the expansion. */
export function quotedWords(text: string, escaper: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote === '' && /\s/.test(char)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    if (char === escaper && quote !== "'" && at + 1 < text.length) {
      word += char + text[++at]!;
      continue;
    }
    if (quote === '' ? char === '"' || char === "'" : char === quote) quote = quote === '' ? char : '';
    word += char;
  }
  return word === '' ? words : [...words, word];
}

/** `NAME=value …`, or the old form `NAME the rest of the line`. Undefined where there is a word without a value. */
export function nameValues(text: string, escaper: string): [name: string, value: string][] | undefined {
  const words = quotedWords(text, escaper);
  if (words[0] !== undefined && !words[0].includes('=')) {
    const [, name = '', value = ''] = /^(\S+)\s+(.+)$/s.exec(text.trim()) ?? [];
    return name ? [[name, value]] : undefined;
  }
  const pairs = words.map((word): [string, string] => [
    word.slice(0, word.indexOf('=')),
    word.slice(word.indexOf('=') + 1),
  ]);
  const complete = words.length > 0 && words.every((word) => word.indexOf('=') > 0);
  return complete ? pairs : undefined;
}

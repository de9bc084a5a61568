/** The words of a text, or the rule that it breaks. */
export type Words = { readonly words: readonly string[] } | { readonly problem: string };

/** One step through the text: white space, a continued line, a quoted part, an escaped character, or plain characters. */
const step = /(\s+)|\\\r?\n|'([^']*)'|\\(.)|([^\s'"\\]+)/suy;

/** A part of the text in double quotes; matched piece by piece, so that no length of it costs more than its own. */
const piece = /[^"\\]+|\\./suy;

/**
 * Splits a text into words by POSIX shell quoting: '…' is literal; in "…" a backslash escapes only $ ` " \ and a line break.
 * No variable is filled in and nothing is run. (The libraries for it take open quotes, or cannot read `\"`.)
 */
export function splitWords(text: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const { length, part, isSpace } = text[at] === '"' ? quotedAt(text, at) : stepAt(text, at);
    if (length === 0) return { problem: `has ${openPart(text[at]!)} at character ${at + 1}` };
    at += length;
    if (part !== undefined) word = (word ?? '') + part;
    if (!isSpace || word === undefined) continue;
    words.push(word);
    word = undefined;
  }
  return { words: word === undefined ? words : [...words, word] };
}

/** What is at a position of the text; its length is 0 where a quote or a backslash is left open. */
interface Step {
  readonly length: number;
  readonly part?: string | undefined;
  readonly isSpace?: boolean;
}

function stepAt(text: string, at: number): Step {
  step.lastIndex = at;
  const [all = '', space, single, escaped, plain] = step.exec(text) ?? [];
  return { length: all.length, part: single ?? escaped ?? plain, isSpace: space !== undefined };
}

function quotedAt(text: string, at: number): Step {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') {
    piece.lastIndex = end;
    const [found] = piece.exec(text) ?? [];
    if (found === undefined) return { length: 0 };
    end += found.length;
  }
  if (end >= text.length) return { length: 0 };
  return { length: end + 1 - at, part: withoutEscapes(text.slice(at + 1, end)) };
}

const withoutEscapes = (quoted: string) =>
  quoted.replace(/\\([$`"\\]|\r?\n)/g, (_, escaped: string) => (/\n/.test(escaped) ? '' : escaped));

const openPart = (character: string) =>
  character === '\\' ? 'a backslash with nothing after it' : `a quote (${character}) that is never closed`;

/** The words of a text, or the rule that it breaks. */
export type Words = { readonly words: readonly string[] } | { readonly problem: string };

/** One step through the text: white space, a continued line, a quoted part, an escaped character, or plain characters. */
const step = /(\s+)|\\\r?\n|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/suy;

/**
 * Splits a text into words by POSIX shell quoting: '…' is literal; in "…" a backslash escapes only $ ` " \ and a line break.
 * No variable is filled in and nothing is run. Pure. (The libraries for it take open quotes, or cannot read `\"`.)
 */
export function splitWords(text: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    step.lastIndex = at;
    const [all, space, single, double, escaped, plain] = step.exec(text) ?? [];
    if (all === undefined) return { problem: `has ${openPart(text[at]!)} at character ${at + 1}` };
    at += all.length;
    const part = single ?? (double === undefined ? (escaped ?? plain) : withoutEscapes(double));
    if (part !== undefined) word = (word ?? '') + part;
    if (space === undefined || word === undefined) continue;
    words.push(word);
    word = undefined;
  }
  return { words: word === undefined ? words : [...words, word] };
}

const withoutEscapes = (quoted: string) =>
  quoted.replace(/\\([$`"\\]|\r?\n)/g, (_, escaped: string) => (/\n/.test(escaped) ? '' : escaped));

const openPart = (character: string) =>
  character === '\\' ? 'a backslash with nothing after it' : `a quote (${character}) that is never closed`;

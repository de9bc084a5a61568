/** The words of a command, or the rule that its text breaks. */
export type Command = { readonly words: readonly string[] } | { readonly problem: string };

/** Reads a JSON array of texts, or words quoted as in a shell. No variable is filled in and nothing is run. Pure. */
export function splitCommand(text: string): Command {
  return text.trimStart().startsWith('[') ? readArray(text) : readWords(text);
}

function readArray(text: string): Command {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return { words };
  } catch {
    // Both mistakes have the same answer.
  }
  return { problem: 'begins with [ but is not a JSON array of texts, such as ["sh", "-c", "node server.js"]' };
}

/** One step through the text: white space, a continued line, a quoted part, an escaped character, or plain characters. */
const step = /(\s+)|\\\r?\n|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/suy;

/** POSIX shell quoting: '…' is literal; in "…" a backslash escapes only $ ` " \ and a line break. */
function readWords(text: string): Command {
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

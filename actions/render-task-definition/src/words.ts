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

/** One step through the text: white space, a quoted part, an escaped character, or plain characters. */
const step = /(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/suy;

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
    if (space === undefined) word = (word ?? '') + (single ?? plain ?? plainText(double, escaped));
    else if (word !== undefined) words.push(word);
    if (space !== undefined) word = undefined;
  }
  return { words: word === undefined ? words : [...words, word] };
}

/** Takes the backslashes out of a quoted part, or gives the one character that was escaped. */
const plainText = (double: string | undefined, escaped: string | undefined) =>
  double === undefined
    ? escaped === '\n'
      ? ''
      : escaped!
    : double.replace(/\\([$`"\\\n])/g, (_, c) => (c === '\n' ? '' : c));

const openPart = (character: string) =>
  character === '\\' ? 'a backslash with nothing after it' : `a quote (${character}) that is never closed`;

/** The `--name=value` flags between the keyword of an instruction and its arguments. */

/** The flags of an instruction by name; a switch without a value is `true`. */
export type Flags = Readonly<Record<string, string>>;

/** A flag that stands twice where it may stand once, or has no value and needs one. */
export interface MisusedFlag {
  readonly name: string;
  readonly how: 'twice' | 'without a value';
}

/** The flag that may be given more than once; each value is a pattern, which holds no line break. */
const repeatable = 'exclude';

/** The values of `--exclude`, in order. */
export const excludesOf = (flags: Flags): readonly string[] => flags[repeatable]?.split('\n') ?? [];

/**
 * Takes the flags off: words that begin with `--`, without their quotes and escapes; `--` alone ends them. A quote that is
 * never closed is a character.
 *
 * @returns also the first flag that cannot be as it is
 */
export function splitFlags(text: string, escaper: string): { flags: Flags; misused?: MisusedFlag; text: string } {
  const flags: Record<string, string> = {};
  let misused: MisusedFlag | undefined;
  let at = 0;
  while (text.startsWith('--', at)) {
    const { word, end } = readWord(text, at, escaper);
    for (at = end; at < text.length && isSpace(text[at]!); ) at++;
    if (word === '--') break;
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const value = equals < 0 ? 'true' : word.slice(equals + 1);
    const before = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (before !== undefined && name !== repeatable) misused ??= { name, how: 'twice' };
    if (equals < 0 && !switches.includes(name)) misused ??= { name, how: 'without a value' };
    flags[name] = before !== undefined && name === repeatable ? `${before}\n${value}` : value;
  }
  return { flags, ...(misused && { misused }), text: text.slice(at) };
}

const isSpace = (char: string) => /\s/.test(char);

/** From a place to the white space that is in no quotes. */
function readWord(text: string, from: number, escaper: string): { word: string; end: number } {
  const parts: string[] = [];
  // Once a quote has no partner, none of its kind has one further on.
  const unpaired = new Set<string>();
  let at = from;
  for (; at < text.length && !isSpace(text[at]!); at++) {
    const char = text[at]!;
    if (char === escaper) parts.push(text[++at] ?? '');
    else if ((char !== '"' && char !== "'") || unpaired.has(char)) parts.push(char);
    else {
      const close = closing(text, at, escaper);
      if (close < 0) {
        unpaired.add(char);
        parts.push(char);
        continue;
      }
      parts.push(unescaped(text.slice(at + 1, close), escaper));
      at = close;
    }
  }
  return { word: parts.join(''), end: at };
}

function closing(text: string, open: number, escaper: string): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === escaper) at++;
    else if (text[at] === text[open]) return at;
  }
  return -1;
}

function unescaped(text: string, escaper: string): string {
  let result = '';
  for (let at = 0; at < text.length; at++) result += text[at] === escaper ? (text[++at] ?? '') : text[at]!;
  return result;
}

/** The flags that are true or false. */
export const switches: readonly string[] = ['keep-git-dir', 'link', 'parents', 'unpack'];

/** Whether a flag that is true or false was given and is true. */
export const isOn = (flags: Flags, name: string): boolean => flags[name]?.toLowerCase() === 'true';

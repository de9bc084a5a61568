/** The `--name=value` flags between the keyword of an instruction and its arguments. */

const flagName = /--([a-z][a-z-]*)/y;

/** Takes the flags off. Quotes around a value or within it only keep it together; one that is never closed is a character. */
export function splitFlags(text: string): { flags: Record<string, string>; text: string } {
  const flags: Record<string, string> = {};
  let at = 0;
  while (text.startsWith('--', at)) {
    flagName.lastIndex = at;
    const [written, name] = flagName.exec(text) ?? [];
    if (written === undefined || name === undefined) break;
    let end = at + written.length;
    let value = 'true';
    if (text[end] === '=') ({ value, end } = readValue(text, end + 1));
    else if (end < text.length && !isSpace(text[end]!)) break;
    flags[name] = value;
    for (at = end; at < text.length && isSpace(text[at]!); ) at++;
  }
  return { flags, text: text.slice(at) };
}

const isSpace = (char: string) => /\s/.test(char);

/** From behind the equals sign to the white space that is in no quotes. */
function readValue(text: string, from: number): { value: string; end: number } {
  const parts: string[] = [];
  // Once a quote has no partner, none of its kind has one further on.
  const unpaired = new Set<string>();
  let at = from;
  let plain = from;
  for (; at < text.length && !isSpace(text[at]!); at++) {
    const char = text[at]!;
    if ((char !== '"' && char !== "'") || unpaired.has(char)) continue;
    const close = text.indexOf(char, at + 1);
    if (close < 0) {
      unpaired.add(char);
      continue;
    }
    parts.push(text.slice(plain, at), text.slice(at + 1, close));
    plain = close + 1;
    at = close;
  }
  return { value: [...parts, text.slice(plain, at)].join(''), end: at };
}

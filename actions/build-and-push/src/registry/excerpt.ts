/**
 * Everything that is no character of a line: line breaks of all kinds, terminal controls, characters that turn the
 * direction of the text or take no room, and halves of a surrogate pair.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Escape sequences of terminals, whose letters would stay when only their first character went. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const escapes = /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|\u001b[ -/]{0,8}[0-~]/g;

/**
 * A short piece of foreign text for a message: one line of at most `longest` characters, without control characters. What
 * is no text gives an empty one. Pure.
 */
export function excerpt(text: unknown, longest = 200): string {
  if (typeof text !== 'string') return '';
  // More than this is never shown, whatever is taken out; so a text of megabytes costs no time.
  const start = text.slice(0, longest * 8);
  const line = start.replace(escapes, '').replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
  return line.length > longest || text.length > start.length ? `${line.slice(0, longest)}…` : line;
}

/** A foreign value as a message shows it: a text in quotes, all else by its kind. Pure. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${excerpt(value, 80)}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return 'nothing';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
}

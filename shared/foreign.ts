/** Text that others wrote (AWS, files, containers), made fit to stand in a message or a log. */

/** Longer than any message of AWS that tells something; enough for one line of a log. */
const longestLine = 500;

/**
 * Sequences that a terminal obeys: CSI (colours, cursor), OSC (titles, links), and the short ones. ECMA-48, 5.4 and 8.3.
 * Written as texts, as a linter takes control characters in a pattern for a mistake.
 */
const terminal = new RegExp(
  [
    '(?:\u001b\\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]',
    '(?:\u001b\\]|\u009d)[^\u0007\u001b\u009c]{0,2000}(?:\u0007|\u001b\\\\|\u009c)',
    '\u001b[ -/]{0,4}[0-~]',
  ].join('|'),
  'g',
);

/** Control characters, line and paragraph separators, and those that turn the direction of writing. */
const control = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** One line without control characters, cut where it is long. Pure; takes time in proportion to `longest` only. */
export function foreign(text: unknown, longest = longestLine): string {
  // Escapes and spaces go: what stands before four times the length is enough for a line.
  const given = String(text ?? '').slice(0, longest * 4);
  const line = given.replace(terminal, '').replace(control, ' ').replace(/\s+/g, ' ').trim();
  return cut(line, longest);
}

/** The text, with … in place of what is beyond so many characters. */
export const cut = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

/** A value as JSON for a message, cut. */
export const quoted = (value: unknown, longest = 80): string =>
  cut(JSON.stringify(typeof value === 'string' ? value.slice(0, longest + 1) : value) ?? 'nothing', longest);

/** Names in one line, `web, worker … and 7 more`. */
export function someOf(names: readonly unknown[], most = 20): string {
  const shown = names.slice(0, most).map((name) => cut(String(name), 100));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

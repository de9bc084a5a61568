/** Pieces of foreign text and of values for messages: short, in one line, nothing that steers a terminal. */

import { plainLine } from './foreign-text';

/**
 * A piece of foreign text for a message: one line of at most `longest` characters, without control characters. What is no
 * text gives an empty one. Takes time in proportion to `longest` only.
 */
export function excerpt(text: unknown, longest = 200): string {
  if (typeof text !== 'string') return '';
  // More than this is never shown, however much is taken out, so a text of megabytes costs no time.
  const start = text.slice(0, longest * 8);
  // Characters that turn the direction of a text or take no room (but the joiner of emoji), and halves of a surrogate pair. Written
  // here: looking into the properties of Unicode takes Node long, and most runs need no excerpt.
  const unseen = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}]/gu;
  const line = plainLine(start).replace(unseen, ' ').replace(/\s+/g, ' ').trim();
  return line.length > longest || text.length > start.length ? `${line.slice(0, longest)}…` : line;
}

/** A foreign value as a message shows it: a text in quotes, all else by its kind. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${excerpt(value, 80)}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return 'nothing';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
}

/** The text, with … in place of everything beyond this many characters. */
export const cut = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

/** A value as JSON, cut. */
export const quoted = (value: unknown, longest = 80): string =>
  cut(JSON.stringify(typeof value === 'string' ? value.slice(0, longest + 1) : value) ?? 'nothing', longest);

/** Names in one line, `web, worker … and 7 more`. */
export function someOf(names: readonly unknown[], most = 20): string {
  const first = names.slice(0, most).map((name) => cut(String(name), 100));
  const rest = names.length - first.length;
  return rest > 0 ? `${first.join(', ')} and ${rest} more` : first.join(', ');
}

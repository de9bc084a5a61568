import type { Finding } from '../../../../../../shared/errors';

/** Pieces of foreign text for messages and the log: short, one line, nothing that steers a terminal. */

/** Enough to recognise a line of one's own file, too little to give away what another file holds. */
const longestQuote = 80;
/** The longest line that repeats an instruction or says what is wrong with it. */
const longestLine = 2_000;
/** A report of more places than these helps nobody. */
const mostFindings = 10;

/** Controls, separators of lines and marks of direction: JSON leaves those beyond ASCII as they are. */
const unseen = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The beginning of the first line of the text, in double quotes, at most 80 characters of it. */
export function quoted(text: string): string {
  const [line = ''] = text.slice(0, longestQuote + 1).split(/[\r\n]/, 1);
  const piece = line.slice(0, longestQuote);
  const shown = JSON.stringify(piece).replace(unseen, escaped);
  return piece.length < text.length ? `${shown.slice(0, -1)}…"` : shown;
}

/** The same without the quotes. */
export const piece = (text: string): string => quoted(text).slice(1, -1);

/** A line for the log or a message: one that is far too long is cut. */
export const clipped = (line: string): string => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);

/** The first of many, and how many more there are. */
export function firstOf<T>(all: readonly T[], most = mostFindings): { first: readonly T[]; more: string } {
  const more = all.length > most ? ` and ${all.length - most} more` : '';
  return { first: all.slice(0, most), more };
}

/** The first findings; the last of them tells how many more there are. A file of another kind breaks a rule on each line. */
export function shortened(findings: readonly Finding[]): Finding[] {
  const { first, more } = firstOf(findings);
  return first.map((one, at) => (at === first.length - 1 ? { ...one, problem: `${one.problem}${more}` } : one));
}

/** Text of others (AWS, registries, build output, containers, file names) made fit to be shown. Linear in its length. */

import { once } from './once';

/** Whether there is anything to strip: most lines have nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const suspicious = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

/** Whatever some reader takes for the end of a line; .NET and Python, for two, know more of them than JavaScript. */
const lineBreak = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * Sequences that a terminal acts upon, by ECMA-48: with a text up to BEL or ST (titles, links, device strings), with
 * parameters (colours, moves), and short ones. One that never ends loses its beginning only, not the text behind it.
 */
const sequences = once(
  () =>
    new RegExp(
      [
        '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0000-\\u001f\\u007f-\\u009f]*(?:[\\u0007\\u009c]|\\u001b\\\\)',
        '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]',
        '\\u001b[ -/]*[0-~]',
      ].join('|'),
      'g',
    ),
);

/** Control characters but tabs and line breaks, and the marks that turn the direction of a text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** The lines of a text, without terminal sequences and control characters; tabs are kept. */
export function plainLines(text: string): string[] {
  if (!suspicious.test(text)) return text.split('\n');
  // A carriage return is a line break to the log, and would be swallowed with a sequence that has none of its own.
  return text
    .replace(sequences(), '')
    .split(lineBreak)
    .map((line) => line.replace(controls, ''));
}

/** A text of several lines without terminal sequences and control characters; its line breaks are plain ones. */
export const plainText = (text: string): string => plainLines(text).join('\n');

/** The same in one line. */
export const plainLine = (text: string): string =>
  plainLines(text)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');

/** Cuts a line to a length in characters and says how many were left out. */
export function cutLine(line: string, length: number): string {
  if (line.length <= length) return line;
  // Half of a surrogate pair is not a character.
  const end = /[\ud800-\udbff]/.test(line[length - 1]!) ? length - 1 : length;
  return `${line.slice(0, end)}… (${line.length - end} more characters)`;
}

/** A short piece of a text for an error, in one line. */
export const quotePiece = (text: string, length: number): string => cutLine(plainLine(text), length);

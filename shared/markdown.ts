/** GitHub's Markdown, as step summaries take it. */

import { plainText } from './foreign-text';

/**
 * Text that Markdown shows as it is, in one line: no tag (a placeholder such as `<account_ID>` would not be shown), link,
 * image, code, table, heading, list or mention of a user. An https address in it stays a link to what it says.
 */
export const escapeMarkdown = (text: string): string =>
  plainText(text)
    .replace(/\n/g, ' ')
    .replace(/[\\`*_[\]|~$#]/g, (mark, at: number, all: string) => (isWithinWord(mark, at, all) ? mark : `\\${mark}`))
    .replace(/^(\s*)([-+=]|\d+[.)])(?=\s|$)/, '$1\\$2')
    .replace(/[&<>@]/g, (character) => `&#${character.charCodeAt(0)};`);

/** An underscore or a hash within a word means nothing, and an address with a backslash in it would be another one. */
const isWithinWord = (mark: string, at: number, all: string) =>
  (mark === '_' || mark === '#') && /[\w/]/.test(all[at - 1] ?? '') && /\w/.test(all[at + 1] ?? '');

/** A link to an https address; the text alone where it is none. */
export function markdownLink(text: string, address: string): string {
  const isSafe = /^https:\/\/[^\s<>()[\]"'`\\]+$/.test(address);
  return isSafe ? `[${escapeMarkdown(text)}](${address})` : escapeMarkdown(text);
}

/** A text of one line as code. Within code a backtick could only end it, so it becomes an apostrophe. */
export const markdownCode = (text: string): string => {
  const line = plainText(text).replace(/\n/g, ' ').replace(/`/g, "'").replace(/\|/g, '\\|');
  return line.trim() === '' ? '' : `\`${line}\``;
};

/** Lines as they were printed. A fence could be ended by a line of its own, an element cannot. */
export const markdownLog = (lines: readonly string[]): string => `<pre>${lines.map(escapeElement).join('\n')}</pre>`;

const escapeElement = (line: string) =>
  plainText(line).replace(/[&<>@`*_~$|\\[\]]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A table; its cells are Markdown already. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
];

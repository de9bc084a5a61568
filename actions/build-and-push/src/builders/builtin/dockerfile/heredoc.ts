import { quotedWords } from './dockerfile-words';
import { expandWord } from './expand';

export interface Heredoc {
  readonly name: string;
  /** As it stands in the file, but for leading tabs where `<<-` removes them; ends of lines stay as they are. */
  readonly content: string;
  /** Whether variables are expanded in it: not where its name was quoted. */
  readonly expand: boolean;
}

/** What `<<END`, `<<-END` (tabs removed) and `<<"END"` (nothing expanded) say of a document. */
export interface HeredocOpener extends Omit<Heredoc, 'content'> {
  readonly removesTabs: boolean;
}

/** A command of RUN may give it a number, as a shell does. */
const openerForm = /^\d*<<(-?)[\t\r ]*([^<]*)$/;

/** What a word opens; undefined for other words. Source: ParseHeredoc of BuildKit's Dockerfile parser. */
export function heredocOpener(word: string): HeredocOpener | undefined {
  const [, dash, rest = ''] = openerForm.exec(word) ?? [];
  const words = quotedWords(rest, '\\');
  if (words.length !== 1) return undefined;
  const unquoted = words[0]!.replace(/\\./gs, '');
  const name = nameIn(words[0]!);
  return name === undefined ? undefined : { name, expand: !/["']/.test(unquoted), removesTabs: dash === '-' };
}

/** Undefined where a quote has no partner. */
function nameIn(word: string): string | undefined {
  try {
    return expandWord(word, (name) => `$${name}`, '\\') || undefined;
  } catch {
    return undefined;
  }
}

const takers = new Set(['COPY', 'ADD', 'RUN']);

/**
 * Reads the documents of an instruction from the lines after it. A document without its end takes all lines that are left
 * and is none; the check of the file says so.
 *
 * @param lines with their carriage returns, without their line feeds
 * @param from the first line after the instruction
 * @returns the documents, the name of one without an end, and the first line after them
 */
export function readHeredocs(
  { keyword, text }: { readonly keyword: string; readonly text: string },
  lines: readonly string[],
  from: number,
): { heredocs: Heredoc[]; unended?: string; next: number } {
  const heredocs: Heredoc[] = [];
  let next = from;
  for (const { name, expand, removesTabs } of openers(keyword, text)) {
    const content: string[] = [];
    let isEnded = false;
    for (; next < lines.length && !isEnded; next++) {
      const line = removesTabs ? lines[next]!.replace(/^\t+/, '') : lines[next]!;
      isEnded = withoutReturns(line) === name;
      if (!isEnded) content.push(line);
    }
    if (!isEnded) return { heredocs, unended: name, next };
    heredocs.push({ name, content: content.map((line) => `${line}\n`).join(''), expand });
  }
  return { heredocs, next };
}

/** A line without the carriage returns at its end. */
export function withoutReturns(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end--;
  return line.slice(0, end);
}

/** The documents that an instruction opens. A trigger of ONBUILD may have some too; words in JSON open none. */
function openers(keyword: string, text: string): HeredocOpener[] {
  if (!text.includes('<<')) return [];
  if (keyword === 'ONBUILD') {
    const [, trigger = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
    return trigger.toUpperCase() === 'ONBUILD' ? [] : openers(trigger.toUpperCase(), rest);
  }
  if (!takers.has(keyword) || isJsonArray(text)) return [];
  // White space behind the mark belongs to the word, as for a shell.
  const joined = text.replace(/<<[\t\r ]+/g, (mark) => mark.trim());
  return quotedWords(joined, '\\').flatMap((word) => heredocOpener(word) ?? []);
}

function isJsonArray(text: string): boolean {
  if (!text.startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

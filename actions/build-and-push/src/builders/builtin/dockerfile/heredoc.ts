import { quotedWords } from './dockerfile-words';

export interface Heredoc {
  readonly name: string;
  readonly content: string;
  /** Whether variables are expanded in it: not where its name was quoted. */
  readonly expand: boolean;
}

/** `<<END`, `<<-END` (tabs removed) and `<<"END"` (nothing expanded). */
export const heredocForm = /^<<(-?)(["']?)([^\s"'<>]+)\2$/;

/** As above; a command of RUN may give it a number, as a shell does. */
const openerForm = /^\d*(<<.*)$/s;

const takers = new Set(['COPY', 'ADD', 'RUN']);

/**
 * Reads the documents of an instruction from the lines after it. A document without its end takes all lines that are left
 * and is none; the check of the file says so.
 *
 * @param from the first line after the instruction
 * @returns the documents, and the first line after them
 */
export function readHeredocs(
  { keyword, text, escaper }: { readonly keyword: string; readonly text: string; readonly escaper: string },
  lines: readonly string[],
  from: number,
): { heredocs: Heredoc[]; next: number } {
  const heredocs: Heredoc[] = [];
  let next = from;
  for (const word of openers(keyword, text, escaper)) {
    const [, dash, quote, name = ''] = heredocForm.exec(word) ?? [];
    if (name === '') continue;
    const content: string[] = [];
    for (; next < lines.length; next++) {
      const line = dash ? lines[next]!.replace(/^\t+/, '') : lines[next]!;
      if (line === name) break;
      content.push(`${line}\n`);
    }
    if (next++ < lines.length) heredocs.push({ name, content: content.join(''), expand: quote === '' });
  }
  return { heredocs, next: Math.min(next, lines.length) };
}

/** The words that open a document. A trigger of ONBUILD may have some too. */
function openers(keyword: string, text: string, escaper: string): string[] {
  if (!text.includes('<<')) return [];
  const trigger = keyword === 'ONBUILD' ? /^\S+/.exec(text)?.[0].toUpperCase() : keyword;
  if (!takers.has(trigger ?? '')) return [];
  return quotedWords(text, escaper).flatMap((word) => openerForm.exec(word)?.[1] ?? []);
}

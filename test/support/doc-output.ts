import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, blocksOf } from './doc-blocks';
import { projectRoot } from './project-files';

/** The sample outputs of a page: its blocks in `text`. */
export const samplesOf = (page: string): readonly Block[] =>
  blocksOf(readFileSync(join(projectRoot, page), 'utf8')).filter(({ language }) => language === 'text');

/**
 * The sample output that is on a page. With `UPDATE_DOCS` set, the real output takes its place first, so that a change of a
 * message is one command away from the page.
 */
export function sampleOf(page: string, at: number, real: string): string {
  const { text } = samplesOf(page)[at]!;
  if (!process.env['UPDATE_DOCS'] || text === real) return text;
  const path = join(projectRoot, page);
  const [before, after] = halves(readFileSync(path, 'utf8'), at);
  writeFileSync(path, `${before}${real}${after}`);
  return real;
}

/** A page before and behind the content of its block in `text` at a place. */
function halves(markdown: string, at: number): readonly [string, string] {
  const fence = [...markdown.matchAll(/^```text\n(.*?)^```$/gms)][at]!;
  const start = fence.index + '```text\n'.length;
  return [markdown.slice(0, start), markdown.slice(start + fence[1]!.length)];
}

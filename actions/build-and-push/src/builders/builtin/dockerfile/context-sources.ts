/** Which parts of the build context a Dockerfile asks for. */

import { posix } from 'node:path';
import type { Instruction } from './dockerfile';
import { plainWords } from './dockerfile-words';

/**
 * Whether another source may bring a folder of the context along. BuildKit is sent only what the sources name: a pattern in
 * a folder of which nothing is sent fails there. A source with variables may name anything.
 *
 * @param folder without a leading slash
 * @param written the source that asks, as it stands in the file
 */
export function mayBeSent(instructions: readonly Instruction[], folder: string, written: readonly string[]): boolean {
  const others = instructions
    .filter(({ keyword, flags }) => (keyword === 'COPY' || keyword === 'ADD') && flags['from'] === undefined)
    .flatMap(({ text }) => plainWords(text).slice(0, -1));
  return others.some((word) => !written.includes(word) && touches(word, folder));
}

function touches(word: string, folder: string): boolean {
  if (/["'[\\$]/.test(word)) return true;
  const fixed = posix.normalize(`/${word.split(/[*?]/, 1)[0]!}`).replace(/^\/+|\/+$/g, '');
  return fixed === '' || `${fixed}/`.startsWith(`${folder}/`) || `${folder}/`.startsWith(`${fixed}/`);
}

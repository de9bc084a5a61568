// @ts-check
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { bundleInMemory } from './esbuild.mjs';

/** @typedef {import('./esbuild.mjs').Chunk} Chunk */

/**
 * What stands before the text of a chunk, and behind it. In parentheses: V8 takes it that such a function will run, and reads it
 * once only.
 */
export const before = '(function (exports, require, module, $part) {';
const behind = '\n})';

/** A function that is never called. Its text can be had without a copy of it. */
const name = 'allChunks';

/**
 * Makes one file of chunks: a loader, and behind it a function of nothing but comments, the chunks, which Node passes over.
 * Compiling all of their code takes it longer than most runs need as a whole.
 * @param {readonly Chunk[]} chunks the first is what the file does when it is run
 * @param {readonly (readonly Chunk[])[]} packs chunks that few runs need, each list of them compressed as one text
 * @param {'small' | 'quickly'} [how] whether it is to be small, or made quickly
 * @returns {Promise<string>}
 * @throws where a chunk is not in ASCII, in which places can be told in bytes
 */
export async function link(chunks, packs, how = 'small') {
  const [main] = chunks;
  if (!main) throw new Error('cannot link: there are no chunks');
  const comments = [
    ...chunks.map((chunk) => ({ chunks: [chunk], isPacked: false })),
    ...packs.map((pack) => ({ chunks: pack, isPacked: true })),
  ];
  const quality = how === 'small' ? constants.BROTLI_MAX_QUALITY : constants.BROTLI_MIN_QUALITY;
  const { text: end, places } = layOut(comments, quality);
  const hash = createHash('sha256').update(end).digest('hex').slice(0, 32);
  const { text: loader } = await bundleInMemory({
    entryPoints: ['shared/dev/bundle/loader.cjs'],
    define: {
      ALL_CHUNKS: name,
      CHUNK_PLACES: JSON.stringify(Object.fromEntries(places)),
      BUNDLE_HASH: JSON.stringify(hash),
      MAIN_CHUNK: JSON.stringify(`./${main.id}`),
    },
  });
  // The first line lets an installed package start it as a command.
  const file = `#!/usr/bin/env node\n${loader}function ${name}() {\n${end}/*${hash}*/\n}\n`;
  if (Buffer.byteLength(file) !== file.length) throw new Error('cannot link: a chunk is not plain ASCII');
  return file;
}

/** Stands for the end of a comment within one. */
const endOfComment = '*~/';

/**
 * Writes chunks as comments.
 * @param {readonly { chunks: readonly Chunk[], isPacked: boolean }[]} comments
 * @param {number} quality of the compression
 * @returns {{ text: string, places: [string, number[]][] }} the places as the loader reads them
 */
function layOut(comments, quality) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  let text = '';
  /** @type {[string, number[]][]} */
  const backwards = [];
  for (const { chunks, isPacked } of [...comments].reverse()) {
    const plain = chunks.map(({ text }) => before + text + behind);
    const all = plain.join('');
    if (all.includes(endOfComment)) throw new Error(`cannot link: a chunk holds ${endOfComment}`);
    const body = isPacked ? brotliCompressSync(all, { params }).toString('base64') : all.replaceAll('*/', endOfComment);
    text = `/*${body}*/\n${text}`;
    let at = 0;
    for (const [index, { id }] of chunks.entries()) {
      const size = plain[index]?.length ?? 0;
      backwards.push([id, [text.length - 2, body.length, ...(isPacked ? [at, size] : [])]]);
      at += size;
    }
  }
  return { text, places: backwards };
}

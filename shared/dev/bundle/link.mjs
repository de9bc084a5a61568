// @ts-check
import { brotliCompressSync } from 'node:zlib';
import { read } from './esbuild.mjs';

/** @typedef {import('./esbuild.mjs').Chunk} Chunk */

/**
 * Makes one file of chunks. Those that the first runs before itself are code at its top; all others are comments at its end,
 * which Node passes over: to read their code takes it longer than most runs need as a whole.
 * @param {readonly Chunk[]} chunks the first is what the file does when it is run
 * @param {readonly (readonly Chunk[])[]} packs chunks that few runs need, each list compressed together
 * @returns {string} in ASCII, so that places in it can be told in bytes
 */
export function link(chunks, packs) {
  const [main] = chunks;
  if (!main) throw new Error('cannot link: there are no chunks');
  const atOnce = closure(main, chunks);
  const later = chunks.filter((chunk) => !atOnce.includes(chunk));
  const lines = [
    ...later.map((chunk) => ({ ids: [chunk.id], text: asJson([chunk]), isCompressed: 0 })),
    ...packs.map((pack) => ({ ids: pack.map(({ id }) => id), text: compressed(pack), isCompressed: 1 })),
  ];
  const end = lines.map(({ text }) => `//${text}\n`).join('');
  const places = lines.flatMap(({ ids, text, isCompressed }) =>
    ids.map((id) => [id, [end.length - end.indexOf(text), text.length, isCompressed]]),
  );
  const code = atOnce.map(({ id, text }) => `${JSON.stringify(id)}: ${asFunction(text)}`);
  const loader = read('shared/dev/bundle/loader.cjs')
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace('PLACES', () => JSON.stringify(Object.fromEntries(places)))
    .replace('CODE', () => `{${code.join(',\n')}}`)
    .replace('MAIN', () => JSON.stringify(`./${main.id}`));
  // The first line lets an installed package start it as a command.
  const file = `#!/usr/bin/env node\n${loader}${end}`;
  if (Buffer.byteLength(file) !== file.length) throw new Error('cannot link: a chunk is not plain ASCII');
  return file;
}

/**
 * @param {Chunk} chunk
 * @param {readonly Chunk[]} chunks
 * @returns {Chunk[]} the chunk and those that it runs before itself
 */
function closure(chunk, chunks) {
  const found = new Set([chunk]);
  for (const { imports } of found) for (const other of chunks) if (imports.includes(other.id)) found.add(other);
  return [...found];
}

/** esbuild leaves other characters in regular expressions, where an escape means the same. */
const inAscii = (/** @type {string} */ text) =>
  text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** In parentheses: Node takes it that such a function will run, and reads it once only. */
const asFunction = (/** @type {string} */ text) => `(function (exports, require, module) {${inAscii(text)}\n})`;

const asJson = (/** @type {readonly Chunk[]} */ chunks) =>
  JSON.stringify(Object.fromEntries(chunks.map(({ id, text }) => [id, inAscii(text)])));

const compressed = (/** @type {readonly Chunk[]} */ pack) => brotliCompressSync(asJson(pack)).toString('base64');

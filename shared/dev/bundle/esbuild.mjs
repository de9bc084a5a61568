// @ts-check
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { asCommonJs } from './commonjs.mjs';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** @param {string} file relative to the repository's folder */
export const read = (file) => readFileSync(resolve(root, file), 'utf8');

const { version } = JSON.parse(read('package.json'));

const target = 'node16.20';

const options = /** @satisfies {import('esbuild').BuildOptions} */ ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target,
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { shelljs: './shared/no-shell.cjs' },
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { ACTION_VERSION: JSON.stringify(version) },
  write: false,
});

/**
 * A piece of code that a bundle keeps by itself: a CommonJS module.
 * @typedef {object} Chunk
 * @property {string} id such as `chunk-ABCDEFGH.js`
 * @property {string} text
 * @property {readonly string[]} imports the chunks that it runs before itself
 * @property {readonly string[]} later the chunks that it imports dynamically
 */

/**
 * Bundles a module in memory.
 * @param {import('esbuild').BuildOptions} more
 * @returns {Promise<{ text: string, inputs: string[] }>} the bundle, and the files that went into it
 */
export async function bundleInMemory(more) {
  const { outputFiles: [output] = [], metafile } = await build({ ...options, ...more });
  if (!output || !metafile) throw new Error('cannot bundle: esbuild has written nothing');
  return { text: inAscii(output.text), inputs: Object.keys(metafile.inputs) };
}

/**
 * Bundles a module as chunks: what it imports dynamically is a chunk, and what several chunks import is one. In a chunk the
 * modules stand as plain statements; in one CommonJS file with dynamic imports, each would be a function that Node reads twice.
 * @param {string} entry
 * @param {import('esbuild').BuildOptions} more
 * @returns {Promise<{ chunks: Chunk[], inputs: string[] }>} the chunks that the entry needs, itself the first
 */
export async function bundleChunks(entry, more) {
  const splitting = /** @type {const} */ ({ format: 'esm', splitting: true, outdir: 'out', entryNames: '[name]' });
  const { outputFiles = [], metafile } = await build({ ...options, ...splitting, entryPoints: [entry], ...more });
  if (!metafile) throw new Error('cannot bundle: esbuild has told nothing');
  const texts = new Map(outputFiles.map(({ path, text }) => [nameOf(path), text]));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [nameOf(path), output]));
  const needed = new Set([nameOf(entry).replace(/[.]ts$/, '.js')]);
  /** @type {Chunk[]} */
  const chunks = [];
  for (const id of needed) {
    const others = (outputs.get(id)?.imports ?? []).filter(({ external }) => !external);
    for (const { path } of others) needed.add(nameOf(path));
    const imported = (/** @type {string} */ as) =>
      others.filter(({ kind }) => kind === as).map(({ path }) => nameOf(path));
    const text = asCommonJs(inAscii(texts.get(id) ?? ''));
    chunks.push({ id, text, imports: imported('import-statement'), later: imported('dynamic-import') });
  }
  return { chunks, inputs: Object.keys(metafile.inputs) };
}

/**
 * @param {readonly Chunk[]} starts
 * @param {readonly Chunk[]} chunks
 * @returns {Chunk[]} the chunks to start with, and those that they run before themselves
 */
export function closure(starts, chunks) {
  const found = new Set(starts);
  for (const { imports } of found) for (const other of chunks) if (imports.includes(other.id)) found.add(other);
  return [...found];
}

/**
 * esbuild leaves other characters in regular expressions, where an escape means the same. They are replaced before a chunk is
 * trained: its functions are told apart by their places.
 */
const inAscii = (/** @type {string} */ text) =>
  text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const nameOf = (/** @type {string} */ path) => path.replace(/^.*\//, '');

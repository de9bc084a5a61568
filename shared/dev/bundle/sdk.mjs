// @ts-check
import { readFileSync } from 'node:fs';
import { bundleChunks, closure, read } from './esbuild.mjs';

/** @typedef {import('./esbuild.mjs').Chunk} Chunk */

/** The module of the clients of AWS, each in a line `name: () => import(…)`. */
const sdk = 'shared/aws/sdk/index.ts';

/**
 * The clients that a program asks for, as in `aws(region).ecs()`, with the operations whose names are in its sources: all of
 * them would make a third of its bundle.
 * @param {readonly string[]} files those of the program
 * @returns {Promise<{ packs: Chunk[][], inputs: string[] }>}
 */
export async function bundleSdk(files) {
  const own = files.filter((file) => !/^(?:node_modules|shared\/aws)\//.test(file)).map(read);
  const words = new Set(own.flatMap((text) => text.match(/\w+/g) ?? []));
  // What is no client is for the clients themselves, whoever asks for one.
  const asked = new Set([
    'retry',
    'schema',
    ...own.flatMap((text) => [...text.matchAll(/\.(\w+)\(\)/g)].map(([, name]) => name)),
  ]);
  const { chunks, inputs } = await bundleChunks(sdk, {
    // The SDK tells its errors apart by the names of their classes.
    keepNames: true,
    plugins: [
      replaceContents(/shared\/aws\/sdk\/index[.]ts$/, (text) =>
        text.replace(/^ {2}(\w+): .*\n/gm, (line, name) => (asked.has(name) ? line : '')),
      ),
      replaceContents(/@aws-sdk\/client-[\w-]+\/dist-es\/[A-Z]\w+[.]js$/, (text) => withOperations(text, words)),
    ],
  });
  return { packs: packsOf(chunks), inputs };
}

/**
 * What is unpacked together: what the first call of AWS needs in any case, the other clients, and the rest, which finds credentials
 * that do not stand in the environment.
 * @param {readonly Chunk[]} chunks the module of the clients is the first
 */
function packsOf(chunks) {
  const [index] = chunks;
  if (!index) throw new Error('cannot pack: there are no clients');
  const asked = chunks.filter(({ id }) => index.later.includes(id));
  const isClient = ({ id = '' }) => !/^(retry|schema)-/.test(id);
  const first = asked.find(isClient);
  const base = closure([index, ...asked.filter((chunk) => chunk === first || !isClient(chunk))], chunks);
  const clients = closure(asked, chunks).filter((chunk) => !base.includes(chunk));
  const credentials = chunks.filter((chunk) => !base.includes(chunk) && !clients.includes(chunk));
  return [base, clients, credentials].filter(({ length }) => length > 0);
}

/**
 * The class of a client with some of its operations only. Its module lists them as `commands`, `paginators` and `waiters`, by the
 * names of what it has imported.
 * @param {string} text
 * @param {ReadonlySet<string>} wanted
 */
function withOperations(text, wanted) {
  if (!text.includes('createAggregatedClient')) return text;
  return text.replace(/^ {4}(\w+?)(Command)?,\n/gm, (line, name, command) =>
    wanted.has(command ? `${name[0].toLowerCase()}${name.slice(1)}` : name) ? line : '',
  );
}

/**
 * A plugin that gives files other contents.
 * @param {RegExp} filter
 * @param {(text: string) => string} change
 * @returns {import('esbuild').Plugin}
 */
const replaceContents = (filter, change) => ({
  name: `replace ${filter}`,
  setup({ onLoad }) {
    onLoad({ filter }, ({ path }) => ({
      contents: change(readFileSync(path, 'utf8')),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    }));
  },
});

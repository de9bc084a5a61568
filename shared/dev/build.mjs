// @ts-check
/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. Usage: `npm run build`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

const options = /** @satisfies {import('esbuild').BuildOptions} */ ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node16.20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { shelljs: './shared/no-shell.cjs' },
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  write: false,
});

/** What many runs do without: the clients of AWS, and the YAML parser where a task definition is JSON. */
const keptAsText = ['shared/aws/sdk.ts', 'node_modules/yaml/dist/index.js'];

/**
 * Bundles a module in memory.
 * @param {import('esbuild').BuildOptions} more
 * @returns {Promise<{ text: string, inputs: string[] }>} the bundle, and the files that went into it
 */
async function bundleInMemory(more) {
  const { outputFiles: [output] = [], metafile } = await build({ ...options, ...more });
  if (!output || !metafile) throw new Error('cannot bundle: esbuild has written nothing');
  return { text: output.text, inputs: Object.keys(metafile.inputs) };
}

/**
 * Keeps a module, with all that it imports, as packed text in the bundle until it is first imported: to read the code of the
 * SDK takes Node longer than the whole run of an action that needs no AWS.
 * @param {string} file
 * @param {string[]} inputs gets the files that went into the text
 * @returns {import('esbuild').Plugin}
 */
function keepAsText(file, inputs) {
  return {
    name: 'keep-as-text',
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(`${file.replace(/[/.]/g, '.')}$`) }, async ({ path }) => {
        const made = await bundleInMemory({
          entryPoints: [path],
          // The SDK tells its errors apart by the names of their classes.
          keepNames: true,
          // A dynamic import has no meaning in a script that is run from a text.
          supported: { 'dynamic-import': false },
        });
        inputs.push(...made.inputs);
        const script = `(function (exports, require, module) {${made.text}\n})`;
        const packed = brotliCompressSync(script).toString('base64');
        const contents = `
          const { Script } = require('node:vm');
          const { brotliDecompressSync } = require('node:zlib');
          const text = brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString();
          new Script(text, { filename: ${JSON.stringify(file)} }).runInThisContext()(exports, require, module);`;
        return { contents, loader: 'js' };
      });
    },
  };
}

/**
 * Makes the bundle of a program as an action's is made, without writing it.
 * @param {string} entry
 */
async function makeBundle(entry) {
  /** @type {string[]} */
  const inputs = [];
  const made = await bundleInMemory({
    entryPoints: [entry],
    plugins: keptAsText.map((file) => keepAsText(file, inputs)),
  });
  inputs.push(...made.inputs);
  const tool = inputs.find((file) => file.startsWith('shared/dev/'));
  if (tool) throw new Error(`cannot bundle ${entry}: it imports ${tool}, which only builds and packages`);
  return { text: made.text, inputs };
}

/**
 * Makes the bundle of an action without writing it.
 * @param {string} action
 */
export const makeActionBundle = (action) => makeBundle(`actions/${action}/src/main.ts`);

/**
 * Bundles a program as an action is bundled.
 * @param {string} entry
 * @param {string} outfile
 * @returns {Promise<number>} the bundle's size in bytes
 */
export async function bundleProgram(entry, outfile) {
  const { text } = await makeBundle(entry);
  mkdirSync(dirname(resolve(root, outfile)), { recursive: true });
  writeFileSync(resolve(root, outfile), text);
  return Buffer.byteLength(text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const action of actions) {
    const bytes = await bundleProgram(`actions/${action}/src/main.ts`, `actions/${action}/dist/index.js`);
    console.log(`actions/${action}/dist/index.js  ${Math.round(bytes / 1024)} KiB`);
  }
}

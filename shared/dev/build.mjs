// @ts-check
/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. Usage: `npm run build`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

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
  define: { ACTION_VERSION: JSON.stringify(version) },
  write: false,
});

/** The clients of AWS, each in a line `name: () => import(…)`. */
const sdk = 'shared/aws/sdk.ts';

/** What many runs do without: the clients of AWS, and parsers that know places where a task definition is plain JSON. */
const keptAsText = [sdk, 'node_modules/yaml/dist/index.js', 'node_modules/jsonc-parser/lib/esm/main.js'];

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
 * A plugin that gives a file other contents.
 * @param {string} file
 * @param {(path: string) => string | Promise<string>} contents
 * @returns {import('esbuild').Plugin}
 */
const replaceContents = (file, contents) => ({
  name: `replace ${file}`,
  setup({ onLoad }) {
    const filter = new RegExp(`${file.replace(/[/.]/g, '.')}$`);
    onLoad({ filter }, async ({ path }) => ({ contents: await contents(path), loader: 'ts' }));
  },
});

/**
 * The module of the clients without those that a program never asks for: they would make a third of its bundle. A program
 * asks as in `aws(region).ecs()`.
 * @param {string} entry
 */
async function ownClients(entry) {
  const withoutText = keptAsText.map((file) => replaceContents(file, () => ''));
  const { inputs } = await bundleInMemory({ entryPoints: [entry], plugins: withoutText });
  const own = inputs.filter((file) => !/^(?:node_modules|shared\/aws)\//.test(file));
  const calls = own.flatMap((file) => [...read(file).matchAll(/\.(\w+)\(\)/g)].map(([, name]) => name));
  // What is no client is for the clients themselves, whoever asks for one.
  const client = /^ {2}(\w+): \(\) => import\('@aws-sdk\/client-.*\n/gm;
  return read(sdk).replace(client, (line, name) => (calls.includes(name) ? line : ''));
}

const read = (/** @type {string} */ file) => readFileSync(resolve(root, file), 'utf8');

/**
 * A module, with all that it imports, as packed text in the bundle until it is first imported: to read the code of the SDK
 * takes Node longer than the whole run of an action that needs no AWS.
 * @param {string} file
 * @param {string} clients the module of the clients
 * @returns {Promise<{ script: string, inputs: string[] }>} a script that unpacks the text, and the files that went into it
 */
async function packAsText(file, clients) {
  const { text, inputs } = await bundleInMemory({
    entryPoints: [file],
    plugins: [replaceContents(sdk, () => clients)],
    // The SDK tells its errors apart by the names of their classes.
    keepNames: true,
    // A dynamic import has no meaning in a script that is run from a text.
    supported: { 'dynamic-import': false },
  });
  const packed = brotliCompressSync(`(function (exports, require, module) {${text}\n})`).toString('base64');
  const script = `
    const { Script } = require('node:vm');
    const { brotliDecompressSync } = require('node:zlib');
    const text = brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString();
    new Script(text, { filename: ${JSON.stringify(file)} }).runInThisContext()(exports, require, module);`;
  return { script, inputs };
}

/**
 * The constants of a generated file as text until they are read: `JSON.parse` takes a fraction of the time of a literal.
 * @type {import('esbuild').Plugin}
 */
const tablesAsText = {
  name: 'tables as text',
  setup({ onLoad }) {
    onLoad({ filter: /[.]generated[.]ts$/ }, ({ path }) => {
      const asText = (/** @type {string} */ table) =>
        `JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(table)))})`;
      const contents = readFileSync(path, 'utf8').replace(/(?<= = )[[{].*?(?= as const;)/gs, asText);
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Puts the program of a thread into the file that hands it out as a text.
 * @param {string[]} inputs gets the files that went into it
 * @returns {import('esbuild').Plugin}
 */
export function threadAsText(inputs) {
  return {
    name: 'thread-as-text',
    setup({ onLoad }) {
      onLoad({ filter: /worker-source\.ts$/ }, async ({ path }) => {
        const made = await bundleInMemory({ entryPoints: [path.replace(/worker-source\.ts$/, 'worker.ts')] });
        inputs.push(...made.inputs);
        return { contents: `export const workerSource = ${JSON.stringify(made.text)};`, loader: 'js' };
      });
    },
  };
}

/**
 * Makes the bundle of a program as an action's is made, without writing it.
 * @param {string} entry
 */
async function makeBundle(entry) {
  const clients = await ownClients(entry);
  /** @type {string[]} */
  const inputs = [];
  const plugins = keptAsText.map((file) =>
    replaceContents(file, async () => {
      const packed = await packAsText(file, clients);
      inputs.push(...packed.inputs);
      return packed.script;
    }),
  );
  // The first line lets an installed package start it as a command.
  const banner = { js: '#!/usr/bin/env node' };
  const text = [tablesAsText, threadAsText(inputs)];
  const made = await bundleInMemory({ entryPoints: [entry], plugins: [...plugins, ...text], banner });
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

/** For `npx` of this repository: the tool that moves workflows to the actions. */
async function bundleMigrate() {
  const outfile = resolve(root, 'dist/migrate.js');
  const { text } = await bundleInMemory({ entryPoints: ['test/local/migrate/cli.ts'] });
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, `#!/usr/bin/env node\n${text}`, { mode: 0o755 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const action of actions) {
    const bytes = await bundleProgram(`actions/${action}/src/main.ts`, `actions/${action}/dist/index.js`);
    console.log(`actions/${action}/dist/index.js  ${Math.round(bytes / 1024)} KiB`);
  }
  await bundleMigrate();
}

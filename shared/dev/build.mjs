/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node16.20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { shelljs: './shared/dev/no-shell.cjs' },
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const filesOf = ({ metafile }) => Object.keys(metafile.inputs);

/** What many runs do without: the clients of AWS, and the YAML parser where a task definition is JSON. */
const keptAsText = ['shared/aws/sdk.ts', 'node_modules/yaml/dist/index.js'];

/**
 * Keeps a module, with all that it imports, as packed text in the bundle until it is first imported: to read the code of the
 * SDK takes Node longer than the whole run of an action that needs no AWS.
 */
function keepAsText(file, inputs) {
  return {
    name: 'keep-as-text',
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(`${file.replace(/[/.]/g, '.')}$`) }, async ({ path }) => {
        // A dynamic import has no meaning in a script that is run from a text.
        const made = await build({
          ...options,
          entryPoints: [path],
          write: false,
          // The SDK tells its errors apart by the names of their classes.
          keepNames: true,
          supported: { 'dynamic-import': false },
        });
        inputs.push(...filesOf(made));
        const script = `(function (exports, require, module) {${made.outputFiles[0].text}\n})`;
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

/** Bundles a program as an action is bundled. Answers the bundle's size in bytes and the files that went into it. */
export async function bundleProgram(entry, outfile) {
  const inputs = [];
  const made = await build({
    ...options,
    entryPoints: [entry],
    outfile: resolve(root, outfile),
    plugins: keptAsText.map((file) => keepAsText(file, inputs)),
  });
  const [{ bytes }] = Object.values(made.metafile.outputs);
  return { bytes, inputs: [...inputs, ...filesOf(made)] };
}

/** Bundles an action into its `dist/index.js`. */
export const bundle = (action) => bundleProgram(`actions/${action}/src/main.ts`, `actions/${action}/dist/index.js`);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const action of actions) {
    const { bytes } = await bundle(action);
    console.log(`actions/${action}/dist/index.js  ${Math.round(bytes / 1024)} KiB`);
  }
}

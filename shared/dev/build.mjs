/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

/** Bundles a program as an action is bundled. Answers the bundle's size in bytes and the files that went into it. */
export async function bundleProgram(entry, outfile) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: resolve(root, outfile),
    bundle: true,
    platform: 'node',
    target: 'node16.20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { shelljs: './shared/dev/no-shell.cjs' },
    minify: true,
    // Names of functions and classes stay: errors are told apart by them.
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const [{ bytes, inputs }] = Object.values(metafile.outputs);
  return { bytes, inputs: Object.keys(inputs) };
}

/** Bundles an action into its `dist/index.js`. */
export const bundle = (action) => bundleProgram(`actions/${action}/src/main.ts`, `actions/${action}/dist/index.js`);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const action of actions) {
    const { bytes } = await bundle(action);
    console.log(`actions/${action}/dist/index.js  ${Math.round(bytes / 1024)} KiB`);
  }
}

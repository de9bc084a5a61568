/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

/** Bundles a program as an action is bundled and returns its size in bytes. */
export async function bundleProgram(entry, outfile) {
  const { metafile } = await build({
    entryPoints: [resolve(root, entry)],
    outfile: resolve(root, outfile),
    bundle: true,
    platform: 'node',
    target: 'node16.20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { shelljs: resolve(root, 'shared/dev/no-shell.cjs') },
    minify: true,
    // Names of functions and classes stay: errors are told apart by them.
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.values(metafile.outputs)[0].bytes;
}

/** Bundles an action into its `dist/index.js` and returns the size in bytes. */
export const bundle = (action) => bundleProgram(`actions/${action}/src/main.ts`, `actions/${action}/dist/index.js`);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const action of actions)
    console.log(`actions/${action}/dist/index.js  ${Math.round((await bundle(action)) / 1024)} KiB`);
}

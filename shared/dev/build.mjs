/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

/** Builds the bundle of one action and returns what esbuild knows of it. */
export function bundle(action) {
  return build({
    entryPoints: [resolve(root, 'actions', action, 'src/main.ts')],
    outfile: resolve(root, 'actions', action, 'dist/index.js'),
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
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const action of actions) {
    const { metafile } = await bundle(action);
    const [size] = Object.values(metafile.outputs).map((output) => output.bytes);
    console.log(`actions/${action}/dist/index.js  ${Math.round(size / 1024)} KiB`);
  }
}

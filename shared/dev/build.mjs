/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

/** Bundles a program as an action is bundled and returns its size in bytes. */
export async function bundle(entry, outfile) {
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const action of actions) {
    const outfile = `actions/${action}/dist/index.js`;
    const bytes = await bundle(`actions/${action}/src/main.ts`, outfile);
    console.log(`${outfile}  ${Math.round(bytes / 1024)} KiB`);
  }
}

// @ts-check
/** Bundles the actions: one self-contained CommonJS file each, for Node 16.20 and newer. Usage: `npm run build`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleChunks, bundleInMemory, root } from './bundle/esbuild.mjs';
import { link } from './bundle/link.mjs';
import { ownModules, packages } from './bundle/own-modules.mjs';
import { rewriteAll } from './bundle/rewrite.mjs';
import { bundleSdk } from './bundle/sdk.mjs';
import { train } from './bundle/training.mjs';

export const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

/**
 * Makes the bundle of a program as an action's is made, without writing it.
 * @param {string} entry
 * @param {string} [action] by whose usual runs it is trained
 * @returns {Promise<{ text: string, inputs: string[] }>} the bundle, and the files that went into it
 */
async function makeBundle(entry, action) {
  /** @type {Set<string>} */
  const required = new Set();
  /** @type {string[]} */
  const inputs = [];
  const own = await bundleChunks(entry, { plugins: ownModules(required, inputs) });
  const clients = await bundleSdk(own.inputs);
  const others = await packages(required);
  inputs.push(...own.inputs, ...clients.inputs, ...others.inputs);
  const tool = inputs.find((file) => file.startsWith('shared/dev/'));
  if (tool) throw new Error(`cannot bundle ${entry}: it imports ${tool}, which only builds and packages`);
  const packs = [...clients.packs, ...others.chunks.map((chunk) => [chunk])];
  if (action === undefined) return { text: await link(own.chunks, packs), inputs };
  const called = await train(action, await link(own.chunks, packs, 'quickly'));
  const [chunks, cold] = rewriteAll(own.chunks, called);
  const rewritten = packs.flatMap((pack) => rewriteAll(pack, called)).filter(({ length }) => length > 0);
  return { text: await link(chunks, [...rewritten, ...(cold.length > 0 ? [cold] : [])]), inputs };
}

/**
 * Makes the bundle of an action without writing it.
 * @param {string} action
 */
export const makeActionBundle = (action) => makeBundle(`actions/${action}/src/main.ts`, action);

/**
 * Bundles a program as an action is bundled.
 * @param {string} entry
 * @param {string} outfile
 * @returns {Promise<number>} the bundle's size in bytes
 */
export async function bundleProgram(entry, outfile) {
  const action = actions.find((name) => entry === `actions/${name}/src/main.ts`);
  const { text } = await makeBundle(entry, action);
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

/** Turns TypeScript into CommonJS for jest with esbuild, the same transform as in the bundles; packages are left to Node. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { buildSync, transformSync } = require('esbuild');

const self = readFileSync(__filename);

/** The file that hands out the program of a thread; as in the bundles, the program is put into it. */
const threadForm = /worker-source\.ts$/;

const threadOf = (filename) =>
  buildSync({
    entryPoints: [filename.replace(threadForm, 'worker.ts')],
    bundle: true,
    platform: 'node',
    target: 'node18',
    write: false,
  }).outputFiles[0].text;

const bundled = (source, filename) =>
  threadForm.test(filename) ? `export const workerSource = ${JSON.stringify(threadOf(filename))};` : source;

/** The module as Node loads it, once for all files of tests that a process runs (see one-realm.cjs). */
const once = (filename) => `module.exports = globalThis[Symbol.for('load-once')](${JSON.stringify(filename)});`;

/** A module is the same object whenever it is imported; esbuild's stand-in copies it each time, and the SDK's are large. */
const dynamicImport = /=> __toESM\(require\((".*?")\)\)/g;

module.exports = {
  // Without this, jest would go on using what an older version of this file made.
  getCacheKey: (source, filename) =>
    createHash('sha256').update(self).update(filename).update(bundled(source, filename)).digest('hex'),
  process(source, filename) {
    if (!filename.endsWith('.ts')) return { code: once(filename) };
    const { code } = transformSync(bundled(source, filename), {
      loader: 'ts',
      format: 'cjs',
      target: 'node18',
      // jest has no dynamic import of its own.
      supported: { 'dynamic-import': false },
      sourcemap: 'inline',
      sourcefile: filename,
    });
    return { code: code.replace(dynamicImport, '=> (__toESM[$1] ??= __toESM(require($1)))') };
  },
};

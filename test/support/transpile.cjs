/** Turns TypeScript into CommonJS for jest with esbuild: fast, and the same transform as in the bundles. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transformSync } = require('esbuild');

const self = readFileSync(__filename);

module.exports = {
  // Without this, jest would go on using what an older version of this file made.
  getCacheKey: (source, filename) => createHash('sha256').update(self).update(filename).update(source).digest('hex'),
  process(source, filename) {
    const { code } = transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node18',
      // jest has no dynamic import of its own.
      supported: { 'dynamic-import': false },
      sourcemap: 'inline',
      sourcefile: filename,
    });
    return { code };
  },
};

/** Turns TypeScript into CommonJS for jest with esbuild: fast, and the same transform as in the bundles. */
const { transformSync } = require('esbuild');

module.exports = {
  process(source, filename) {
    const { code } = transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node18',
      sourcemap: 'inline',
      sourcefile: filename,
    });
    return { code };
  },
};

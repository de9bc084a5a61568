import { buildSync } from 'esbuild';

/** Loads one of the build's modules, which are of ES: Jest does not load those. */
export function loadEsModule<T>(path: string): T {
  const options = { bundle: true, write: false, platform: 'node', packages: 'external' } as const;
  const { text } = buildSync({ entryPoints: [path], ...options }).outputFiles[0]!;
  const module = { exports: {} };
  new Function('exports', 'require', 'module', text)(module.exports, require, module);
  return module.exports as T;
}

// @ts-check
/** How a program's own modules are bundled, and the packages that they load when they need them. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { bundleInMemory } from './esbuild.mjs';

/**
 * @param {Set<string>} required gets the packages that are loaded when they are needed
 * @param {string[]} inputs gets the files that go into the bundle beside those that esbuild tells
 * @returns {import('esbuild').Plugin[]}
 */
export const ownModules = (required, inputs) => [requiredLater(required), tablesAsText, threadAsText(inputs)];

/** @param {string} name of a package */
const chunkOf = (name) => `${name.replace(/^.*\//, '')}.js`;

/**
 * Leaves out the clients of AWS, and the packages that own code requires: most runs do without them.
 * @param {Set<string>} required
 * @returns {import('esbuild').Plugin}
 */
const requiredLater = (required) => ({
  name: 'required later',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/sdk$/ }, () => ({ path: './index.js', external: true }));
    onResolve({ filter: /^[@\w]/ }, ({ kind, path, importer }) => {
      if (kind !== 'require-call' || importer.includes('node_modules') || isBuiltin(path)) return undefined;
      required.add(path);
      return { path: `./${chunkOf(path)}`, external: true };
    });
  },
});

const isBuiltin = (/** @type {string} */ name) => name.startsWith('node:') || builtinModules.includes(name);

/**
 * @param {ReadonlySet<string>} names of packages
 * @returns {Promise<{ chunks: import('./esbuild.mjs').Chunk[], inputs: string[] }>} a chunk for each
 */
export async function packages(names) {
  // esbuild comes across them in any order; the same sources make the same bundle.
  const sorted = [...names].sort();
  const bundles = await Promise.all(sorted.map((name) => bundleInMemory({ entryPoints: [name] })));
  return {
    chunks: sorted.map((name, at) => ({ id: chunkOf(name), text: bundles[at]?.text ?? '', imports: [], later: [] })),
    inputs: bundles.flatMap(({ inputs }) => inputs),
  };
}

/**
 * The constants of a generated file as text until they are read: `JSON.parse` takes a fraction of the time of a literal.
 * @type {import('esbuild').Plugin}
 */
const tablesAsText = {
  name: 'tables as text',
  setup({ onLoad }) {
    onLoad({ filter: /[.]generated[.]ts$/ }, ({ path }) => {
      const asText = (/** @type {string} */ table) =>
        `JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(table)))})`;
      const contents = readFileSync(path, 'utf8').replace(/(?<= = )[[{].*?(?= as const;)/gs, asText);
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Puts the program of a thread into the file that hands it out as a text.
 * @param {string[]} inputs gets the files that went into it
 * @returns {import('esbuild').Plugin}
 */
function threadAsText(inputs) {
  return {
    name: 'thread-as-text',
    setup({ onLoad }) {
      onLoad({ filter: /worker-source\.ts$/ }, async ({ path }) => {
        const made = await bundleInMemory({ entryPoints: [path.replace(/worker-source\.ts$/, 'worker.ts')] });
        inputs.push(...made.inputs);
        return { contents: `export const workerSource = ${JSON.stringify(made.text)};`, loader: 'js' };
      });
    },
  };
}

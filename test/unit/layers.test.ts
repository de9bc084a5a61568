import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import picomatch from 'picomatch';

const root = join(__dirname, '../..');

interface Options {
  readonly paths: Readonly<Record<string, string>>;
  readonly patterns?: unknown;
}

interface Override {
  readonly includes: readonly string[];
  readonly linter?: {
    readonly rules?: { readonly style?: { readonly noRestrictedImports?: { readonly options?: Options } } };
  };
}

const optionsOf = ({ linter }: Override) => linter?.rules?.style?.noRestrictedImports?.options;

/** What the lint says of imports: the deploy action's layers stand in biome.json, the others in a file of their own. */
const layers = ['biome.json', 'biome.layers.json']
  .flatMap((name) => (JSON.parse(readFileSync(join(root, name), 'utf8')) as { overrides: Override[] }).overrides)
  .filter((override) => optionsOf(override)?.patterns);

const holds = ({ includes }: Override, path: string) =>
  includes.some((glob) => !glob.startsWith('!') && picomatch.isMatch(path, glob)) &&
  !includes.some((glob) => glob.startsWith('!') && picomatch.isMatch(path, glob.slice(1)));

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return path === 'shared/dev' ? [] : sourcesIn(path);
    return path.endsWith('.ts') ? [path] : [];
  });

describe('the layers that lint enforces', () => {
  // Overrides of one rule replace each other: a file in two layers would be held to the last one only.
  it.each([...readdirSync(join(root, 'actions')).map((action) => `actions/${action}/src`), 'shared'])(
    'have each file of %s in exactly one',
    (folder) => {
      const misplaced = sourcesIn(folder).filter((path) => layers.filter((layer) => holds(layer, path)).length !== 1);
      expect(misplaced).toEqual([]);
    },
  );

  it('keep the rule that holds everywhere', () => {
    for (const layer of layers) expect(optionsOf(layer)?.paths).toHaveProperty('fast-check');
  });
});

/** The modules that more than one import statement of a file names. */
const importedTwice = (path: string): readonly string[] => {
  const source = readFileSync(join(root, path), 'utf8');
  const modules = [...source.matchAll(/^(?:import|\}) .*?from '([^']+)';$/gm)].map(([, module]) => module!);
  return modules.filter((module, at) => modules.indexOf(module) !== at);
};

describe('the imports of a file', () => {
  it('name each module once', () => {
    const folders = [...readdirSync(join(root, 'actions')).map((action) => `actions/${action}/src`), 'shared'];
    const found = folders.flatMap(sourcesIn).flatMap((path) => importedTwice(path).map((module) => ({ path, module })));
    expect(found).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import picomatch from 'picomatch';

const root = join(__dirname, '../..');

interface Override {
  readonly includes: readonly string[];
  readonly linter: {
    readonly rules: {
      readonly style: {
        readonly noRestrictedImports: { readonly options: { readonly paths: Readonly<Record<string, string>> } };
      };
    };
  };
}

const { overrides } = JSON.parse(readFileSync(join(root, 'biome.layers.json'), 'utf8')) as { overrides: Override[] };

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
  it.each(['actions/build-and-push/src', 'actions/render-task-definition/src', 'shared'])(
    'have each file of %s in exactly one',
    (folder) => {
      const misplaced = sourcesIn(folder).filter(
        (path) => overrides.filter((layer) => holds(layer, path)).length !== 1,
      );
      expect(misplaced).toEqual([]);
    },
  );

  it('keep the rule that holds everywhere', () => {
    for (const { linter } of overrides) {
      expect(linter.rules.style.noRestrictedImports.options.paths).toHaveProperty('fast-check');
    }
  });
});

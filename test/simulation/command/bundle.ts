import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

export const root = join(__dirname, '../../..');

/** A change of a source file, for a bundle only: the checkout stays as it is. */
export interface Patch {
  /** Relative to the project. */
  readonly file: string;
  readonly replace: string;
  readonly by: string;
}

/**
 * Bundles the player with the product and the embedded AWS.
 *
 * @throws Error where a patch does not fit exactly once
 */
export async function bundlePlayer(outfile: string, patches: readonly Patch[] = []): Promise<void> {
  for (const patch of patches) applyPatch(patch, readFileSync(join(root, patch.file), 'utf8'));
  await build({
    absWorkingDir: root,
    entryPoints: ['test/simulation/command/player.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { shelljs: './shared/no-shell.cjs' },
    // The SDK tells its errors apart by the names of their classes.
    keepNames: true,
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [patching(patches)],
  });
}

const patching = (patches: readonly Patch[]): Plugin => ({
  name: 'patching',
  setup({ onLoad }) {
    for (const { file } of patches) {
      onLoad({ filter: new RegExp(`${file.replace(/[/.]/g, '[/.]')}$`) }, ({ path }) => {
        const before = readFileSync(path, 'utf8');
        const contents = patches
          .filter((patch) => patch.file === file)
          .reduce((text, patch) => applyPatch(patch, text), before);
        return { contents, loader: 'ts' };
      });
    }
  },
});

/** The text with the patch. @throws Error where what it replaces does not occur exactly once */
export function applyPatch({ file, replace, by }: Patch, text: string): string {
  const places = text.split(replace).length - 1;
  if (places !== 1) throw new Error(`a patch of ${file} fits ${places} times, not once: ${replace}`);
  return text.replace(replace, () => by);
}

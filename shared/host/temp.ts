import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private folder (mode 0700) for what must not outlive the action; made when first asked for. */
export interface TempFolder {
  path(): string;
  remove(): void;
}

export function tempFolder(): TempFolder {
  let made: string | undefined;
  return {
    path() {
      made ??= mkdtempSync(join(tmpdir(), 'ecs-action-'));
      return made;
    },
    remove() {
      if (made) rmSync(made, { recursive: true, force: true });
      made = undefined;
    },
  };
}

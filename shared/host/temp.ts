import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from './log';
import { keepKnown } from './owner';
import { removeRemains, tempPrefix } from './remains';

/** A private folder (mode 0700) for what must not outlive the action; made when first asked for. */
export interface TempFolder {
  path(): string;
  /** Removes what runs that were killed have left in their folders, such as a login; once in a run. Never throws. */
  removeRemains(): void;
  /** Never throws: what cannot be removed stays. */
  remove(): void;
}

/** @param root tells the folder of the machine, or of a test, for temporary files */
export function tempFolder(root: () => string, log?: Pick<Log, 'debug'>): TempFolder {
  let made: string | undefined;
  let isSwept = false;
  const sweep = () => {
    if (isSwept) return;
    isSwept = true;
    removeRemains(root(), Date.now(), { remove: removeTree, debug: (text) => log?.debug(text) });
  };
  return {
    path() {
      if (made === undefined) {
        made = mkdtempSync(join(root(), tempPrefix));
        keepKnown(made);
        sweep();
      }
      return made;
    },
    removeRemains: sweep,
    remove() {
      if (made) removeTree(made);
      made = undefined;
    },
  };
}

/** Deeper folders are not tried again: only a hostile build makes them. */
const deepest = 64;

/** Removes a folder. An entry that cannot be removed keeps no other one from being removed: a login must go in any case. */
function removeTree(path: string, depth = 0): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    if (depth < deepest) attempt(() => removeEach(path, depth));
  }
}

function removeEach(path: string, depth: number): void {
  // A link is not followed, and is not a directory.
  if (!lstatSync(path).isDirectory()) return;
  attempt(() => chmodSync(path, 0o700));
  for (const name of readdirSync(path)) removeTree(join(path, name), depth + 1);
  rmdirSync(path);
}

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // It stays.
  }
}

import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, ownerOf } from './owner';

/** The beginning of the names of private folders; mkdtemp adds six characters. */
export const tempPrefix = 'ecs-action-';
const ownName = /^ecs-action-[A-Za-z0-9]{6}$/;

/** Where it is not known whether a run is still alive, its folder is kept for a day after its last sign of life. */
const longestUnknown = 24 * 60 * 60 * 1000;
/** Folders that one run removes: more would delay it, and later runs remove the rest. */
const mostRemoved = 100;

interface Effects {
  readonly remove: (folder: string) => void;
  readonly debug: (text: string) => void;
}

/**
 * Removes the private folders below `parent` whose runs are over: killed, they could not do it themselves, and one may hold
 * a login to a registry. A run beside this one keeps its own. `now` in milliseconds. Never throws.
 */
export function removeRemains(parent: string, now: number, { remove, debug }: Effects): void {
  try {
    const folders = readdirSync(parent).filter((name) => ownName.test(name));
    const over = folders.map((name) => join(parent, name)).filter((folder) => isOver(folder, now));
    for (const folder of over.slice(0, mostRemoved)) {
      remove(folder);
      debug(`Removed ${folder}, which a run that was killed had left`);
    }
  } catch (error) {
    debug(`What killed runs may have left was not removed: ${(error as Error).message}`);
  }
}

function isOver(folder: string, now: number): boolean {
  try {
    const facts = lstatSync(folder);
    // A link, or a folder of somebody else in a place that all may write to, is none of ours.
    if (!facts.isDirectory() || (process.getuid && facts.uid !== process.getuid())) return false;
    const owner = ownerOf(folder);
    const runs = owner && isRunning(owner);
    return runs === undefined ? now - facts.mtimeMs > longestUnknown : !runs;
  } catch {
    // It is being removed by another run.
    return false;
  }
}

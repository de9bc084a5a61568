import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes that a process has started, and those that they have: some begin sessions of their own, which the signal to
 * a group does not reach. None where the system has no /proc.
 */
export function descendantsOf(pid: number): number[] {
  const parents = parentsOfAll();
  const found = [pid];
  for (const parent of found) {
    for (const [child, of] of parents) if (of === parent) found.push(child);
  }
  return found.slice(1);
}

function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of processNames()) {
    const parent = parentOf(name);
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  return parents;
}

function processNames(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Undefined where it has ended in the meantime. */
function parentOf(name: string): number | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const [, parent] = /\) \S (\d+)[^)]*$/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** What the source words of COPY and ADD stand for. */

import { posix } from 'node:path';
import { BuildProblem } from '../dockerfile/problem';
import { compileName, hasWildcard } from './pattern';
import type { FileTree } from './tree';
import { joined, shownPath } from './tree-path';

/** Eight stars may make 100 million paths. */
const mostMatches = 1_000_000;

/**
 * The paths that a source stands for, in order: itself, or what matches the pattern, which may be nothing. As in BuildKit a
 * link before the first wildcard is followed, and none behind it.
 *
 * @throws BuildProblem for a malformed pattern
 */
export function expandSource(tree: FileTree, path: string): string[] {
  const parts = path.split('/');
  const first = parts.findIndex(hasWildcard);
  if (first < 0) return [path];
  const before = parts.slice(0, first).join('/');
  let found = [tree.resolve(before, true) ?? before];
  for (const part of parts.slice(first)) {
    const names = namesFor(tree, part);
    if (!names) throw new BuildProblem(`${shownPath(path)} is a malformed pattern`);
    const next: string[] = [];
    for (const folder of found) {
      for (const name of names(folder)) next.push(joined(folder, name));
      if (next.length > mostMatches)
        throw new BuildProblem(`${shownPath(path)} matches more than ${mostMatches} paths`);
    }
    found = next;
  }
  return found;
}

/** The folder in which a pattern begins to match; empty for the root. */
export function folderOfPattern(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, Math.max(0, parts.findIndex(hasWildcard))).join('/');
}

/** What finds the names in a folder that one part of a pattern matches; undefined where the part is malformed. */
function namesFor(tree: FileTree, part: string): ((folder: string) => string[]) | undefined {
  if (part !== '' && !/[*?[\\]/.test(part)) return (folder) => (tree.get(joined(folder, part)) ? [part] : []);
  const matcher = compileName(part);
  if (!matcher) return undefined;
  return (folder) => {
    if (tree.get(folder)?.kind !== 'directory') return [];
    return tree
      .children(folder)
      .map((path) => posix.basename(path))
      .filter((name) => matcher.test(name));
  };
}

/** A source of `COPY --parents`: where the paths begin that are kept, and the pattern of what is copied from there. */
export function splitAtPivot(source: string): { base: string; pattern: string } {
  const pivot = source.indexOf('/./');
  const base = pivot < 0 ? '/' : source.slice(0, pivot);
  const pattern = pivot < 0 ? source : source.slice(pivot + 3);
  return { base, pattern: posix.resolve('/', pattern).slice(1) };
}

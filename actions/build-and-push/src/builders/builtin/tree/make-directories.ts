/** Directories that COPY, ADD and WORKDIR make. */

import { BuildProblem } from '../dockerfile/problem';
import type { Owner } from './owner';
import { type FileTree, newDirectory, treePath } from './tree';
import { problemOfPath, shownInRoot, shownPath } from './tree-path';

/** What new directories are given. */
export interface NewDirectories {
  readonly owner?: Owner;
  /** 0755 where undefined. */
  readonly mode?: number;
}

/** A path of an image without links. @throws BuildProblem where there is none */
export function resolvedPath(tree: FileTree, path: string, follow: boolean): string {
  const found = tree.resolve(treePath(path), follow);
  if (found === undefined) throw new BuildProblem(`the links of ${shownPath(path)} form a loop`);
  refusePath(found);
  return found;
}

/** @throws BuildProblem for what no file of an image can be called */
export function refusePath(path: string): void {
  const problem = problemOfPath(path);
  if (problem) throw new BuildProblem(`cannot be in an image: ${problem}`);
}

/** Makes the directories above a path that are missing. @throws BuildProblem where one of them is a file */
export function makeParents(tree: FileTree, path: string, { owner, mode }: NewDirectories = {}): void {
  tree.fillAbove(path, (existing, above) => {
    if (existing) throw new BuildProblem(`${shownInRoot(above())} is a file, not a directory`);
    return { ...newDirectory, ...owner, ...(mode !== undefined && { mode }) };
  });
}

/** Makes a directory and those above it where they are missing. @throws BuildProblem where one of them is a file */
export function makeDirectories(tree: FileTree, path: string, { owner, mode }: NewDirectories = {}): void {
  makeParents(tree, path, { ...(owner && { owner }), ...(mode !== undefined && { mode }) });
  const existing = tree.get(path);
  if (existing && existing.kind !== 'directory') {
    throw new BuildProblem(`${shownInRoot(path)} is a file, not a directory`);
  }
  if (!existing) tree.set(path, { ...newDirectory, ...owner, ...(mode !== undefined && { mode }) });
}

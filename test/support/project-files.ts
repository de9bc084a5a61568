import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const projectRoot = join(__dirname, '../..');

/** What is installed, made or kept by tools; it is in .gitignore or is git's own. */
const left = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/**
 * The files of the project, relative to its root: what git has, and what is not added to it yet. Works without git, in an
 * unpacked archive too.
 */
export function projectFiles(folder = ''): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    // A worktree's .git is a file, a checkout's a folder.
    if (left.has(entry.name) || path === 'package') return [];
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}

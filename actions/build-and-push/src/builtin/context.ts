import { existsSync, readFileSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';
import type { Finding } from '../../../../shared/errors';
import { compileName } from './pattern';
import { BuildProblem } from './problem';
import { ancestors, FileTree, type Node, newDirectory } from './tree';

/** Whether .dockerignore excludes a path of the context. */
export interface Ignore {
  excludes(path: string): boolean;
  /** Whether something in an excluded directory may be an exception, so that it must be looked through. */
  readonly hasExceptions: boolean;
}

/** Reads the rules of a .dockerignore file, in Docker's order: the last rule that matches decides. Pure. */
export function parseIgnore(text: string): Ignore {
  // The matcher takes these for its own; in a pattern they stand for themselves.
  const rules = text
    .replace(/^\uFEFF/, '')
    .replace(/\\.|[()+|{}]/g, (found) => (found.length > 1 ? found : `\\${found}`));
  // Letter case counts on Linux, where the image is built for.
  const matcher = dockerignore({ ignorecase: false }).add(rules);
  return { excludes: (path) => matcher.ignores(path), hasExceptions: /^\s*!/m.test(rules) };
}

/** The malformed patterns of a .dockerignore file, which Docker refuses. @param shown the file as the user knows it. Pure. */
export function checkIgnore(text: string, shown: string): Finding[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const pattern = line.startsWith('#') ? '' : line.trim().replace(/^!\s*/, '');
    if (compileName(pattern)) return [];
    return [{ where: `${shown}:${at + 1}`, problem: `${JSON.stringify(pattern)} is a malformed pattern` }];
  });
}

/** The ignore file of a build: `<Dockerfile>.dockerignore` beside the Dockerfile, else .dockerignore of the context. */
export function ignoreFileOf(context: string, dockerfile: string): string | undefined {
  return [`${dockerfile}.dockerignore`, join(context, '.dockerignore')].find((file) => existsSync(file));
}

/**
 * The files of a build context, as COPY sees them. Nothing is read but names and attributes.
 *
 * @param skipped told the paths of pipes, sockets and devices, which no image can hold
 * @throws BuildProblem
 */
export async function readContext(
  context: string,
  ignoreFile: string | undefined,
  skipped: (path: string) => void = () => {},
): Promise<FileTree> {
  const ignore = parseIgnore(ignoreFile ? readFileSync(ignoreFile, 'utf8') : '');
  const tree = new FileTree();
  const visit = async (folder: string): Promise<void> => {
    const entries = await named(folder, () => readdir(join(context, folder), { withFileTypes: true }));
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      const excluded = ignore.excludes(path);
      const node = excluded ? undefined : await named(path, () => readNode(join(context, path)));
      if (node?.kind === 'other') skipped(path);
      else if (node) add(tree, path, node);
      if (entry.isDirectory() && (!excluded || ignore.hasExceptions)) await visit(path);
    }
  };
  await visit('');
  return tree;
}

/** A name whose bytes are not UTF-8 is another one once it was read, so that nothing is found under it. */
async function named<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !path.includes('\uFFFD')) throw error;
    const next = 'rename it, or exclude it in .dockerignore';
    throw new BuildProblem(`${JSON.stringify(path)} of the context has a name that is not UTF-8; ${next}`);
  }
}

/** The folders above an exception are there even when they are excluded themselves. */
function add(tree: FileTree, path: string, node: Node): void {
  for (const above of ancestors(path)) {
    if (!tree.get(above)) tree.set(above, newDirectory);
  }
  tree.set(path, node);
}

/**
 * Files of the context belong to root. Write permission for others is dropped: it depends on the umask of whoever
 * checked the source out, and the same source must give the same image.
 */
async function readNode(file: string): Promise<Node> {
  const stats = await lstat(file);
  const attributes = { mode: stats.mode & 0o7755, uid: 0, gid: 0 };
  if (stats.isFile()) return { ...attributes, kind: 'file', size: stats.size, content: { file } };
  // The group bit of a directory is inherited from wherever the source was checked out.
  if (stats.isDirectory()) return { ...attributes, mode: stats.mode & 0o1755, kind: 'directory' };
  if (stats.isSymbolicLink()) return { ...attributes, mode: 0o777, kind: 'symlink', target: await readlink(file) };
  return { ...attributes, kind: 'other' };
}

import { type Dirent, existsSync, readFileSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { ancestors, FileTree, type Node, newDirectory } from './tree';

/** Whether .dockerignore excludes a path of the context. */
export interface Ignore {
  excludes(path: string): boolean;
  /** Whether something in an excluded directory may be an exception, so that it must be looked through. */
  readonly hasExceptions: boolean;
}

/** Reads the rules of a .dockerignore file, in Docker's order: the last rule that matches decides. Pure. */
export function parseIgnore(text: string): Ignore {
  const rules = text.replace(/^\uFEFF/, '');
  // Letter case counts on Linux, where the image is built for.
  const matcher = dockerignore({ ignorecase: false }).add(rules);
  return { excludes: (path) => matcher.ignores(path), hasExceptions: /^\s*!/m.test(rules) };
}

/** The ignore file of a build: `<Dockerfile>.dockerignore` beside the Dockerfile, else .dockerignore of the context. */
export function ignoreFileOf(context: string, dockerfile: string): string | undefined {
  return [`${dockerfile}.dockerignore`, join(context, '.dockerignore')].find((file) => existsSync(file));
}

/** The files of a build context, as COPY sees them. Nothing is read but names and attributes. */
export async function readContext(context: string, ignoreFile: string | undefined): Promise<FileTree> {
  const ignore = parseIgnore(ignoreFile ? readFileSync(ignoreFile, 'utf8') : '');
  const tree = new FileTree();
  const visit = async (folder: string): Promise<void> => {
    const entries: Dirent[] = await readdir(join(context, folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      const excluded = ignore.excludes(path);
      if (!excluded) await add(tree, context, path);
      if (entry.isDirectory() && (!excluded || ignore.hasExceptions)) await visit(path);
    }
  };
  await visit('');
  return tree;
}

/** The folders above an exception are there even when they are excluded themselves. */
async function add(tree: FileTree, context: string, path: string): Promise<void> {
  for (const above of ancestors(path)) {
    if (!tree.get(above)) tree.set(above, newDirectory);
  }
  tree.set(path, await readNode(join(context, path)));
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

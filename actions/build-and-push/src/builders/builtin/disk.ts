/** Brings the bytes of files to disk that are still in archives. */

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { readListed } from './content';
import { BuildProblem } from './dockerfile/problem';
import { extractFiles } from './tar';
import type { FileTree, TarSource } from './tree/tree';
import { treePath } from './tree/tree-path';

/** Where unpacked files go. */
export interface Disk {
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Unpacks the files that are still in archives, each archive once. The answer is the file of each path. */
export async function bringToDisk(
  tree: FileTree,
  paths: readonly string[],
  { folder, signal }: Disk,
): Promise<(string | undefined)[]> {
  const wanted = new Map<TarSource, Set<number>>();
  for (const path of paths) {
    const node = tree.get(path);
    if (node?.kind !== 'file' || !('tar' in node.content)) continue;
    const { tar, entry } = node.content;
    wanted.set(tar, (wanted.get(tar) ?? new Set()).add(entry));
  }
  const unpacked = new Map<TarSource, Map<number, string>>();
  for (const [tar, entries] of wanted) {
    const into = mkdtempSync(join(folder, 'files-'));
    unpacked.set(tar, await extractFiles(tar, entries, into, signal));
  }
  return paths.map((path) => {
    const node = tree.get(path);
    if (node?.kind !== 'file') return undefined;
    if ('file' in node.content) return node.content.file;
    const file = unpacked.get(node.content.tar)!.get(node.content.entry)!;
    // The next instruction that needs it finds it on disk.
    tree.set(path, { ...node, content: { file } });
    return file;
  });
}

/** Lists of users and groups are small; those of the largest directories have some hundred thousand. */
const mostTextBytes = 8 * 1024 ** 2;

/** Reads a list of users or groups of an image; undefined where it has none. @throws BuildProblem for one that is too large */
export async function readText(tree: FileTree, path: string, disk: Disk): Promise<string | undefined> {
  const at = tree.resolve(treePath(path), true);
  const node = at === undefined ? undefined : tree.get(at);
  if (at === undefined || node?.kind !== 'file') return undefined;
  if (node.size > mostTextBytes) {
    throw new BuildProblem(
      `${path} of the image has more than ${mostTextBytes} bytes; name users and groups by number`,
    );
  }
  const [file] = await bringToDisk(tree, [at], disk);
  return file && (await readListed({ file, shown: path, size: node.size })).toString();
}

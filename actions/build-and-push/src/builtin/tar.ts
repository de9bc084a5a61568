import { createWriteStream } from 'node:fs';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header, type Extract as TarReader } from 'tar-stream';
import { ancestors, type FileTree, type Node, newDirectory, type TarSource, treePath } from './tree';

type Entry = TarReader extends AsyncIterable<infer E> ? E : never;

/** Calls `visit` for each entry of an archive, in order; what it does not read of a body is skipped. */
async function eachEntry(tar: Readable, visit: (entry: Entry, position: number) => Promise<void> | void) {
  // Old archives have no mark of their format.
  const reader = extract({ allowUnknownFormat: true } as object);
  const reading = (async () => {
    let position = 0;
    for await (const entry of reader) {
      await visit(entry, position++);
      entry.resume();
    }
  })();
  await Promise.all([pipeline(tar, reader as unknown as NodeJS.WritableStream), reading]);
}

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** Puts what a layer or an archive holds into a tree. A layer's whiteouts remove what the layers below it had. */
export async function addTar(tree: FileTree, source: TarSource, options: { whiteouts: boolean }): Promise<void> {
  const found = await source.read(async (tar) => {
    const entries: { header: Header; position: number }[] = [];
    await eachEntry(tar, ({ header }, position) => void entries.push({ header, position }));
    return entries;
  });
  // Whiteouts are about the layers below only, wherever they stand in the archive.
  if (options.whiteouts) for (const { header } of found) applyWhiteout(tree, treePath(header.name));
  for (const { header, position } of found) {
    const path = tree.resolve(treePath(header.name), false);
    if (!path || (options.whiteouts && posix.basename(path).startsWith(whiteout))) continue;
    const node = nodeOf(header, { tar: source, entry: position }, tree);
    if (!node) continue;
    implyParents(tree, path);
    tree.set(path, node);
  }
}

/** Archives may leave out the directories of their files; those take the place of files that are there. */
function implyParents(tree: FileTree, path: string): void {
  for (const above of ancestors(path)) {
    if (tree.get(above)?.kind !== 'directory') tree.set(above, { ...newDirectory, kind: 'directory', implied: true });
  }
}

function applyWhiteout(tree: FileTree, path: string): void {
  const { dir, base } = posix.parse(path);
  if (base === opaque) tree.removeInside(dir);
  else if (base.startsWith(whiteout)) tree.remove(posix.join(dir, base.slice(whiteout.length)));
}

function nodeOf(header: Header, content: { tar: TarSource; entry: number }, tree: FileTree): Node | undefined {
  const pax = (header.pax ?? {}) as { uid?: string; gid?: string };
  const [uid, gid] = [Number(pax.uid ?? header.uid), Number(pax.gid ?? header.gid)];
  const attributes = { mode: header.mode & 0o7777, uid, gid };
  switch (header.type) {
    case 'directory':
      return { ...attributes, kind: 'directory' };
    case 'symlink':
      return { ...attributes, kind: 'symlink', target: header.linkname };
    case 'link':
      return tree.get(tree.resolve(treePath(header.linkname), false) ?? '');
    case 'file':
    case 'contiguous-file':
      return { ...attributes, kind: 'file', size: header.size, content };
    default:
      return { ...attributes, kind: 'other' };
  }
}

/** Writes chosen files of an archive into a folder; the answer is their paths by position. */
export async function extractFiles(
  source: TarSource,
  wanted: ReadonlySet<number>,
  folder: string,
): Promise<Map<number, string>> {
  return source.read(async (tar) => {
    const files = new Map<number, string>();
    await eachEntry(tar, async (entry, position) => {
      if (!wanted.has(position)) return;
      const file = join(folder, String(position));
      await pipeline(entry as unknown as NodeJS.ReadableStream, createWriteStream(file, { mode: 0o600 }));
      files.set(position, file);
    });
    return files;
  });
}

/** Unpacks where needed; an error of the outer stream reaches the reader of the inner one. */
export async function consumeTar<T>(
  stream: Readable,
  gzip: boolean,
  consume: (tar: Readable) => Promise<T>,
): Promise<T> {
  if (!gzip) return consume(stream);
  const gunzip = createGunzip();
  const [, result] = await Promise.all([pipeline(stream, gunzip), consume(gunzip)]);
  return result;
}

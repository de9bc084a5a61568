import { createWriteStream, mkdtempSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ArchiveProblem } from './archive-problem';
import { eachEntry, type TarEntry } from './tar-entries';
import { type ListedEntry, readHeader } from './tar-header';
import { type Attributes, type FileTree, type Inode, type Node, newDirectory, type TarSource } from './tree/tree';
import { joined, parentOf, shownPath } from './tree/tree-path';

export { consumeTar } from './unpack';

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** How the entries of an archive get into a tree. */
export interface AddOptions {
  /** Whether names that begin with `.wh.` remove what the layers below had. */
  readonly whiteouts: boolean;
  /** Ends the reading; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly limits?: ArchiveLimits;
}

/** What is held in memory of an archive. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Characters of all names. */
  readonly names: number;
  /** Files and directories of the whole tree. Archives imply directories: a single name can imply two thousand. */
  readonly files: number;
}

/** Several times what the largest images have. */
const archiveLimits: ArchiveLimits = { entries: 1_000_000, names: 256 * 1024 ** 2, files: 2_000_000 };

/**
 * Puts what a layer or an archive holds into a tree.
 *
 * @throws ArchiveProblem
 */
export async function addTar(tree: FileTree, source: TarSource, options: AddOptions): Promise<void> {
  const { whiteouts, signal, limits = archiveLimits } = options;
  const found = await list(source, signal, limits);
  // Whiteouts are about the layers below only, wherever they are in the archive.
  if (whiteouts) for (const { path } of found) applyWhiteout(tree, path);
  const named: Named = new Map();
  let done = 0;
  for (const entry of found) {
    if (++done % entriesAtOnce === 0) await pause(signal);
    add(tree, entry, whiteouts, named);
    if (tree.size > limits.files) {
      throw new ArchiveProblem(`there are more than ${limits.files} files and directories in it`);
    }
  }
  setAttributes(tree, named);
}

async function list(source: TarSource, signal: AbortSignal | undefined, limits: ArchiveLimits): Promise<ListedEntry[]> {
  return source.read(async (tar) => {
    const entries: ListedEntry[] = [];
    let length = 0;
    const visit = ({ header }: TarEntry, position: number) => {
      if (position >= limits.entries) throw new ArchiveProblem(`it has more than ${limits.entries} entries`);
      const entry = readHeader(header, source, position);
      length += entry.path.length + (header.linkname?.length ?? 0);
      if (length > limits.names) throw new ArchiveProblem(`its names have more than ${limits.names} characters`);
      entries.push(entry);
    };
    await eachEntry(tar, visit, signal);
    return entries;
  });
}

/** This many entries take about ten milliseconds, after which signals are handled. */
const entriesAtOnce = 10_000;

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw signal.reason;
}

/** Files with several names in one archive: those names, and the attributes that the last link gives them all. */
type Named = Map<Inode, { readonly names: Set<string>; attributes: Attributes }>;

function add(tree: FileTree, entry: ListedEntry, whiteouts: boolean, named: Named): void {
  const path = resolved(tree, entry.path);
  if (path === '' || (whiteouts && posix.basename(path).startsWith(whiteout))) return;
  const node = 'node' in entry ? entry.node : linked(tree, entry, path, named);
  // Archives may leave out the directories of their files; those take the place of files that are there.
  tree.fillAbove(path, () => ({ ...newDirectory, kind: 'directory', implied: true }));
  tree.set(path, node);
}

function resolved(tree: FileTree, path: string, follow = false): string {
  const found = tree.resolve(path, follow);
  if (found === undefined) throw new ArchiveProblem(`the links on the way to ${shownPath(path)} in it form a loop`);
  return found;
}

type Link = Extract<ListedEntry, { linkTo: string }>;

/** What a hard link is another name of; it must have come before, as for every reader of archives. */
function linked(tree: FileTree, link: Link, path: string, named: Named): Node {
  const target = tree.resolve(link.linkTo, false) ?? '';
  const node = tree.get(target);
  if (!node || node.kind === 'directory') {
    const why = node && link.linkTo !== '' ? 'which is a directory' : 'which does not exist';
    throw new ArchiveProblem(`${shownPath(link.path)} in it is a hard link to ${shownPath(link.linkTo)}, ${why}`);
  }
  if (node.kind !== 'file') {
    const { mode, ...others } = link.attributes;
    const changed = { ...node, ...others, ...(node.kind === 'special' && { mode }) };
    tree.set(target, changed);
    return changed;
  }
  const inode = node.inode ?? {};
  const { names } = named.get(inode) ?? { names: new Set([target]) };
  named.set(inode, { names: names.add(path), attributes: link.attributes });
  const shared = { ...node, inode };
  if (!node.inode) tree.set(target, shared);
  return shared;
}

/** Who unpacks an archive sets the attributes of a link, and its file has them by all of its names. */
function setAttributes(tree: FileTree, named: Named): void {
  for (const [inode, { names, attributes }] of named) {
    for (const name of names) {
      const node = tree.get(name);
      if (node?.kind === 'file' && node.inode === inode) tree.set(name, { ...node, ...attributes });
    }
  }
}

function applyWhiteout(tree: FileTree, path: string): void {
  const base = posix.basename(path);
  if (!base.startsWith(whiteout)) return;
  const folder = resolved(tree, parentOf(path), true);
  const name = base.slice(whiteout.length);
  if (base === opaque) tree.removeInside(folder);
  else if (!['', '.', '..'].includes(name)) tree.remove(joined(folder, name));
  else throw new ArchiveProblem(`${shownPath(path)} in it removes no file`);
}

/**
 * Writes chosen files of an archive into a folder, under names of its own; the answer is their paths by position.
 *
 * @throws ArchiveProblem
 */
export async function extractFiles(
  source: TarSource,
  wanted: ReadonlySet<number>,
  folder: string,
  signal?: AbortSignal,
): Promise<Map<number, string>> {
  return source.read(async (tar) => {
    const files = new Map<number, string>();
    // An archive may be read again after a failure, and no file is written twice.
    const into = mkdtempSync(join(folder, 'attempt-'));
    const visit: Parameters<typeof eachEntry>[1] = async (entry, position) => {
      if (!wanted.has(position)) return;
      const file = join(into, String(position));
      const sink = createWriteStream(file, { mode: 0o600, flags: 'wx' });
      await pipeline(entry as unknown as NodeJS.ReadableStream, sink);
      files.set(position, file);
    };
    await eachEntry(tar, visit, signal);
    return files;
  });
}

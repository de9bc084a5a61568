import { type Dirent, existsSync, lstatSync, readlinkSync, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ActionError, InputError } from '../../../../../shared/errors';
import { largestIgnoreFile, readSourceFile, reasonOf } from '../../source/source-file';
import { BuildProblem } from './dockerfile/problem';
import { quoted } from './dockerfile/quote';
import { exceptionsBelow } from './tree/exceptions';
import { type Ignore, parseIgnore } from './tree/ignore';
import { FileTree, type Inode, type Node, type Special } from './tree/tree';

export { checkIgnore, parseIgnore } from './tree/ignore';

/** The ignore file of a build: `<Dockerfile>.dockerignore` next to the Dockerfile, else .dockerignore of the context. */
export function ignoreFileOf(context: string, dockerfile: string): string | undefined {
  return [`${dockerfile}.dockerignore`, join(context, '.dockerignore')].find((file) => existsSync(file));
}

/** This many files take some milliseconds, after which signals are handled. A promise for each would take ten times as long. */
const lookedAtOnce = 1000;

/**
 * The files of a build context, as COPY sees them. Nothing is read but names and attributes, and nothing is opened but
 * directories.
 *
 * @param skipped told the paths of what is left out although no rule says so, and why
 * @param signal ends the reading; it rejects with the signal's reason
 * @throws BuildProblem for a context that cannot be read at all, ActionError where the file system fails
 */
export async function readContext(
  context: string,
  ignoreFile: string | undefined,
  skipped: (path: string, why: string) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
): Promise<FileTree> {
  const rules = ignoreFile === undefined ? '' : readRules(ignoreFile);
  const ignore = parseIgnore(rules);
  const mayHoldException = ignore.hasExceptions ? exceptionsBelow(rules) : () => false;
  const tree = new FileTree();
  const inodes: Inodes = new Map();
  // A stack of its own: folders may lie in each other more deeply than calls may.
  const folders = [{ folder: '', isExcluded: false }];
  while (folders.length > 0) {
    const { folder, isExcluded } = folders.pop()!;
    const entries = await listFolder(context, folder, isExcluded, skipped).catch((error) => {
      tree.set(folder, unreadable(error, folder));
      return [];
    });
    for (let from = 0; from < entries.length; from += lookedAtOnce) {
      await setImmediate();
      if (signal.aborted) throw signal.reason;
      const some = entries.slice(from, from + lookedAtOnce);
      const nodes = some.map((entry) => lookAt(context, pathOf(folder, entry), ignore, inodes));
      for (const [at, node] of nodes.entries()) {
        const path = pathOf(folder, some[at]!);
        if (node?.kind === 'other' && node.why === undefined) skipped(path, 'it is a socket');
        else if (node) add(tree, path, node, (above) => readNode(join(context, above), inodes));
        const mayGoOn = node !== undefined || mayHoldException(path);
        if (some[at]!.isDirectory() && mayGoOn) folders.push({ folder: path, isExcluded: !node });
      }
    }
  }
  return tree;
}

/** @throws InputError */
function readRules(file: string): string {
  const read = readSourceFile(file, largestIgnoreFile);
  if ('problem' in read) throw new InputError([{ where: basename(file), problem: read.problem }]);
  return read.text;
}

const pathOf = (folder: string, { name }: Dirent) => (folder ? `${folder}/${name}` : name);

/** What is in a folder. One that is excluded is only looked through for exceptions: where that may not be, there are none. */
async function listFolder(
  context: string,
  folder: string,
  isExcluded: boolean,
  skipped: (path: string, why: string) => void,
): Promise<Dirent[]> {
  const path = join(context, folder);
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (!isExcluded) throw explained(error, folder);
    skipped(folder, `it cannot be read (${reasonOf(error)}) and may hold exceptions of .dockerignore`);
    return [];
  }
}

/** Undefined for what is excluded. */
function lookAt(context: string, path: string, ignore: Ignore, inodes: Inodes): Node | undefined {
  if (ignore.excludes(path)) return undefined;
  try {
    return readNode(join(context, path), inodes);
  } catch (error) {
    return unreadable(explained(error, path), path);
  }
}

/** What cannot be read matters only where it is copied; so in BuildKit, which asks for what is. @throws what else failed */
function unreadable(error: unknown, path: string): Node {
  if (path === '' || !(error instanceof BuildProblem)) throw error;
  return { kind: 'other', mode: 0, uid: 0, gid: 0, why: error.message };
}

/** What the user can change about a file that cannot be read. */
const theUsers = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'ELOOP']);

function explained(error: unknown, path: string): Error {
  const { code = '' } = error as NodeJS.ErrnoException;
  const shown = path === '' ? 'the context' : `${quoted(path)} of the context`;
  // A name whose bytes are not UTF-8 is another one once it was read, so that nothing is found under it.
  if (code === 'ENOENT' && path.includes('\uFFFD')) {
    return new BuildProblem(`${shown} has a name that is not UTF-8; rename it, or exclude it in .dockerignore`);
  }
  const reason = reasonOf(error);
  if (theUsers.has(code)) {
    return new BuildProblem(`cannot read ${shown}: ${reason}; make it readable, or exclude it in .dockerignore`);
  }
  return new ActionError(`cannot read ${shown}: ${reason}; run again when nothing changes it`, { cause: error });
}

/** The folders above an exception are there even when they are excluded themselves. */
function add(tree: FileTree, path: string, node: Node, read: (path: string) => Node): void {
  const missing: string[] = [];
  for (let above = posix.dirname(path); above !== '.' && !tree.get(above); above = posix.dirname(above)) {
    missing.push(above);
  }
  for (const above of missing.reverse()) tree.set(above, read(above));
  tree.set(path, node);
}

/**
 * Files of the context belong to root. Write permission for others is dropped: it depends on the umask of whoever
 * checked the source out, and the same source must give the same image.
 */
function readNode(file: string, inodes: Inodes): Node {
  const stats = lstatSync(file);
  const mode = stats.mode & 0o7755;
  if (stats.isFile()) {
    // Written out: there are many files, and copies of objects take Node 18 several times the memory.
    const node = { kind: 'file', mode, uid: 0, gid: 0, size: stats.size, content: { file } } as const;
    return stats.nlink > 1 ? { ...node, inode: inodeOf(stats, inodes) } : node;
  }
  const attributes = { mode, uid: 0, gid: 0 };
  // The group bit of a directory is inherited from wherever the source was checked out.
  if (stats.isDirectory()) return { ...attributes, mode: stats.mode & 0o1755, kind: 'directory' };
  if (stats.isSymbolicLink()) return { ...attributes, mode: 0o777, kind: 'symlink', target: readlinkSync(file) };
  const special = specialOf(stats);
  return special ? { ...attributes, kind: 'special', special } : { ...attributes, kind: 'other' };
}

/** Pipes and devices are copied without being opened, as in BuildKit. Undefined for a socket, which no archive has. */
function specialOf(stats: Stats): Special | undefined {
  if (stats.isFIFO()) return { type: 'fifo', major: 0, minor: 0 };
  if (!stats.isCharacterDevice() && !stats.isBlockDevice()) return undefined;
  const { rdev } = stats;
  // Source: gnu_dev_major and gnu_dev_minor of Linux; the part above 32 bits is used by no device.
  const [major, minor] = [(rdev >>> 8) & 0xfff, (rdev & 0xff) | ((rdev >>> 12) & 0xfff00)];
  return { type: stats.isBlockDevice() ? 'block-device' : 'character-device', major, minor };
}

/** The files with several names that were met, by device and number. */
type Inodes = Map<string, Inode>;

function inodeOf({ dev, ino }: Stats, inodes: Inodes): Inode {
  const key = `${dev}:${ino}`;
  const inode = inodes.get(key) ?? {};
  inodes.set(key, inode);
  return inode;
}

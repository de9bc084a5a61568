import { posix } from 'node:path';
import { BuildProblem } from '../dockerfile/problem';
import { makeDirectories, makeParents, type NewDirectories, refusePath, resolvedPath } from './make-directories';
import type { Chmod } from './mode';
import type { Owner } from './owner';
import { ancestors, type FileTree, type Inode, type Node } from './tree';
import { parentOf, shownInRoot, shownPath, sortedByBytes } from './tree-path';

/** What COPY and ADD do to the trees. */
export interface CopyOrder extends UnpackOrder {
  /** What is copied, a path in `from`; a link there is followed. */
  readonly path: string;
  readonly chmod?: Chmod;
  /** Whether what is in a directory is copied, by its path in there. What is above it comes with it. */
  readonly selects?: (path: string) => boolean;
}

export interface UnpackOrder {
  readonly from: FileTree;
  readonly to: FileTree;
  /** Absolute path in `to`; a slash at its end says that it is a directory. */
  readonly destination: string;
  /** Owner of everything that is copied; as in `from` where undefined. */
  readonly owner?: Owner;
}

/** What a copy has done so far. */
interface Copying {
  readonly order: CopyOrder | UnpackOrder;
  /** What directories are given that it makes above what it copies. */
  readonly made: NewDirectories;
  readonly changed: Set<string>;
  /** The copies of files with several names: one copy makes one file of them, two copies make two. */
  readonly inodes: Map<Inode, Inode>;
}

function begin(order: CopyOrder | UnpackOrder): Copying {
  // Directories that an archive leaves out belong to root, whoever owns the rest, as in BuildKit.
  const made = 'path' in order ? newDirectories(order) : {};
  return { order, made, changed: new Set(), inodes: new Map() };
}

const newDirectories = ({ owner, chmod }: CopyOrder): NewDirectories => ({
  ...(owner && { owner }),
  ...(chmod && { mode: chmod.created }),
});

/**
 * Copies into the tree `to` and gives the paths that the layer holds: what was copied and the directories above it.
 * A source that is a directory gives its content, a link that is named itself is followed, links within stay links.
 *
 * @throws BuildProblem
 */
export function copyFiles(order: CopyOrder): string[] {
  const { from, to } = order;
  const path = from.resolve(order.path, true);
  const node = path === undefined ? undefined : from.get(path);
  if (path === undefined || !node) throw new BuildProblem(`${shownPath(order.path)} does not exist`);
  const copying = begin(order);
  const { made } = copying;
  const destination = resolvedPath(to, order.destination, true);
  const isNamedDirectory = order.destination.endsWith('/');
  if (isNamedDirectory || node.kind === 'directory') {
    makeDirectories(to, destination, made);
    if (destination !== '') copying.changed.add(destination);
  } else makeParents(to, destination, made);
  if (node.kind === 'directory') copyDirectory(copying, order, path, destination);
  else {
    const isInside = to.get(destination)?.kind === 'directory';
    // A copy is called like the link, not like its target.
    place(copying, node, isInside ? posix.join(destination, posix.basename(order.path)) : destination);
  }
  return withAncestors(to, copying.changed);
}

/**
 * Puts all that is in an archive into a directory, and gives the paths that the layer holds. Unlike a copy it replaces
 * what is in its way: a link by a directory, a directory by a file. A directory that the archive only implies may be a link.
 *
 * @throws BuildProblem
 */
export function unpackFiles(order: UnpackOrder): string[] {
  const { from, to, owner } = order;
  const copying = begin(order);
  const destination = resolvedPath(to, order.destination, true);
  makeDirectories(to, destination, { ...(owner && { owner }) });
  if (destination !== '') copying.changed.add(destination);
  for (const path of from.below('')) {
    const node = from.get(path)!;
    if (node.kind === 'directory' && node.implied) continue;
    put(copying, node, resolvedPath(to, posix.join(destination, path), false));
  }
  return withAncestors(to, copying.changed);
}

/** The directory that gets the content keeps its own attributes, as in BuildKit. */
function copyDirectory(copying: Copying, order: CopyOrder, source: string, destination: string): void {
  const { from, selects } = order;
  const copied = new Set<string>();
  const copy = (inside: string, isAbove = false) => {
    if (selects) copied.add(inside);
    const node = from.get(posix.join(source, inside))!;
    const path = posix.join(destination, inside);
    // A directory that is only above what is selected gets its own mode back where it exists, as in BuildKit.
    if (isAbove && copying.order.to.get(path)?.kind === 'directory') restoreMode(copying, node.mode, path);
    else place(copying, node, path);
  };
  for (const path of from.below(source)) {
    const inside = source === '' ? path : path.slice(source.length + 1);
    if (!(selects?.(inside) ?? true)) continue;
    for (const above of selects ? ancestors(inside) : []) if (!copied.has(above)) copy(above, true);
    copy(inside);
  }
}

function restoreMode({ order: { to }, changed }: Copying, mode: number, path: string): void {
  to.set(path, { ...to.get(path)!, mode });
  changed.add(path);
}

/** Puts a node of a directory that is copied. Directories are merged; nothing else takes the place of the other kind. */
function place(copying: Copying, node: Node, path: string): void {
  const existing = copying.order.to.get(path);
  if (existing && (existing.kind === 'directory') !== (node.kind === 'directory')) {
    throw new BuildProblem(
      `${shownInRoot(path)} is ${existing.kind === 'directory' ? 'a directory' : 'not a directory'} already`,
    );
  }
  put(copying, node, path);
}

function put({ order, made, changed, inodes }: Copying, node: Node, path: string): void {
  const { to, owner } = order;
  refusePath(path);
  if (node.kind === 'other')
    throw new BuildProblem(node.why ?? `${shownInRoot(path)} would be a socket or an unknown kind of file`);
  const chmod = 'chmod' in order ? order.chmod : undefined;
  makeParents(to, path, made);
  const isDirectory = node.kind === 'directory';
  const mode = chmod && node.kind !== 'symlink' ? chmod.apply(node.mode, isDirectory) : node.mode;
  // Nodes never change, so that a tree can have those of another.
  const isSame = mode === node.mode && (!owner || (owner.uid === node.uid && owner.gid === node.gid));
  const copy = isSame ? node : { ...node, ...owner, mode };
  if (copy.kind === 'file' && copy.inode) {
    const inode = inodes.get(copy.inode) ?? {};
    inodes.set(copy.inode, inode);
    to.set(path, { ...copy, inode });
  } else to.set(path, copy);
  changed.add(path);
}

/**
 * A layer must name the directories above its files: unpacked on its own, it would otherwise give those of the layers
 * below other attributes.
 */
export function withAncestors(tree: FileTree, paths: Iterable<string>): string[] {
  const all = new Set<string>();
  for (const path of paths) {
    // What is above a path that is in the set is in it too.
    for (let one = path; one !== '' && !all.has(one); one = parentOf(one)) all.add(one);
  }
  return sortedByBytes([...all].filter((path) => tree.get(path)));
}

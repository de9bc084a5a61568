import { posix } from 'node:path';
import { BuildProblem } from '../dockerfile/problem';
import { compileName, hasWildcard } from './pattern';
import { type FileTree, makeParents, type Node, newDirectory, treePath } from './tree';
import { joined, parentOf, problemOfPath, shownInRoot, shownPath, sortedByBytes } from './tree-path';

/** What COPY and ADD do to the trees. */
export interface CopyOrder extends UnpackOrder {
  /** Paths and patterns in `from`. */
  readonly sources: readonly string[];
}

export interface UnpackOrder {
  readonly from: FileTree;
  readonly to: FileTree;
  /** Absolute path in `to`; a slash at its end says that it is a directory. */
  readonly destination: string;
  /** Owner of everything that is copied; as in `from` where undefined. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly mode?: number;
}

/**
 * Copies into the tree `to` and gives the paths that the layer holds: what was copied and the directories above it.
 * A source that is a directory gives its content, a link that is named itself is followed, links within stay links.
 *
 * @throws BuildProblem
 */
export function copyFiles(order: CopyOrder): string[] {
  const { from, to } = order;
  const sources = order.sources.flatMap((source) => findSources(from, source));
  const isDirectory = order.destination.endsWith('/') || order.sources.length > 1 || sources.length > 1;
  const destination = resolved(to, order.destination, true);
  const intoDirectory = isDirectory || to.get(destination)?.kind === 'directory';
  const changed = new Set<string>();
  for (const { path, name } of sources) {
    const node = from.get(path)!;
    if (node.kind === 'directory') copyDirectory(order, path, destination, changed);
    else place(order, node, posix.join(destination, intoDirectory ? name : ''), changed);
  }
  return withAncestors(to, changed);
}

/**
 * Puts all that is in an archive into a directory, and gives the paths that the layer holds. Unlike a copy it replaces
 * what is in its way: a link by a directory, a directory by a file. A directory that the archive only implies may be a link.
 *
 * @throws BuildProblem
 */
export function unpackFiles(order: UnpackOrder): string[] {
  const { from, to } = order;
  const destination = resolved(to, order.destination, true);
  const changed = new Set<string>();
  takeDirectory(order, destination, changed);
  for (const path of from.below('')) {
    const node = from.get(path)!;
    if (node.kind === 'directory' && node.implied) continue;
    put(order, node, resolved(to, posix.join(destination, path), false), changed);
  }
  return withAncestors(to, changed);
}

function resolved(tree: FileTree, path: string, follow: boolean): string {
  const found = tree.resolve(treePath(path), follow);
  if (found === undefined) throw new BuildProblem(`the links of ${shownPath(path)} go round in circles`);
  refusePath(found);
  return found;
}

/**
 * The paths of a source without links, each with the name that its copy gets: that of the link, not of its target. A
 * pattern that matches nothing copies nothing, as in BuildKit.
 */
function findSources(from: FileTree, source: string): { path: string; name: string }[] {
  const candidates = hasWildcard(source) ? expandPattern(from, treePath(source)) : [treePath(source)];
  return candidates.map((candidate) => {
    const path = from.resolve(candidate, true);
    if (path === undefined || !from.get(path)) throw new BuildProblem(`${JSON.stringify(source)} is not there`);
    return { path, name: posix.basename(candidate) };
  });
}

/** Directories that are links to each other match without end: ten links and eight stars make 100 million paths. */
const mostMatches = 1_000_000;

/** The paths that match a pattern, sorted. @throws BuildProblem */
export function expandPattern(tree: FileTree, pattern: string): string[] {
  let found = [''];
  for (const part of pattern.split('/')) {
    const names = namesFor(tree, part);
    if (!names) throw new BuildProblem(`${shownPath(pattern)} is a malformed pattern`);
    const next: string[] = [];
    for (const folder of found) {
      for (const name of names(tree.resolve(folder, true) ?? folder)) next.push(joined(folder, name));
      if (next.length > mostMatches)
        throw new BuildProblem(`${shownPath(pattern)} matches more than ${mostMatches} paths`);
    }
    found = next;
  }
  return found;
}

/** What finds the names in a folder that one part of a pattern matches; undefined where the part is malformed. */
function namesFor(tree: FileTree, part: string): ((folder: string) => string[]) | undefined {
  if (part !== '' && !hasWildcard(part)) return (folder) => (tree.get(joined(folder, part)) ? [part] : []);
  const matcher = compileName(part);
  if (!matcher) return undefined;
  // Links to one folder are many paths to it, but its names are the same.
  const known = new Map<string, string[]>();
  return (folder) => {
    const names = () => tree.children(folder).map((path) => posix.basename(path));
    const found = known.get(folder) ?? names().filter((name) => matcher.test(name));
    known.set(folder, found);
    return found;
  };
}

function copyDirectory(order: CopyOrder, source: string, destination: string, changed: Set<string>): void {
  const { from } = order;
  takeDirectory(order, destination, changed);
  for (const path of from.below(source)) {
    const relative = source === '' ? path : path.slice(source.length + 1);
    place(order, from.get(path)!, posix.join(destination, relative), changed);
  }
}

/** The directory that takes the content is a new one, whatever the attributes of the source's are; so in BuildKit. */
function takeDirectory({ to, owner }: UnpackOrder, destination: string, changed: Set<string>): void {
  const existing = to.get(destination);
  if (existing && existing.kind !== 'directory')
    throw new BuildProblem(`${shownInRoot(destination)} is a file, not a directory`);
  makeParents(to, destination, owner);
  if (destination === '') return;
  if (!existing) to.set(destination, { ...newDirectory, ...owner });
  changed.add(destination);
}

function place(order: CopyOrder, node: Node, path: string, changed: Set<string>): void {
  const existing = order.to.get(path);
  if (existing && (existing.kind === 'directory') !== (node.kind === 'directory')) {
    throw new BuildProblem(
      `${shownInRoot(path)} is ${existing.kind === 'directory' ? 'a directory' : 'not a directory'} already`,
    );
  }
  put(order, node, path, changed);
}

function put({ to, owner, mode }: UnpackOrder, node: Node, path: string, changed: Set<string>): void {
  refusePath(path);
  if (node.kind === 'other') throw new BuildProblem(`${shownInRoot(path)} would be a device, a pipe or a socket`);
  makeParents(to, path, owner);
  to.set(path, { ...node, ...owner, ...(mode !== undefined && node.kind !== 'symlink' && { mode }) });
  changed.add(path);
}

function refusePath(path: string): void {
  const problem = problemOfPath(path);
  if (problem) throw new BuildProblem(`cannot be in an image: ${problem}`);
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

import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { BuildProblem } from './problem';

/** A tar archive that can be read as often as needed: a layer of a base image, or an archive of the context. */
export interface TarSource {
  /** Hands the uncompressed archive to `consume`, anew for each attempt. */
  read<T>(consume: (tar: Readable) => Promise<T>): Promise<T>;
}

/** Where the bytes of a file are. */
export type Content =
  | { readonly file: string }
  /** `entry` is the position of the file in its archive, since a name may occur twice. */
  | { readonly tar: TarSource; readonly entry: number };

interface Attributes {
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type Node = Attributes &
  (
    | { readonly kind: 'file'; readonly size: number; readonly content: Content }
    /** `implied`: its archive does not name it, only files in it. */
    | { readonly kind: 'directory'; readonly implied?: true }
    | { readonly kind: 'symlink'; readonly target: string }
    /** Devices, sockets and pipes: they are there, but not copied. */
    | { readonly kind: 'other' }
  );

export const newDirectory: Node = { kind: 'directory', mode: 0o755, uid: 0, gid: 0 };

const mostLinks = 40;

/** The files of an image or of the build context, by path without a leading slash; the root is the empty path. */
export class FileTree {
  readonly #nodes: Map<string, Node>;

  constructor(from?: FileTree) {
    this.#nodes = new Map(from ? from.#nodes : [['', newDirectory]]);
  }

  get(path: string): Node | undefined {
    return this.#nodes.get(path);
  }

  /** Puts a node where nothing or something else is; a directory that it replaces goes with all that is in it. */
  set(path: string, node: Node): void {
    if (node.kind !== 'directory' && this.#nodes.get(path)?.kind === 'directory') this.remove(path);
    this.#nodes.set(path, node);
  }

  remove(path: string): void {
    // Only directories have something inside; looking for it takes a walk through the whole tree.
    if (this.#nodes.get(path)?.kind === 'directory') this.removeInside(path);
    this.#nodes.delete(path);
  }

  removeInside(path: string): void {
    for (const inside of this.below(path)) this.#nodes.delete(inside);
  }

  /** The paths within a directory, at any depth, sorted so that a directory comes before what is in it. */
  below(path: string): string[] {
    const prefix = path === '' ? '' : `${path}/`;
    const found: string[] = [];
    for (const candidate of this.#nodes.keys()) {
      if (candidate !== '' && candidate !== path && candidate.startsWith(prefix)) found.push(candidate);
    }
    return found.sort(byBytes);
  }

  /** The paths directly in a directory. */
  children(path: string): string[] {
    return this.below(path).filter((child) => posix.dirname(child) === (path || '.'));
  }

  /**
   * The path without symbolic links, whether it exists or not; undefined where links go round in circles. Links cannot
   * leave the tree: `..` stops at its root.
   *
   * @param follow whether a link at the path's end is followed too.
   */
  resolve(path: string, follow: boolean): string | undefined {
    let done: string[] = [];
    const todo = partsOf(path);
    for (let links = 0; todo.length > 0; ) {
      const part = todo.shift()!;
      if (part === '..') {
        done.pop();
        continue;
      }
      const node = this.#nodes.get([...done, part].join('/'));
      if (node?.kind !== 'symlink' || (todo.length === 0 && !follow)) {
        done.push(part);
        continue;
      }
      if (++links > mostLinks) return undefined;
      if (node.target.startsWith('/')) done = [];
      todo.unshift(...partsOf(node.target));
    }
    return done.join('/');
  }
}

const partsOf = (path: string) => path.split('/').filter((part) => part !== '' && part !== '.');

/** The order of the bytes, which does not depend on a machine's language. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The directories above a path, outermost first, without the root. */
export function ancestors(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** A path as the trees know it: no leading slash, no dots. `..` stops at the root. */
export const treePath = (path: string): string => posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, '');

/** Makes the directories above a path that are missing. @throws BuildProblem where one of them is a file. */
export function makeParents(tree: FileTree, path: string, owner?: { uid: number; gid: number }): void {
  for (const above of ancestors(path)) {
    const existing = tree.get(above);
    if (existing && existing.kind !== 'directory') throw new BuildProblem(`/${above} is a file, not a directory`);
    if (!existing) tree.set(above, { ...newDirectory, ...owner });
  }
}

import type { Readable } from 'node:stream';
import { joined, partsOf, sortedByBytes } from './tree-path';
import { below, copyOf, type Place, placeIn } from './tree-places';

export { ancestors, byBytes, treePath } from './tree-path';

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

export interface Attributes {
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** What a program may do beyond its user (`security.capability`); its bytes as characters. */
  readonly capability?: string;
}

/** A file that has several names: each of their nodes has the same object. */
export type Inode = object;

/** Files that are doors to something else. */
export interface Special {
  readonly type: 'character-device' | 'block-device' | 'fifo';
  readonly major: number;
  readonly minor: number;
}

export type Node = Attributes &
  (
    | { readonly kind: 'file'; readonly size: number; readonly content: Content; readonly inode?: Inode }
    /** `implied`: its archive does not name it, only files in it. */
    | { readonly kind: 'directory'; readonly implied?: true }
    | { readonly kind: 'symlink'; readonly target: string }
    | { readonly kind: 'special'; readonly special: Special }
    /** Sockets, what archives know but no file system, and what cannot be read (`why`): they are there, but not copied. */
    | { readonly kind: 'other'; readonly why?: string }
  );

export const newDirectory: Node = { kind: 'directory', mode: 0o755, uid: 0, gid: 0 };

/** As Linux follows them in one path. */
const mostLinks = 40;

/** Parts of a path and of all links on its way. Forty links could name more, but nobody's do. */
const mostSteps = 16_384;

/**
 * The files of an image or of the build context, by path without a leading slash; the root is the empty path. Each method
 * takes time in proportion to the path and to what it tells or changes, not to the tree.
 */
export class FileTree {
  readonly #root: Place;
  #size: number;

  constructor(from?: FileTree) {
    this.#root = from ? copyOf(from.#root) : { node: newDirectory, inside: undefined };
    this.#size = from ? from.#size : 0;
  }

  /** The number of files and directories, without the root. */
  get size(): number {
    return this.#size;
  }

  get(path: string): Node | undefined {
    return this.#find(path)?.node;
  }

  /** Puts a node where nothing or something else is; a directory that it replaces goes with all that is in it. */
  set(path: string, node: Node): void {
    let place = this.#root;
    if (path !== '') for (const part of path.split('/')) place = placeIn(place, part);
    this.#put(place, node);
  }

  /** Makes directories above a path where there are none. `make` gets what is there instead, and where. */
  fillAbove(path: string, make: (existing: Node | undefined, above: () => string) => Node): void {
    const parts = path.split('/');
    let place = this.#root;
    for (let depth = 1; depth < parts.length; depth++) {
      place = placeIn(place, parts[depth - 1]!);
      if (place.node?.kind === 'directory') continue;
      this.#put(
        place,
        make(place.node, () => parts.slice(0, depth).join('/')),
      );
    }
  }

  #put(place: Place, node: Node): void {
    if (node.kind !== 'directory') this.#empty(place);
    if (place.node === undefined) this.#size++;
    place.node = node;
  }

  #empty(place: Place): void {
    for (const { node } of below(place)) if (node) this.#size--;
    place.inside = undefined;
  }

  remove(path: string): void {
    const at = path.lastIndexOf('/');
    const folder = this.#find(at < 0 ? '' : path.slice(0, at));
    const place = folder?.inside?.get(path.slice(at + 1));
    if (!place) return;
    this.#empty(place);
    if (place.node) this.#size--;
    folder!.inside!.delete(path.slice(at + 1));
  }

  removeInside(path: string): void {
    const place = this.#find(path);
    if (place) this.#empty(place);
  }

  /** The paths within a directory, at any depth, sorted so that a directory comes before what is in it. */
  below(path: string): string[] {
    const place = this.#find(path);
    const found: string[] = [];
    if (place) for (const { node, path: inside } of below(place, path)) if (node) found.push(inside);
    return sortedByBytes(found);
  }

  /** The paths directly in a directory, sorted. */
  children(path: string): string[] {
    const inside = [...(this.#find(path)?.inside ?? [])].flatMap(([name, { node }]) => (node ? name : []));
    return sortedByBytes(inside).map((name) => joined(path, name));
  }

  #find(path: string): Place | undefined {
    if (path === '') return this.#root;
    let place: Place | undefined = this.#root;
    for (const part of path.split('/')) place = place?.inside?.get(part);
    return place;
  }

  /**
   * The path without symbolic links, whether it exists or not; undefined where links form a loop or are beyond
   * all measure. Links cannot leave the tree: `..` stops at its root.
   *
   * @param follow whether a link at the path's end is followed too.
   */
  resolve(path: string, follow: boolean): string | undefined {
    let done: string[] = [];
    let places: (Place | undefined)[] = [this.#root];
    // The next part is the last one.
    const todo = partsOf(path).reverse();
    for (let links = 0, steps = 0; todo.length > 0; ) {
      if (++steps > mostSteps) return undefined;
      const part = todo.pop()!;
      if (part === '..') {
        if (done.pop() !== undefined) places.pop();
        continue;
      }
      const place = places[places.length - 1]?.inside?.get(part);
      if (place?.node?.kind !== 'symlink' || (todo.length === 0 && !follow)) {
        done.push(part);
        places.push(place);
        continue;
      }
      if (++links > mostLinks) return undefined;
      if (place.node.target.startsWith('/')) [done, places] = [[], [this.#root]];
      for (const one of partsOf(place.node.target).reverse()) todo.push(one);
    }
    return done.join('/');
  }
}

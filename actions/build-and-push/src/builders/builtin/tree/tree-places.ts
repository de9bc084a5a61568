/** The places of a tree of files, each with those in it. */

import type { Node } from './tree';
import { joined } from './tree-path';

/** A path of the tree, whether something is there or only below it. */
export interface Place {
  node: Node | undefined;
  inside: Map<string, Place> | undefined;
}

/** The place of a name in a folder, made where it is missing. */
export function placeIn(folder: Place, name: string): Place {
  folder.inside ??= new Map();
  const found = folder.inside.get(name) ?? { node: undefined, inside: undefined };
  folder.inside.set(name, found);
  return found;
}

/** All places below one. A stack of its own: trees may be deeper than the stack of calls. */
export function* below(from: Place, at = ''): Generator<{ readonly node: Node | undefined; readonly path: string }> {
  const todo: [Place, string][] = [[from, at]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [folder, path] = next;
    for (const [name, place] of folder.inside ?? []) {
      const inside = joined(path, name);
      yield { node: place.node, path: inside };
      if (place.inside) todo.push([place, inside]);
    }
  }
}

/** A copy that shares nothing but the nodes. */
export function copyOf(root: Place): Place {
  const copy: Place = { ...root };
  for (const todo = [copy]; todo.length > 0; ) {
    const folder = todo.pop()!;
    if (!folder.inside) continue;
    folder.inside = new Map(folder.inside);
    for (const [name, place] of folder.inside) {
      const own = { ...place };
      folder.inside.set(name, own);
      if (own.inside) todo.push(own);
    }
  }
  return copy;
}

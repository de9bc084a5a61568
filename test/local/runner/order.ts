/** Something that can start when others have ended. */
export interface Ordered {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/**
 * The items with each after all that it depends on, else in the order given. Items in a cycle, and those that wait for
 * one, are left out and named in `stuck`.
 */
export function inOrder<T extends Ordered>(items: readonly T[]): { readonly ordered: T[]; readonly stuck: T[] } {
  const ordered: T[] = [];
  let waiting = [...items];
  for (;;) {
    const next = waiting.find((item) => item.dependsOn.every((id) => ordered.some((done) => done.id === id)));
    if (!next) return { ordered, stuck: waiting };
    ordered.push(next);
    waiting = waiting.filter((item) => item !== next);
  }
}

/** All that an item waits for, however indirectly. */
export function allBefore(id: string, items: readonly Ordered[]): Set<string> {
  const before = new Set<string>();
  const visit = (current: string) => {
    for (const other of items.find((item) => item.id === current)?.dependsOn ?? []) {
      if (before.has(other)) continue;
      before.add(other);
      visit(other);
    }
  };
  visit(id);
  return before;
}

/** One path round a cycle among these items, such as `A, B, A`. */
export function cycleOf(stuck: readonly Ordered[]): string[] {
  const path: string[] = [];
  // An item that only waits for a cycle has a way into it, so following what is stuck ends in one.
  for (let id = stuck[0]?.id; id !== undefined; ) {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    path.push(id);
    const waits = stuck.find((item) => item.id === id)?.dependsOn ?? [];
    id = waits.find((other) => stuck.some((item) => item.id === other));
  }
  return path;
}

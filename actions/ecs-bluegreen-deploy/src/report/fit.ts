/** Keeps a list short: the first and the last items, with the number of those between. */
export function fitLines(lines: readonly string[], mostCharacters: number): string[] {
  const total = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (total <= mostCharacters) return [...lines];
  const half = mostCharacters / 2;
  const first = within(lines, half);
  const last = within([...lines.slice(first.length)].reverse(), half).reverse();
  const left = lines.length - first.length - last.length;
  return [...first, `… ${left} more ${left === 1 ? 'line' : 'lines'} …`, ...last];
}

function within(lines: readonly string[], most: number): string[] {
  let sum = 0;
  const end = lines.findIndex((line) => {
    sum += line.length + 1;
    return sum > most;
  });
  return lines.slice(0, end === -1 ? lines.length : end);
}

/** At most this many items, evenly spaced, including the first and the last. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => items[Math.round(at * step)]!);
}

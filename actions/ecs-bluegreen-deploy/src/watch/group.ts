import { countEqual } from '../text';

const mostLines = 5;

/** Equal lines become one with a count; the commonest come first. Pure. */
export function grouped(lines: readonly string[]): string[] {
  const sorted = countEqual(lines);
  const shown = sorted.slice(0, mostLines).map(([line, count]) => (count > 1 ? `${count} × ${line}` : line));
  const rest = sorted.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more reasons`] : shown;
}

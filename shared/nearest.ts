/** The known word that is most like the one given, letter case aside; undefined where none is near. */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  const words: string[] = [];
  for (const word of known) {
    // Among hundreds of names there is always one that is near, and each costs a comparison.
    if (words.push(word) > mostKnown) return undefined;
  }
  const lower = given.toLowerCase();
  const near = words
    // A difference in length costs as many edits: this spares most comparisons.
    .filter((word) => Math.abs(word.length - given.length) <= mostEdits(Math.min(word.length, given.length)))
    .map((word) => ({ word, distance: editDistance(lower, word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= mostEdits(Math.min(word.length, given.length)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.word;
}

const mostKnown = 200;

/** Between single letters any edit would do. */
const mostEdits = (length: number) => (length < 2 ? 0 : Math.max(1, Math.floor(length / 3)));

/** `, did you mean image?`, or nothing. */
export function suggestion(given: string, known: Iterable<string>): string {
  const word = nearest(given, known);
  return word === undefined ? '' : `, did you mean ${word}?`;
}

/** How many letters must be added, removed or replaced (Levenshtein). */
function editDistance(from: string, to: string): number {
  // A long text is near to no name, and the table grows with the product of the lengths.
  if (Math.abs(from.length - to.length) > 10) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

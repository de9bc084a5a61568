/**
 * The known word that is most like the one given, letter case aside; undefined where none is near.
 *
 * @param most the most letters that may differ; without it, a third of them
 */
export function nearest(given: string, known: Iterable<string>, most = longestWord): string | undefined {
  const words: string[] = [];
  for (const word of known) {
    // Among hundreds of names there is always one that is near, and each costs a comparison.
    if (words.push(word) > mostKnown) return undefined;
  }
  if (given.length > longestWord) return undefined;
  const lower = given.toLowerCase();
  const rows = [new Uint16Array(longestWord + 1), new Uint16Array(longestWord + 1)] as const;
  let [best, fewest]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const word of words) {
    const limit = Math.min(most, mostEdits(Math.min(word.length, given.length)));
    // A difference in length costs as many edits: this spares most comparisons.
    if (word.length > longestWord || Math.abs(word.length - given.length) > limit) continue;
    const distance = editDistance(lower, word.toLowerCase(), rows);
    if (distance <= limit && distance < fewest) [best, fewest] = [word, distance];
  }
  return best;
}

/** No name of AWS is longer. */
const longestWord = 255;

const mostKnown = 200;

/** Between single letters any edit would do. */
const mostEdits = (length: number) => (length < 2 ? 0 : Math.max(1, Math.floor(length / 3)));

/** `, did you mean image?`, or nothing. */
export function suggestion(given: string, known: Iterable<string>): string {
  const word = nearest(given, known);
  return word === undefined ? '' : `, did you mean ${word}?`;
}

/** How many letters must be added, removed or replaced (Levenshtein). The rows are its memory, made once for many words. */
function editDistance(from: string, to: string, [first, second]: readonly [Uint16Array, Uint16Array]): number {
  let [row, next] = [first, second];
  for (let j = 0; j <= to.length; j++) row[j] = j;
  for (let i = 1; i <= from.length; i++) {
    next[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from.charCodeAt(i - 1) === to.charCodeAt(j - 1) ? 0 : 1);
      const added = row[j]! + 1;
      const removed = next[j - 1]! + 1;
      const fewer = added < removed ? added : removed;
      next[j] = replaced < fewer ? replaced : fewer;
    }
    [row, next] = [next, row];
  }
  return row[to.length]!;
}

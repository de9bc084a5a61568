import { nearest } from '../nearest';

/** Two letters more, fewer or others: names of fields share whole words, so that a third of them tells nothing. */
const mostLetters = 2;

/**
 * The known field that was most likely meant; undefined where the name may be one that is newer than this version. Names are
 * compared without letter case, underscores and hyphens.
 */
export function typoOf(field: string, known: readonly string[]): string | undefined {
  const plain = plainOf(field);
  const same = known.find((name) => plainOf(name) === plain);
  if (same !== undefined) return same;
  const near = nearest(field, known, mostLetters);
  return near === undefined || isOtherTerm(wordsOf(field), wordsOf(near)) ? undefined : near;
}

const plainOf = (name: string) => name.slice(0, 255).replace(/[_-]/g, '').toLowerCase();

const wordsOf = (name: string) =>
  name
    .slice(0, 255)
    .split(/(?=[A-Z])/)
    .map((word) => word.toLowerCase());

/** `gpu` is not a typo of `cpu`, nor `ebsVolumeConfiguration` of `efsVolumeConfiguration`: terms this short differ by one letter. */
const isOtherTerm = (given: readonly string[], known: readonly string[]) =>
  given.length === known.length &&
  given.some((word, at) => word !== known[at] && word.length === known[at]!.length && word.length <= 3);

/** The known field that a name resembles, whether by a mistake or not: one that it begins with, else the nearest. */
export function likeOf(field: string, known: readonly string[]): string | undefined {
  const plain = plainOf(field);
  const begun = known.filter(
    (name) => plain !== '' && (plain.startsWith(plainOf(name)) || plainOf(name).startsWith(plain)),
  );
  return begun.length > 0 ? begun.reduce((a, b) => (b.length > a.length ? b : a)) : nearest(field, known);
}

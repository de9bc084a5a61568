import { excerpt } from '../../../shared/excerpt';

/** Equal texts with their numbers, the commonest first. */
export function countEqual(texts: readonly string[]): [text: string, count: number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Longer than any message of AWS that tells something; enough for one line of a log. */
const longestText = 500;

/** Text of AWS in one line, without what a terminal or a host would obey, and cut where it is long. */
export const oneLine = (text: string | undefined): string => excerpt(text, longestText);

/** A name or an id of AWS: no ARN is longer than 2,048 characters, and most are far shorter. */
export const oneName = (text: string | undefined): string => excerpt(text, 300);

/** With the names of target groups instead of their ARNs. */
export const nameTargetGroups = (text: string): string =>
  text.replace(/arn:\S*:targetgroup\/([^/\s]+)\/[0-9a-f]+/g, '$1');

/** The part of an ARN, or of a longer id, that tells deployments apart. */
export const shortId = (id: string): string => id.replace(/^.*\//, '');

/** A text of AWS as one word of a command that a reader may paste into a shell. */
export const shellWord = (text: string): string => {
  const word = excerpt(text, 2_048);
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
};

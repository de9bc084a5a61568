/** Equal texts with their numbers, the commonest first. */
export function countEqual(texts: readonly string[]): [text: string, count: number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Text of AWS in one line. */
export const oneLine = (text = ''): string => text.replace(/\s+/g, ' ').trim();

/** With the names of target groups instead of their ARNs. */
export const nameTargetGroups = (text: string): string =>
  text.replace(/arn:\S*:targetgroup\/([^/\s]+)\/[0-9a-f]+/g, '$1');

/** The part of an ARN, or of a longer id, that tells deployments apart. */
export const shortId = (id: string): string => id.replace(/^.*\//, '');

import { excerpt } from '../../../shared/excerpt';

/** Equal texts with their numbers, the commonest first. */
export function countEqual(texts: readonly string[]): [text: string, count: number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Longer than any useful message of AWS, and short enough for one line of a log. */
const longestText = 500;

/** Text of AWS in one line, without what a terminal or a host would obey, and cut where it is long. */
export const oneLine = (text: string | undefined): string => excerpt(text, longestText);

/** A sentence of AWS without its full stop, so that another clause can follow. */
export const asClause = (text: string): string => text.replace(/[\s.]+$/, '');

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

/** Minutes in words. */
export function formatMinutes(minutes: number): string {
  if (minutes >= 120) return `${Math.round(minutes / 6) / 10} hours`;
  if (minutes > 0 && minutes < 1) return `${Math.round(minutes * 60)} seconds`;
  const rounded = Math.round(minutes * 10) / 10;
  return `${rounded} ${rounded === 1 ? 'minute' : 'minutes'}`;
}

/** Seconds and minutes: `4 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600)];
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** Minutes and seconds since a beginning, as lines of the log begin: `4:07`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How many tasks of a colour run. */
export const tasksText = (
  label: string,
  tasks: { readonly running: number; readonly desired: number } | undefined,
): string | undefined => tasks && `${label} ${tasks.running} of ${tasks.desired} running`;

const mostLines = 5;

/** Equal lines become one with a count; the commonest come first. */
export function grouped(lines: readonly string[]): string[] {
  const sorted = countEqual(lines);
  const shown = sorted.slice(0, mostLines).map(([line, count]) => (count > 1 ? `${count} × ${line}` : line));
  const rest = sorted.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more reasons`] : shown;
}

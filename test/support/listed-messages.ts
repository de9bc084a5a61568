import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-files';

/** The page as the code makes it: `npm run check:drift` compares them. */
const path = join(projectRoot, 'docs/troubleshooting.md');
/** The simulation bundles what it runs, and plays it away from the project. */
const isHere = existsSync(path);
const page = isHere ? readFileSync(path, 'utf8') : '';

/** The texts of the page and what it says to do. */
export const entries = [...page.matchAll(/^\| `+ ?(.*?) ?`+ \| (.+) \|$/gm)].map(([, text, next]) => ({
  text: text!.replace(/\\\|/g, '|'),
  next: next!,
}));

/** What fits a text of the page, whatever stands for its values. A rule is often told with the value that breaks it. */
function patternOf(pieces: readonly string[]): RegExp {
  const quoted = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${quoted.join('.*')}(?:, got .*)?$`, 's');
}

/** What stands for a value in a text of the page. */
const value = /<[A-Za-z]\w*>|…/;

/** The longest piece of each tells at once that most messages do not fit: each message is looked for some dozens of times. */
const patterns = entries.map(({ text }) => {
  const pieces = text.split(value);
  return {
    longest: pieces.reduce((long, piece) => (piece.length > long.length ? piece : long)),
    form: patternOf(pieces),
  };
});

const fits = (text: string) => patterns.some(({ longest, form }) => text.includes(longest) && form.test(text));

/** The places at which a text can be divided in two. */
const cuts = (text: string, between: RegExp) =>
  [...text.matchAll(between)].map(({ index, 0: mark }) => [text.slice(0, index + 1), text.slice(index + mark.length)]);

/** A rule alone, or behind up to three words for what breaks it, such as a path. */
const behindItsValue = (rule: string) => [0, 1, 2, 3].map((words) => rule.split(' ').slice(words).join(' '));

/**
 * Whether the page has a message: as one text, as a text behind the place that it is about, or as several sentences, each of
 * which is there.
 */
export function isListed(message: string): boolean {
  const more = message.replace(/ and \d+ more$/, '');
  if (more !== message) return isListed(more);
  if (fits(message)) return true;
  if (cuts(message, /: /g).some(([, rule]) => behindItsValue(rule!).some(fits))) return true;
  return cuts(message, /(?:[.)] (?=[A-Z])|; )/g).some(
    ([head, tail]) => isListed(tail!) && isListed(head!.replace(/[.;]$/, '')),
  );
}

/** The findings of a line that names all of them. The last may be cut anywhere, and then says nothing. */
function partsOf(message: string): readonly string[] {
  const parts = /^\d+ inputs are wrong: (.*)$/.exec(message)?.[1]?.split(' | ') ?? [message];
  return parts.length > 1 && /… \(\d+ more characters\)$/.test(message) ? parts.slice(0, -1) : parts;
}

/** The errors, warnings and notes of an action's output that are not on the page. */
export function unlistedIn(output: string): readonly string[] {
  if (!isHere) return [];
  const told = [...output.matchAll(/^(?:Error|Warning|Note): (.+)$/gm)].map(([, message]) => message!);
  return told.flatMap(partsOf).filter((message) => !isListed(message));
}

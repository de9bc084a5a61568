import { cut } from '../excerpt';
import { quotedRecord } from './records';
import { got, type InputType, type Parsed } from './types';

/** A name with its value, or the removal of a name. */
export type Assignment =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly remove: true };

/** A name alone: what it stands for is known to who reads it, such as a variable of the environment. */
export interface BareName {
  readonly name: string;
  readonly bare: true;
}

/** The assignments that set a value. */
export const settings = (assignments: readonly (Assignment | BareName)[] | undefined) =>
  (assignments ?? []).filter((assignment): assignment is { name: string; value: string } => 'value' in assignment);

/** What `assignments` accepts. */
interface AssignmentSyntax {
  /** `-NAME` removes a name. */
  readonly removal?: boolean;
  /** Names may be any text; else what looks like a mistake is refused. */
  readonly anyName?: boolean;
  /** A line may begin with a quote, as in docker/build-push-action: `"NAME=value"`, also with line breaks in it. */
  readonly quoted?: boolean;
  /** A name may stand alone. */
  readonly bare?: boolean;
  /** What stands on the two sides of the equals sign, for messages: `NAME=value`. */
  readonly form?: string;
}

/** What a name does not begin with or hold, unless the line is a mistake: `export A=1`, `-A=1`, `"A=1"`. */
const oddName = /^[-"']|\s/;

/** An item of a YAML list as its text: `- A=1`, `- "A=1"`. */
function itemOf(line: string): string {
  const [, item] = /^-\s+(.*)$/s.exec(line) ?? [];
  if (item === undefined) return line;
  const [, , inner] = /^(["'])(.*)\1\s*$/s.exec(item) ?? [];
  return inner ?? item;
}

/** `NAME<<END`, split at its last `<<`; by hand, as a pattern would try every one of them. */
function heredocIn(line: string): { name: string; end: string } | undefined {
  const at = line.lastIndexOf('<<', line.length - 3);
  if (at < 1 || /\s/.test(line) || line.slice(0, at).includes('=')) return undefined;
  return { name: line.slice(0, at), end: line.slice(at + 2) };
}

/**
 * One `NAME=value` a line. The value is whole after the first `=`; one with line breaks stands as `NAME<<END` … `END`.
 * `- NAME=value` (an item of a YAML list) is read as `NAME=value`. With `removal`, `-NAME` removes a name. A line that begins
 * with `#` is a comment.
 */
export const assignments = (syntax: Omit<AssignmentSyntax, 'bare'> = {}): InputType<readonly Assignment[]> =>
  // Without `bare` there is no name alone.
  lineType(syntax) as InputType<readonly Assignment[]>;

/** The same where a line may also be a name alone, as in `docker build --build-arg NAME`. */
export const namesOrAssignments = (syntax: AssignmentSyntax = {}): InputType<readonly (Assignment | BareName)[]> =>
  lineType({ ...syntax, bare: true });

function lineType(syntax: AssignmentSyntax): InputType<readonly (Assignment | BareName)[]> {
  const form = syntax.form ?? 'NAME=value';
  return {
    adk: 'string',
    lines: true,
    form: `one \`${form}\` a line`,
    parse: (given) => readAssignments(given, syntax, form),
  };
}

function readAssignments(
  given: string,
  syntax: AssignmentSyntax,
  form: string,
): Parsed<readonly (Assignment | BareName)[]> {
  const lines = given.split(/\r?\n/);
  const found: (Assignment | BareName)[] = [];
  for (let at = 0; at < lines.length; at++) {
    // Only white space before the name is dropped: what follows the first "=" belongs to the value.
    const quoted = syntax.quoted && lines[at]!.trimStart().startsWith('"') ? quotedRecord(lines, at) : undefined;
    const line = quoted?.record ?? itemOf(lines[at]!.trimStart());
    if (quoted) at = quoted.last;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const heredoc = heredocIn(line.trimEnd());
    const equals = line.indexOf('=');
    const name = heredoc?.name ?? line.slice(0, Math.max(equals, 0)).trim();
    const odd = syntax.anyName ? undefined : oddName.exec(name)?.[0];
    if (odd) return { problem: `line ${at + 1}: a name must not have ${JSON.stringify(odd)}, ${got(name)}` };
    if (heredoc) {
      let end = at + 1;
      while (end < lines.length && lines[end]!.trim() !== heredoc.end) end++;
      if (end >= lines.length) return { problem: `line ${at + 1}: ${cut(name, 60)}<< has no line that closes it` };
      found.push({ name, value: lines.slice(at + 1, end).join('\n') });
      at = end;
    } else if (equals > 0) {
      found.push({ name, value: line.slice(equals + 1) });
    } else if (syntax.removal && /^-[^=\s]+$/.test(line.trim())) {
      found.push({ name: line.trim().slice(1), remove: true });
    } else if (syntax.bare && /^[\w.-]+$/.test(line.trim()) && !oddName.test(line.trim())) {
      found.push({ name: line.trim(), bare: true });
    } else {
      return { problem: `line ${at + 1} must have the form ${form}, ${got(line.split('=')[0]!)}` };
    }
  }
  return { value: found };
}

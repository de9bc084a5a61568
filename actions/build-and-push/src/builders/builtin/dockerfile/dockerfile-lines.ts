import { type Flags, type MisusedFlag, splitFlags } from './flags';
import { type Heredoc, readHeredocs, withoutReturns } from './heredoc';

/** One instruction of a Dockerfile, its continuation lines joined as Docker joins them. */
export interface Instruction {
  /** In capitals: `COPY`. */
  readonly keyword: string;
  /** Line of its first character, from 1. */
  readonly line: number;
  /** `--name=value` flags before the arguments. */
  readonly flags: Flags;
  readonly misused?: MisusedFlag;
  /** What follows the flags, without the documents. */
  readonly text: string;
  /** The whole instruction in one line, as the user wrote it. */
  readonly written: string;
  /** The documents of `<<END`, in order. */
  readonly heredocs: readonly Heredoc[];
  /** The name of a document that has no end. */
  readonly unended?: string;
}

interface LineProblem {
  readonly line: number;
  readonly problem: string;
}

export interface Directives {
  readonly escaper: string;
  /** The `# syntax=` line, which chooses a frontend of BuildKit. */
  readonly syntax?: string;
  /** The `# check=` line, which says what BuildKit's linter does. */
  readonly check?: string;
  readonly problems: readonly LineProblem[];
}

/** Fifty times the longest Dockerfile that generators write; what comes after is not read. */
export const mostInstructions = 100_000;

const directiveForm = /^[ \t]*#\s*(syntax|escape|check)\s*=/i;

/** The `# name=value` lines at the top. Any other line ends them, and so does a comment of that form. */
export function readDirectives(lines: readonly string[]): Directives {
  const found = new Map<string, string>();
  const problems: LineProblem[] = [];
  for (const [at, line] of lines.entries()) {
    const [written, name = ''] = directiveForm.exec(line) ?? [];
    if (written === undefined) break;
    const key = name.toLowerCase();
    const value = line.slice(written.length).trim();
    if (found.has(key)) problems.push({ line: at + 1, problem: `specifies # ${key}= again` });
    else if (key === 'escape' && !/^[`\\]$/.test(value)) {
      problems.push({ line: at + 1, problem: 'has an escape character other than ` and \\' });
    }
    found.set(key, value);
  }
  const [syntax, check] = [found.get('syntax'), found.get('check')];
  const escaper = found.get('escape') === '`' ? '`' : '\\';
  return { escaper, problems, ...(syntax && { syntax }), ...(check && { check }) };
}

const isComment = (line: string) => /^\s*#/.test(line);
const isEmpty = (line: string) => line.trim() === '';

/** The lines of a text, with their carriage returns: those of documents belong to their content. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/**
 * Divides the lines of a Dockerfile into instructions, each line being looked at once. A comment or an empty line within an
 * instruction does not end it. Of too many, one more than there may be is read. Source: parser.Parse of BuildKit's Dockerfile frontend.
 */
export function readInstructions(lines: readonly string[], escaper: string): Instruction[] {
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length && found.length <= mostInstructions; ) {
    if (isComment(lines[at]!) || isEmpty(lines[at]!)) {
      at++;
      continue;
    }
    const { text, next } = joinLines(lines, at, escaper);
    // An escape character with nothing after it is no instruction.
    if (isEmpty(text)) {
      at = next;
      continue;
    }
    const one = readInstruction(text.trim(), at + 1, escaper);
    const { next: after, ...documents } = readHeredocs(one, lines, next);
    found.push({ ...one, ...documents });
    at = after;
  }
  return found;
}

function joinLines(lines: readonly string[], from: number, escaper: string): { text: string; next: number } {
  const parts: string[] = [];
  let next = from;
  while (next < lines.length) {
    const line = withoutReturns(lines[next++]!);
    if (next - 1 > from && (isComment(line) || isEmpty(line))) continue;
    const rest = continuedPart(line, escaper);
    parts.push(rest ?? line);
    if (rest === undefined) break;
  }
  return { text: parts.join(''), next };
}

/** What stands before the escape character that ends a line; undefined where none does. An escaped one does not. */
function continuedPart(line: string, escaper: string): string | undefined {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line[end - 1] === escaper && line[end - 2] !== escaper ? line.slice(0, end - 1) : undefined;
}

/** @param text without white space at its ends */
function readInstruction(text: string, line: number, escaper: string): Omit<Instruction, 'heredocs'> {
  const space = text.search(/\s/);
  const keyword = (space < 0 ? text : text.slice(0, space)).toUpperCase();
  const rest = space < 0 ? '' : text.slice(space).trim();
  return { keyword, line, ...splitFlags(rest, escaper), written: `${keyword} ${rest}` };
}

import { DockerfileParser } from 'dockerfile-ast';
import { type Finding, InputError } from '../../../../shared/errors';
import { BuildProblem } from './problem';

/** One instruction of a Dockerfile, its continuation lines joined as Docker joins them. */
export interface Instruction {
  /** In capitals: `COPY`. */
  readonly keyword: string;
  /** Line of its first character, from 1. */
  readonly line: number;
  /** `--name=value` flags before the arguments, by name; a flag without a value is `true`. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows the flags, without the documents. */
  readonly text: string;
  /** The whole instruction in one line, as the user wrote it. */
  readonly written: string;
  /** The documents of `<<END`, in order. */
  readonly heredocs: readonly Heredoc[];
}

export interface Heredoc {
  readonly name: string;
  readonly content: string;
  /** Whether variables are expanded in it: not where its name was quoted. */
  readonly expand: boolean;
}

export interface Stage {
  /** In lower case; undefined for a stage without a name. */
  readonly name?: string;
  /** Image or name of an earlier stage, not expanded yet. */
  readonly base: string;
  readonly platform?: string;
  readonly from: Instruction;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** Its path as shown to the user. */
  readonly file: string;
  readonly escaper: string;
  /** The ARG instructions before the first FROM. */
  readonly globalArgs: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** The `# syntax=` line, which chooses a frontend of BuildKit. */
  readonly syntax?: string;
}

/** Where an instruction stands, for findings: `Dockerfile:7 RUN`. */
export const placeOf = (file: string, { line, keyword }: Instruction): string => `${file}:${line} ${keyword}`;

/** What went wrong with an instruction, told with its place; errors of other origins stay as they are. */
export function located(file: string, instruction: Instruction, error: unknown): unknown {
  if (!(error instanceof BuildProblem)) return error;
  return new InputError([{ where: placeOf(file, instruction), problem: error.message }]);
}

/** Reads a Dockerfile. Pure. `findings` tell what is no Dockerfile at all; what a builder cannot do is not asked here. */
export function parseDockerfile(text: string, file: string): { dockerfile: Dockerfile; findings: Finding[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const parsed = DockerfileParser.parse(lines.join('\n'));
  const escaper = parsed.getEscapeCharacter();
  const directives = parsed.getDirectives().map((one) => [one.getName().toLowerCase(), one.getValue()] as const);
  const instructions = parsed.getInstructions().map((one) => {
    const { start, end } = one.getRange();
    return readInstruction(lines.slice(start.line, end.line + 1), start.line + 1, escaper);
  });
  const firstFrom = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const before = firstFrom < 0 ? instructions : instructions.slice(0, firstFrom);
  const findings = before
    .filter(({ keyword }) => keyword !== 'ARG')
    .map((one) => ({ where: placeOf(file, one), problem: 'stands before the first FROM, where only ARG may stand' }));
  if (firstFrom < 0 && findings.length === 0) findings.push({ where: file, problem: 'has no FROM instruction' });
  const { stages, findings: wrong } = divide(firstFrom < 0 ? [] : instructions.slice(firstFrom), file);
  const syntax = new Map(directives).get('syntax');
  return {
    dockerfile: { file, escaper, globalArgs: before, stages, ...(syntax && { syntax }) },
    findings: [...findings, ...wrong],
  };
}

/** Joins the lines of an instruction: a comment or an empty line within it does not end it. */
function readInstruction(lines: readonly string[], line: number, escaper: string): Instruction {
  const continued = new RegExp(`${escaper === '`' ? '`' : '\\\\'}[ \\t]*$`);
  let joined = '';
  let at = 0;
  for (; at < lines.length; at++) {
    const one = lines[at]!;
    if (at > 0 && (/^\s*#/.test(one) || one.trim() === '')) continue;
    joined += one.replace(continued, '');
    if (!continued.test(one)) break;
  }
  const [, keyword = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(joined) ?? [];
  const { flags, text } = splitFlags(rest.trim());
  const takesHeredocs = ['COPY', 'ADD', 'RUN'].includes(keyword.toUpperCase());
  const heredocs = takesHeredocs ? readHeredocs(text, lines.slice(at + 1)) : [];
  const written = `${keyword.toUpperCase()} ${rest.trim()}`;
  return { keyword: keyword.toUpperCase(), line, flags, text, written, heredocs };
}

const flagForm = /^--([a-z][a-z-]*)(?:=((?:"[^"]*"|'[^']*'|\S)*))?(?:\s+|$)/;

/** Quotes around a flag's value or within it only keep it together. */
const unquoted = (value: string) => value.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single);

function splitFlags(rest: string): { flags: Record<string, string>; text: string } {
  const flags: Record<string, string> = {};
  let text = rest;
  for (let flag = flagForm.exec(text); flag; flag = flagForm.exec(text)) {
    flags[flag[1]!] = flag[2] === undefined ? 'true' : unquoted(flag[2]);
    text = text.slice(flag[0].length);
  }
  return { flags, text };
}

/** `<<END`, `<<-END` (tabs removed) and `<<"END"` (nothing expanded). */
export const heredocForm = /^<<(-?)(["']?)([^\s"'<>]+)\2$/;

function readHeredocs(text: string, lines: readonly string[]): Heredoc[] {
  const found: Heredoc[] = [];
  let at = 0;
  for (const word of text.split(/\s+/)) {
    const [matched, dash, quote, name] = heredocForm.exec(word) ?? [];
    if (!matched || !name) continue;
    const content: string[] = [];
    for (; at < lines.length; at++) {
      const line = dash ? lines[at]!.replace(/^\t+/, '') : lines[at]!;
      if (line === name) break;
      content.push(`${line}\n`);
    }
    // Without its end it is no document; the check of the file says so.
    if (at++ >= lines.length) continue;
    found.push({ name, content: content.join(''), expand: quote === '' });
  }
  return found;
}

const fromForm = /^(\S+)(?:\s+AS\s+(\S+))?$/i;

function divide(instructions: readonly Instruction[], file: string): { stages: Stage[]; findings: Finding[] } {
  const stages: Stage[] = [];
  const findings: Finding[] = [];
  for (const one of instructions) {
    if (one.keyword !== 'FROM') {
      (stages[stages.length - 1]!.instructions as Instruction[]).push(one);
      continue;
    }
    const [, base = '', name] = fromForm.exec(one.text) ?? [];
    if (!base) {
      findings.push({
        where: placeOf(file, one),
        problem: `must have the form FROM image [AS name], got "${one.text}"`,
      });
    }
    const { platform } = one.flags;
    stages.push({
      base,
      from: one,
      instructions: [],
      ...(name && { name: name.toLowerCase() }),
      ...(platform && { platform }),
    });
  }
  return { stages, findings };
}

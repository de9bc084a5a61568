import { type Finding, InputError } from '../../../../../../shared/errors';
import { type Instruction, linesOf, mostInstructions, readDirectives, readInstructions } from './dockerfile-lines';
import { BuildProblem } from './problem';
import { clipped, quoted, shortened } from './quote';

export type { Instruction } from './dockerfile-lines';
export { type Heredoc, heredocOpener } from './heredoc';

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
  /** The `# check=` line, which says what BuildKit's linter does. */
  readonly check?: string;
}

/** A hundred times as many as any Dockerfile that people or generators write; each costs a copy of what it is made from. */
export const mostStages = 10_000;

/** Whether a word may be shown as the name of an instruction; what begins another kind of file may be a secret. */
const keywordForm = /^[A-Z]{1,20}$/;

/** Where an instruction stands, for findings: `Dockerfile:7 RUN`. */
export const placeOf = (file: string, { line, keyword }: Instruction): string =>
  `${file}:${line}${keywordForm.test(keyword) ? ` ${keyword}` : ''}`;

/** What went wrong with an instruction, told with its place; errors of other origins stay as they are. */
export function located(file: string, instruction: Instruction, error: unknown): unknown {
  if (!(error instanceof BuildProblem)) return error;
  return new InputError([{ where: placeOf(file, instruction), problem: clipped(error.message) }]);
}

/** Reads a Dockerfile. `findings` tell what is no Dockerfile at all; what a builder cannot do is not asked here. */
export function parseDockerfile(text: string, file: string): { dockerfile: Dockerfile; findings: Finding[] } {
  const lines = linesOf(text.replace(/^\uFEFF/, ''));
  const { escaper, syntax, check, problems } = readDirectives(lines);
  const instructions = readInstructions(lines, escaper);
  const firstFrom = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const before = firstFrom < 0 ? instructions : instructions.slice(0, firstFrom);
  const misplaced = before.filter(({ keyword }) => keyword !== 'ARG').map((one) => early(one, file));
  if (firstFrom < 0 && misplaced.length === 0) misplaced.push({ where: file, problem: 'has no FROM instruction' });
  const surplus = instructions[mostInstructions];
  if (surplus)
    misplaced.unshift({
      where: placeOf(file, surplus),
      problem: `is instruction ${mostInstructions + 1}; ${mostInstructions} are the most`,
    });
  const { stages, findings } = divide(firstFrom < 0 ? [] : instructions.slice(firstFrom), file);
  return {
    dockerfile: { file, escaper, globalArgs: before, stages, ...(syntax && { syntax }), ...(check && { check }) },
    findings: [
      ...problems.map(({ line, problem }) => ({ where: `${file}:${line}`, problem })),
      ...shortened(misplaced),
      ...shortened(findings),
    ],
  };
}

const early = (one: Instruction, file: string): Finding => ({
  where: placeOf(file, one),
  problem: 'comes before the first FROM, where only ARG is allowed',
});

function divide(instructions: readonly Instruction[], file: string): { stages: Stage[]; findings: Finding[] } {
  const stages: Stage[] = [];
  const findings: Finding[] = [];
  let inside: Instruction[] = [];
  for (const one of instructions) {
    if (one.keyword !== 'FROM') {
      inside.push(one);
      continue;
    }
    if (stages.length === mostStages) {
      findings.push({
        where: placeOf(file, one),
        problem: `is the stage after ${mostStages}, the most that is allowed`,
      });
      break;
    }
    inside = [];
    const { base, name } = readFrom(one.text);
    if (!base) {
      const problem = `must have the form FROM image [AS name], got ${quoted(one.text)}`;
      findings.push({ where: placeOf(file, one), problem });
    }
    if (name !== undefined && !nameForm.test(name)) {
      const problem = `must name its stage with letters, digits and "-_.", a letter first, got ${quoted(name)}`;
      findings.push({ where: placeOf(file, one), problem });
    }
    const { platform } = one.flags;
    stages.push({
      base,
      from: one,
      instructions: inside,
      ...(name && { name: name.toLowerCase() }),
      ...(platform && { platform }),
    });
  }
  return { stages, findings };
}

/** Source: parseBuildStageName of BuildKit's Dockerfile frontend. */
const nameForm = /^[a-z][a-z0-9-_.]*$/i;

/** The base is empty where the text has another form. */
function readFrom(text: string): { base: string; name?: string } {
  const [base = '', as, name, ...rest] = text.split(/\s+/);
  if (as === undefined) return { base };
  return as.toUpperCase() === 'AS' && name !== undefined && rest.length === 0 ? { base, name } : { base: '' };
}

import { type Finding, InputError } from '../../../../../../shared/errors';
import type { Limit } from '../../builder';
import { buildersWith } from '../../features';
import { problemOfArguments } from './argument-problems';
import { type Dockerfile, type Instruction, located, placeOf, type Stage } from './dockerfile';
import { jsonWords, plainWords } from './dockerfile-words';
import { switches } from './flags';
import { BuildProblem } from './problem';
import { firstOf, piece, quoted, shortened } from './quote';
import { type Args, baseOf } from './scope';
import { instructionsOf, problemOfSource, stageFinder, stagePlaces, usesOf } from './stages';
import { problemOfTrigger } from './triggers';

/** The instructions that builtin knows, with the flags that it honours. */
const known: Readonly<Record<string, readonly string[]>> = {
  ADD: ['chown', 'chmod', 'exclude', 'keep-git-dir', 'link', 'unpack'],
  ARG: [],
  CMD: [],
  COPY: ['from', 'chown', 'chmod', 'exclude', 'link', 'parents'],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
  LABEL: [],
  MAINTAINER: [],
  ONBUILD: [],
  SHELL: [],
  STOPSIGNAL: [],
  USER: [],
  VOLUME: [],
  WORKDIR: [],
};

/** The builders that run commands. */
export const able = buildersWith('commands');

/** The stage to build; undefined where there is none of that name. */
export function findStage({ stages }: Dockerfile, name: string | undefined): number | undefined {
  if (name === undefined) return stages.length - 1;
  const at = stages.findIndex((stage) => stage.name === name.toLowerCase());
  if (at >= 0) return at;
  return /^\d+$/.test(name) && Number(name) < stages.length ? Number(name) : undefined;
}

/** The stages that a stage is made from, itself included, in the order of the file. Others are not built. */
export const neededStages = (dockerfile: Dockerfile, target: number, globals: Args): number[] =>
  [...usesOf(dockerfile, target, globals).keys()].sort((a, b) => a - b);

function unnamedBase(dockerfile: Dockerfile, stage: Stage, globals: Args): readonly Finding[] {
  try {
    baseOf(dockerfile, stage, globals);
    return [];
  } catch (error) {
    const told = located(dockerfile.file, stage.from, error);
    if (told instanceof InputError) return told.findings;
    throw error;
  }
}

/**
 * What of a Dockerfile builtin cannot build, as one finding at the first such line.
 *
 * @param globals the arguments before the first FROM, which may name the stages
 */
export function checkDockerfile(dockerfile: Dockerfile, target: string | undefined, globals: Args): Limit[] {
  const stage = findStage(dockerfile, target);
  if (stage === undefined) {
    const { first, more } = firstOf(dockerfile.stages.flatMap(({ name }) => name ?? []));
    const names = first.map(piece).join(', ') || 'none has a name';
    return [{ where: 'target', problem: `is not a stage of ${dockerfile.file} (${names}${more}), got "${target}"` }];
  }
  const needed = neededStages(dockerfile, stage, globals);
  const find = stageFinder(dockerfile.stages);
  const steps = needed.map((at) => [at, instructionsOf(dockerfile, at, globals, find)] as const);
  const instructions = steps.flatMap(([, ofStage]) => ofStage);
  // As in BuildKit also in stages that are not built.
  const built = new Set(needed);
  const idle = dockerfile.stages.filter((_, at) => !built.has(at)).flatMap((stage) => stage.instructions);
  const unnamed = dockerfile.stages.flatMap((stage) => unnamedBase(dockerfile, stage, globals));
  const wrong = [...dockerfile.stages.map(({ from }) => from), ...instructions, ...idle].flatMap((one) => {
    const problem = problemOf(one, dockerfile.escaper);
    return problem ? [{ where: placeOf(dockerfile.file, one), problem }] : [];
  });
  const findings = shortened([...unnamed, ...wrong, ...wrongSources(dockerfile, steps)]);
  const beyond = instructions.flatMap((one) => {
    const reason = beyondBuiltin(one, dockerfile.escaper);
    return reason ? [{ one, reason }] : [];
  });
  const [first, ...rest] = beyond;
  if (!first) return findings;
  const others = firstOf(rest);
  const lines = others.first.map(({ one }) => one.line).join(', ');
  const more = rest.length > 0 ? ` (as do lines ${lines}${others.more})` : '';
  const problem = `${first.reason}, which the builtin builder cannot do${more}`;
  return [...findings, { where: placeOf(dockerfile.file, first.one), problem, able }];
}

/** What stages copy from that cannot be a stage. */
function wrongSources({ file, stages }: Dockerfile, steps: readonly (readonly [number, readonly Instruction[]])[]) {
  const places = stagePlaces(stages);
  return steps.flatMap(([at, instructions]) =>
    instructions.flatMap((one): Finding[] => {
      const { from } = one.flags;
      const problem = from === undefined ? undefined : problemOfSource(places, at, from);
      return problem ? [{ where: placeOf(file, one), problem }] : [];
    }),
  );
}

/** Why an instruction is none of a Dockerfile, whatever builds it; undefined where it may be one. */
function problemOf(instruction: Instruction, escaper: string): string | undefined {
  const { keyword, flags, misused, unended, text } = instruction;
  if (keyword === 'RUN') return undefined;
  if (!known[keyword]) return 'is not a Dockerfile instruction';
  if (misused) return `has the flag --${piece(misused.name)} ${misused.how}`;
  if (unended !== undefined) return `has a here-document that never ends: no line is ${quoted(unended)}`;
  const strange = switches.find((name) => flags[name] !== undefined && !/^(true|false)$/i.test(flags[name]));
  if (strange) return `--${strange} must be true or false, got ${quoted(flags[strange]!)}`;
  if (keyword === 'ONBUILD') return problemOfTrigger(instruction, escaper);
  try {
    if (takesJson.has(keyword)) jsonWords(text);
    return problemOfArguments(instruction, escaper);
  } catch (error) {
    return (error as Error).message;
  }
}

/** The instructions whose text may be a JSON array. */
const takesJson = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'SHELL', 'VOLUME']);

/** Refuses an instruction that the check did not see, which is an ONBUILD trigger of a base image. @throws BuildProblem */
export function refuseBeyond(instruction: Instruction, escaper: string): void {
  const trigger = `the ONBUILD trigger ${quoted(instruction.written)} of the base image`;
  const problem = problemOf(instruction, escaper);
  if (problem) throw new BuildProblem(`${trigger}: ${problem}; use another base image`);
  const reason = beyondBuiltin(instruction, escaper);
  if (reason) throw new BuildProblem(`${trigger} ${reason}, which the builtin builder cannot do`, able);
}

/** Whether a source of ADD is fetched. */
export const isRemote = (source: string): boolean => /^(https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(source);

export const fetches = 'fetches from another server';

function beyondBuiltin(instruction: Instruction, escaper: string): string | undefined {
  const { keyword, flags, text } = instruction;
  if (problemOf(instruction, escaper)) return undefined;
  if (keyword === 'RUN') return 'runs a command';
  const flag = Object.keys(flags).find((name) => !known[keyword]?.includes(name));
  if (flag) return `has the flag --${piece(flag)}`;
  if (keyword !== 'ADD') return undefined;
  const from = (jsonWords(text) ?? plainWords(text)).slice(0, -1);
  return from.some(isRemote) ? fetches : undefined;
}

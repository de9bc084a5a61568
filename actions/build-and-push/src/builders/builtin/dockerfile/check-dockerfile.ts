import { type Finding, InputError } from '../../../../../../shared/errors';
import type { Limit } from '../../builder';
import { buildersWith } from '../../features';
import { type Dockerfile, heredocForm, type Instruction, located, placeOf, type Stage } from './dockerfile';
import { jsonWords, plainWords } from './dockerfile-words';
import { BuildProblem } from './problem';
import { firstOf, piece, shortened } from './quote';
import { type Args, baseOf } from './scope';
import { usesOf } from './stages';

/** The instructions that builtin knows, with the flags that it honours. */
const known: Readonly<Record<string, readonly string[]>> = {
  ADD: ['chown', 'chmod', 'link'],
  ARG: [],
  CMD: [],
  COPY: ['from', 'chown', 'chmod', 'link'],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
  LABEL: [],
  MAINTAINER: [],
  SHELL: [],
  STOPSIGNAL: [],
  USER: [],
  VOLUME: [],
  WORKDIR: [],
};

/** Instructions of Docker that only a builder that runs containers, or that fetches from elsewhere, can do. */
const others = new Set(['RUN', 'ONBUILD']);

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
    return [{ where: 'target', problem: `names no stage of ${dockerfile.file} (${names}${more}), got "${target}"` }];
  }
  const needed = neededStages(dockerfile, stage, globals).map((at) => dockerfile.stages[at]!);
  const unnamed = needed.flatMap((one) => unnamedBase(dockerfile, one, globals));
  const instructions = needed.flatMap((one) => one.instructions);
  const strangers = instructions
    .filter(isStranger)
    .map((one) => ({ where: placeOf(dockerfile.file, one), problem: stranger }));
  const findings = shortened([...unnamed, ...strangers]);
  const beyond = instructions.flatMap((one) => {
    const reason = beyondBuiltin(one);
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

const stranger = 'is no instruction of a Dockerfile';
const isStranger = ({ keyword }: Instruction) => !known[keyword] && !others.has(keyword);

/** Refuses an instruction that the check did not see, such as one of a stage that it did not find. @throws BuildProblem */
export function refuseBeyond(instruction: Instruction): void {
  if (isStranger(instruction)) throw new BuildProblem(stranger);
  const reason = beyondBuiltin(instruction);
  if (reason) throw new BuildProblem(`${reason}, which the builtin builder cannot do`, able);
}

/** Whether a source of ADD is fetched. */
export const isRemote = (source: string): boolean => /^(https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(source);

export const fetches = 'fetches from another server';

function beyondBuiltin({ keyword, flags, text, heredocs }: Instruction): string | undefined {
  if (keyword === 'RUN') return 'runs a command';
  if (keyword === 'ONBUILD') return 'sets a trigger for later builds';
  const flag = Object.keys(flags).find((name) => !known[keyword]?.includes(name));
  if (flag) return known[keyword] ? `has the flag --${piece(flag)}` : undefined;
  const from = (jsonWords(text) ?? plainWords(text)).slice(0, -1);
  if (keyword === 'ADD' && from.some(isRemote)) return fetches;
  const open = from.filter((word) => heredocForm.test(word)).length;
  return open > heredocs.length ? 'has a document without an end' : undefined;
}

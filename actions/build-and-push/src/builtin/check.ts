import type { Limit } from '../engine';
import { type Dockerfile, heredocForm, type Instruction, placeOf, type Stage } from './dockerfile';
import { plainWords } from './words';

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

/** The engines that run commands. */
export const able = ['docker', 'finch', 'podman', 'buildah'] as const;

/** The stage to build; undefined where there is none of that name. */
export function findStage({ stages }: Dockerfile, name: string | undefined): number | undefined {
  if (name === undefined) return stages.length - 1;
  const at = stages.findIndex((stage) => stage.name === name.toLowerCase());
  if (at >= 0) return at;
  return /^\d+$/.test(name) && Number(name) < stages.length ? Number(name) : undefined;
}

/** The earlier stage that a FROM or a `--from` names; undefined where it names an image. */
export function earlierStage(stages: readonly Stage[], before: number, name: string): number | undefined {
  for (let at = before - 1; at >= 0; at--) if (stages[at]!.name === name.toLowerCase()) return at;
  return /^\d+$/.test(name) && Number(name) < before ? Number(name) : undefined;
}

/** The stages that a stage is made from, itself included, in the order of the file. Others are not built. */
export function neededStages({ stages }: Dockerfile, target: number): number[] {
  const needed = new Set<number>();
  const visit = (at: number) => {
    if (needed.has(at)) return;
    needed.add(at);
    const { base, instructions } = stages[at]!;
    const names = [base, ...instructions.flatMap(({ flags }) => flags['from'] ?? [])];
    for (const name of names) {
      const earlier = earlierStage(stages, at, name);
      if (earlier !== undefined) visit(earlier);
    }
  };
  visit(target);
  return [...needed].sort((a, b) => a - b);
}

/** What of a Dockerfile builtin cannot build, as one finding at the first such line. Pure. */
export function checkDockerfile(dockerfile: Dockerfile, target: string | undefined): Limit[] {
  const stage = findStage(dockerfile, target);
  if (stage === undefined) {
    const names = dockerfile.stages.flatMap(({ name }) => name ?? []).join(', ') || 'none has a name';
    return [{ where: 'target', problem: `names no stage of ${dockerfile.file} (${names}), got "${target}"` }];
  }
  const instructions = neededStages(dockerfile, stage).flatMap((at) => dockerfile.stages[at]!.instructions);
  const strangers = instructions.filter(({ keyword }) => !known[keyword] && !others.has(keyword));
  const findings = strangers.map((one) => ({
    where: placeOf(dockerfile.file, one),
    problem: 'is no instruction of a Dockerfile',
  }));
  const beyond = instructions.flatMap((one) => {
    const reason = beyondBuiltin(one);
    return reason ? [{ one, reason }] : [];
  });
  const [first, ...rest] = beyond;
  if (!first) return findings;
  const more = rest.length > 0 ? ` (as do lines ${rest.map(({ one }) => one.line).join(', ')})` : '';
  const problem = `${first.reason}, which the builtin builder cannot do${more}`;
  return [...findings, { where: placeOf(dockerfile.file, first.one), problem, able }];
}

function beyondBuiltin({ keyword, flags, text, heredocs }: Instruction): string | undefined {
  if (keyword === 'RUN') return 'runs a command';
  if (keyword === 'ONBUILD') return 'sets a trigger for later builds';
  const flag = Object.keys(flags).find((name) => !known[keyword]?.includes(name));
  if (flag) return known[keyword] ? `has the flag --${flag}` : undefined;
  const from = plainWords(text).slice(0, -1);
  if (keyword === 'ADD' && from.some((word) => /^(https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(word))) {
    return 'fetches from another server';
  }
  const open = from.filter((word) => heredocForm.test(word)).length;
  return open > heredocs.length ? 'has a document without an end' : undefined;
}

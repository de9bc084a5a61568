import type { Dockerfile, Instruction, Stage } from './dockerfile';
import { BuildProblem } from './problem';
import { quoted } from './quote';
import { type Args, baseOf } from './scope';
import { parseTrigger, triggersIn, triggerText } from './triggers';

/** How the stages of a Dockerfile name each other. */

export type StageFinder = (before: number, name: string) => number | undefined;

/**
 * Finds the earlier stage that a FROM or a `--from` names, the last of that name; undefined where it names an image. The
 * search takes no longer where there are thousands.
 */
export function stageFinder(stages: readonly Stage[]): StageFinder {
  const places = new Map<string, number[]>();
  for (const [at, { name }] of stages.entries()) {
    if (name === undefined) continue;
    const known = places.get(name);
    if (known) known.push(at);
    else places.set(name, [at]);
  }
  return (before, name) => {
    const named = lastBelow(places.get(name.toLowerCase()) ?? [], before);
    if (named !== undefined) return named;
    return /^\d{1,9}$/.test(name) && Number(name) < before ? Number(name) : undefined;
  };
}

/** The last of ascending numbers that is below a limit. */
function lastBelow(numbers: readonly number[], limit: number): number | undefined {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1];
}

/** Where stages are, by the last of each name. */
export interface StagePlaces {
  readonly find: StageFinder;
  readonly last: ReadonlyMap<string | undefined, number>;
  readonly count: number;
}

export const stagePlaces = (stages: readonly Stage[]): StagePlaces => ({
  find: stageFinder(stages),
  last: new Map(stages.map(({ name }, at) => [name, at])),
  count: stages.length,
});

/**
 * Why a `--from` of a stage can name neither an earlier stage nor an image; undefined where it may. As in BuildKit a later
 * stage is an error, not an image of that name.
 */
export function problemOfSource({ find, last, count }: StagePlaces, at: number, name: string): string | undefined {
  if (find(at, name) !== undefined) return undefined;
  if (name.includes('$'))
    return 'has a variable in --from, which BuildKit does not expand; use FROM … AS a name for it';
  const isNumber = /^[+-]?\d{1,9}$/.test(name);
  const named = isNumber ? Number(name) : last.get(name.toLowerCase());
  if (named === at) return `copies from the stage ${quoted(name)}, which is this stage itself`;
  if (named !== undefined && named > at && named < count)
    return `copies from the stage ${quoted(name)}, which comes later; move it up`;
  return isNumber ? `copies from the stage ${name}, but the last one is ${count - 1}` : undefined;
}

/** The stages that a stage is made from, itself included, each with how often others ask for it. Others are not built. */
export function usesOf(dockerfile: Dockerfile, target: number, globals: Args): Map<number, number> {
  const { stages } = dockerfile;
  const find = stageFinder(stages);
  const uses = new Map([[target, 0]]);
  // A map gives what is added while it is walked through.
  for (const at of uses.keys()) {
    for (const name of namesIn(dockerfile, at, globals, find)) {
      const earlier = find(at, name);
      if (earlier !== undefined) uses.set(earlier, (uses.get(earlier) ?? 0) + 1);
    }
  }
  return uses;
}

/** A stage and those that it is made from by FROM, one from the other: their layers are the layers of its image. */
export function lineageOf(dockerfile: Dockerfile, target: number, globals: Args): ReadonlySet<number> {
  const find = stageFinder(dockerfile.stages);
  const lineage = new Set<number>();
  for (let at: number | undefined = target; at !== undefined; ) {
    lineage.add(at);
    const base = baseName(dockerfile, dockerfile.stages[at]!, globals);
    at = base === undefined ? undefined : find(at, base);
  }
  return lineage;
}

/** What a stage is made from and copies from; a base that cannot be read is refused elsewhere. */
function namesIn(dockerfile: Dockerfile, at: number, globals: Args, find: StageFinder): string[] {
  const base = baseName(dockerfile, dockerfile.stages[at]!, globals);
  const copied = instructionsOf(dockerfile, at, globals, find).flatMap(({ flags }) => flags['from'] ?? []);
  return base === undefined ? copied : [base, ...copied];
}

function baseName(dockerfile: Dockerfile, stage: Stage, globals: Args): string | undefined {
  try {
    return baseOf(dockerfile, stage, globals);
  } catch (error) {
    if (error instanceof BuildProblem) return undefined;
    throw error;
  }
}

/** The instructions of a stage, and before them the triggers of the stage that it is made from. */
export function instructionsOf(
  dockerfile: Dockerfile,
  at: number,
  globals: Args,
  find: StageFinder,
): readonly Instruction[] {
  const stage = dockerfile.stages[at]!;
  const base = baseName(dockerfile, stage, globals);
  const earlier = base === undefined ? undefined : find(at, base);
  const triggers = earlier === undefined ? [] : triggersIn(dockerfile.stages[earlier]!.instructions);
  return [...triggers.flatMap((trigger) => parsed(trigger, stage.from.line)), ...stage.instructions];
}

/** What is no trigger is refused where it stands. */
function parsed(trigger: Instruction, line: number): readonly Instruction[] {
  try {
    return [parseTrigger(triggerText(trigger), line)];
  } catch (error) {
    if (error instanceof BuildProblem) return [];
    throw error;
  }
}

import type { Dockerfile, Stage } from './dockerfile';
import { BuildProblem } from './problem';
import { type Args, baseOf } from './scope';

/** How the stages of a Dockerfile name each other. */

/**
 * Finds the earlier stage that a FROM or a `--from` names, the last of that name; undefined where it names an image. The
 * search takes no longer where there are thousands.
 */
export function stageFinder(stages: readonly Stage[]): (before: number, name: string) => number | undefined {
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

/** The stages that a stage is made from, itself included, each with how often others ask for it. Others are not built. */
export function usesOf(dockerfile: Dockerfile, target: number, globals: Args): Map<number, number> {
  const { stages } = dockerfile;
  const find = stageFinder(stages);
  const uses = new Map([[target, 0]]);
  // A map gives what is added while it is walked through.
  for (const at of uses.keys()) {
    for (const name of namesIn(dockerfile, stages[at]!, globals)) {
      const earlier = find(at, name);
      if (earlier !== undefined) uses.set(earlier, (uses.get(earlier) ?? 0) + 1);
    }
  }
  return uses;
}

/** What a stage is made from and copies from; a base that cannot be read is refused elsewhere. */
function namesIn(dockerfile: Dockerfile, stage: Stage, globals: Args): string[] {
  const copied = stage.instructions.flatMap(({ flags }) => flags['from'] ?? []);
  try {
    return [baseOf(dockerfile, stage, globals), ...copied];
  } catch (error) {
    if (error instanceof BuildProblem) return copied;
    throw error;
  }
}

import { simulate } from './engine/simulate';
import type { History } from './history';
import { judge } from './oracle/judge';
import type { Violation } from './oracle/verdict';
import { worldOf } from './world/generate';

export interface Played {
  readonly seed: number;
  readonly history: History;
  readonly violations: readonly Violation[];
}

/** Plays the world of a seed and judges it. */
export async function play(seed: number): Promise<Played> {
  const history = await simulate(worldOf(seed));
  return { seed, history, violations: judge(history) };
}

import { simulate } from './engine/simulate';
import type { History } from './history';
import { judge } from './oracle/judge';
import type { Violation } from './oracle/verdict';
import type { WorldSpec } from './spec';
import { worldOf } from './world/generate';

export interface Played {
  readonly seed: number;
  readonly history: History;
  readonly violations: readonly Violation[];
}

/** Plays the world of a seed and judges it. */
export const play = (seed: number): Promise<Played> => playWorld(seed, worldOf(seed));

/** Plays a world and judges it. */
export async function playWorld(seed: number, world: WorldSpec): Promise<Played> {
  const history = await simulate(world);
  return { seed, history, violations: judge(history) };
}

import { InputError } from '../../../shared/errors';
import { builtin } from './builtin/engine';
import type { Inputs } from './definition';
import { docker } from './docker/engine';
import type { Candidate, Effects, Engine } from './engine';

/** The engines in the order in which `auto` asks for them. */
const candidates: readonly Candidate[] = [docker, builtin];

/**
 * The engine that was asked for, or the first that answers. The log says which and why.
 *
 * @throws InputError when the one that was asked for does not answer.
 */
export async function chooseEngine(builder: Inputs['builder'], effects: Effects): Promise<Engine> {
  const silent: string[] = [];
  for (const candidate of candidates) {
    if (builder !== 'auto' && builder !== candidate.name) continue;
    const answer = await candidate.probe(effects);
    if ('silent' in answer) {
      silent.push(`${candidate.name}: ${answer.silent}`);
      continue;
    }
    for (const reason of silent) effects.log.info(`builder: not ${reason}`);
    effects.log.info(`builder: ${answer.title}`);
    return explained(answer, silent);
  }
  const why = silent.join('; ') || 'it is not known';
  throw new InputError([{ where: 'builder', problem: `does not answer: ${why}; start it, or set builder to auto` }]);
}

/** What the last resort cannot build says why the engines before it were not taken. */
function explained(engine: Engine, silent: readonly string[]): Engine {
  if (silent.length === 0) return engine;
  return {
    ...engine,
    cannot: async (order) =>
      (await engine.cannot(order)).map(({ where, problem }) => ({
        where,
        problem: `${problem} (${silent.join('; ')})`,
      })),
  };
}

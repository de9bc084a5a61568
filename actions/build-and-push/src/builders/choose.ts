import type { Finding } from '../../../../shared/errors';
import type { Inputs } from '../definition';
import type { Builder, BuilderKind, BuildSpec, Effects } from './builder';
import { builtin } from './builtin/builtin';
import { buildah, podman } from './containers/podman';
import { docker } from './docker/docker';
import { finch } from './finch/finch';

/** The builders in the order in which `auto` asks for them. */
const candidates: readonly BuilderKind[] = [docker, finch, podman, buildah, builtin];

/** The builder that is used, and why those before it are not. */
export interface Choice {
  readonly builder: Builder;
  /** Such as `docker: Cannot connect to the Docker daemon …`. */
  readonly silent: readonly string[];
}

/** The builder that was asked for, or the first that answers; why there is none. The log says which and why. */
export async function chooseBuilder(
  builder: Inputs['builder'],
  effects: Effects,
): Promise<Choice | { readonly findings: readonly Finding[] }> {
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
    return { builder: answer, silent };
  }
  const problem = `does not answer: ${silent.join('; ')}; start it, or set builder to auto`;
  return { findings: [{ where: 'builder', problem }] };
}

/** What the builder cannot do, with the engines that could and why they were not taken. */
export async function limitsOf({ builder, silent }: Choice, spec: BuildSpec): Promise<Finding[]> {
  const why = silent.length > 0 ? ` (${silent.join('; ')})` : '';
  return (await builder.cannot(spec)).map(({ where, problem, able }) => ({
    where,
    problem: able ? `${problem}; use a builder that can: ${able.join(', ')}${why}` : problem,
  }));
}

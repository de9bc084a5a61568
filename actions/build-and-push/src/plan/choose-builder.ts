import type { Finding } from '../../../../shared/errors';
import type { Builder, BuilderKind, BuildSpec, Effects } from '../builders/builder';
import { builtin } from '../builders/builtin/builtin';
import { buildah, podman } from '../builders/containers/podman';
import { docker } from '../builders/docker/docker';
import { finch } from '../builders/finch/finch';
import { type BuilderName, builderNames } from '../definition';
import type { Request } from '../inputs';

/** All builders; one that is missing does not compile. */
const kinds = { docker, finch, podman, buildah, builtin } satisfies Record<BuilderName, BuilderKind>;

/** The builder that is used, and why those before it are not. */
export interface Choice {
  readonly builder: Builder;
  /** Such as `docker: Cannot connect to the Docker daemon …`. */
  readonly silent: readonly string[];
}

/** The builder that was asked for, or the first that answers; why there is none. The log says which and why. */
export async function chooseBuilder(
  { builder, instance }: Pick<Request, 'builder' | 'instance'>,
  { log, clock, temp, signal, env: own }: Effects,
): Promise<Choice | { readonly findings: readonly Finding[] }> {
  const silent: string[] = [];
  const env = { ...own, ...(instance !== undefined && { BUILDX_BUILDER: instance }) };
  const effects = { log, clock, temp, signal, env };
  for (const name of builder === 'auto' ? builderNames : [builder]) {
    const answer = await kinds[name].probe(effects);
    if ('silent' in answer) {
      silent.push(`${name}: ${answer.silent}`);
      continue;
    }
    for (const reason of silent) log.info(`builder: not ${reason}`);
    log.info(`builder: ${answer.title}`);
    return { builder: answer, silent };
  }
  const next = instance === undefined ? 'start it, or set builder to auto' : `name one, or ${builderNames.join(', ')}`;
  const problem = `does not answer: ${silent.join('; ')}; ${next}`;
  return { findings: [{ where: 'builder', problem }] };
}

/** What the builder cannot do, with the builders that could and why they were not taken. */
export async function limitsOf({ builder, silent }: Choice, spec: BuildSpec): Promise<Finding[]> {
  const why = silent.length > 0 ? ` (${silent.join('; ')})` : '';
  return (await builder.cannot(spec)).map(({ where, problem, able }) => ({
    where,
    problem: able ? `${problem}; use a builder that can: ${able.join(', ')}${why}` : problem,
  }));
}

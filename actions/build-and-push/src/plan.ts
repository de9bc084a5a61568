import { type Finding, InputError, refuse } from '../../../shared/errors';
import type { Context } from '../../../shared/host/run-action';
import { chooseEngine, limitsOf } from './choose';
import { decide } from './decide';
import { findRegistry, type TargetRegistry } from './ecr';
import type { BuildOrder, Engine } from './engine';
import { askGit, type SourceFacts } from './git';
import { type Request, readInputs } from './inputs';
import { orderOf } from './order';
import type { TagDecision } from './tags';

/** All that is decided before anything is built or changed. */
export interface Plan {
  readonly request: Request;
  readonly engine: Engine;
  readonly order: BuildOrder;
  readonly registry: TargetRegistry;
  readonly tags: readonly string[];
  /** The repository is missing and is to be created. */
  readonly create: boolean;
  readonly decision: Exclude<TagDecision, { act: 'refuse' }>;
}

/**
 * Asks what there is and decides. What this machine knows is checked before AWS is asked.
 *
 * @throws InputError when the build cannot go well; nothing was changed then.
 */
export async function plan(context: Context): Promise<Plan> {
  const source = askGit(context.folders.source);
  const request = readInputs(context.raw, context.env, (inputs) => [
    ...orderOf(inputs, source, context).findings,
    ...tagsOf(inputs, source).findings,
  ]);
  const { tags } = tagsOf(request, source);
  const { order, findings } = orderOf(request, source, context);
  if (!order) throw new InputError(findings);
  const choice = await chooseEngine(request.builder, context);
  refuse(await limitsOf(choice, order));

  const ecr = await context.aws(request.region, context.signal).ecr();
  const registry = await findRegistry(ecr, request.registry, context.log);
  const { create, tags: decision } = await decide(ecr, request, registry, tags, context.log);
  if (decision.act === 'refuse') throw new InputError([{ where: 'tags', problem: decision.problem }]);
  return { request, engine: choice.engine, order, registry, tags, create, decision };
}

/** The tags that were given, else the commit id. */
function tagsOf({ tags: given }: Pick<Request, 'tags'>, source: SourceFacts) {
  const tags = given ?? (source.commit ? [source.commit] : []);
  const findings: Finding[] = tags.length > 0 ? [] : [{ where: 'tags', problem: noCommit(source) }];
  return { tags, findings };
}

const noCommit = ({ why }: SourceFacts) =>
  `were not given, and the commit id is not known (${why}); set tags, such as \${WorkflowSource.CommitId}`;

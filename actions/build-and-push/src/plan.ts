import { statSync } from 'node:fs';
import { type Finding, findingsOf, InputError, refuse } from '../../../shared/errors';
import { findPath } from '../../../shared/host/folders';
import type { Context } from '../../../shared/host/run-action';
import { chooseEngine, limitsOf } from './choose';
import { decide } from './decide';
import type { Inputs } from './definition';
import type { BuildOrder, Engine } from './engine';
import { askAbout, type SourceFacts } from './git';
import { type Request, readInputs } from './inputs';
import { findRegistry, type TargetRegistry } from './login';
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
  const { wrong, request, order, builder, source } = await readAll(context);
  const choice = await chooseEngine(builder, context).catch((error: unknown) => {
    throw error instanceof InputError ? new InputError([...wrong, ...error.findings]) : error;
  });
  refuse([...wrong, ...(await limitsOf(choice, order))]);
  if (!request) throw new InputError(wrong);
  const { tags } = tagsOf(request, source, context);

  const ecr = await context.aws(request.region, context.signal).ecr();
  const registry = await findRegistry(ecr, request.registry, context.env, context.log);
  refuse(hiddenNames(registry.host, request, tags, context.log));
  const { create, tags: decision } = await decide(ecr, request, registry, tags, context.log);
  if (decision.act === 'refuse') throw new InputError([{ where: 'tags', problem: decision.problem }]);
  return { request, engine: choice.engine, order, registry, tags, create, decision };
}

/** A secret in the name of the image would be hidden in the outputs, and the next action could not find it. */
function hiddenNames(host: string, { repository }: Request, tags: readonly string[], log: Context['log']): Finding[] {
  const isHidden = [`${host}/${repository}`, ...tags].some((name) => log.masked(name) !== name);
  const problem = 'holds a value that is a part of the name of the image, which must not be secret; give another value';
  return isHidden ? [{ where: 'secret-envs', problem }] : [];
}

/** What this machine knows of the inputs. With some of them wrong, the builder is asked for its limits all the same. */
async function readAll(context: Context) {
  const { raw, env, signal } = context;
  const inputs = readable(context);
  const source: SourceFacts = inputs ? await askAbout(sourceFolders(inputs, context), env, signal) : {};
  let order: BuildOrder | undefined;
  let request: Request | undefined;
  const wrong = findingsOf(() => {
    request = readInputs(raw, env, (all) => {
      const made = orderOf(all, source, context);
      ({ order } = made);
      return [...made.findings, ...tagsOf(all, source, context).findings];
    });
  });
  if (!order) throw new InputError(wrong);
  return { wrong, request, order, builder: inputs?.builder ?? 'auto', source };
}

/** The inputs as far as each has the form of its type; undefined where one has not. */
function readable({ raw, env }: Context): Inputs | undefined {
  let inputs: Inputs | undefined;
  findingsOf(() =>
    readInputs(raw, env, (all) => {
      inputs = all;
      return [];
    }),
  );
  return inputs;
}

/** The context may be a repository of its own within the source. */
function sourceFolders({ context }: Pick<Request, 'context'>, { folders }: Context): string[] {
  const found = findPath(context, folders);
  return [...(found && statSync(found).isDirectory() ? [found] : []), folders.source];
}

/** The tags that were given, else the commit id. */
function tagsOf({ tags: given }: Pick<Request, 'tags'>, source: SourceFacts, { host }: Pick<Context, 'host'>) {
  const tags = given ?? (source.commit ? [source.commit] : []);
  const findings: Finding[] = tags.length > 0 ? [] : [{ where: 'tags', problem: noCommit(source, host) }];
  return { tags, findings };
}

function noCommit({ why }: SourceFacts, host: Context['host']): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of CodeCatalyst
  const such = { codecatalyst: ', such as ${WorkflowSource.CommitId}', github: '', shell: '' }[host];
  return `were not given, and the commit id is not known (${why}); set tags${such}`;
}

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, InputError, mergeFindings, refuse } from '../../../../shared/errors';
import { findPath } from '../../../../shared/host/folders';
import type { Context } from '../../../../shared/host/run-action';
import { fittingAnnotations } from '../builders/annotations';
import type { Builder, BuildSpec } from '../builders/builder';
import { missingForGithubCache, secretsOf } from '../builders/external-cache';
import type { TargetRegistry } from '../ecr/login';
import type { TagDecision } from '../ecr/tags';
import { type Request, readInputs } from '../inputs';
import { findFiles } from '../source/files';
import { askAbout, type SourceFacts } from '../source/git';
import { specOf } from './build-spec';
import { chooseBuilder, limitsOf } from './choose-builder';
import { decide } from './decide-repository';
import { findTarget } from './find-target';

/** All that is decided before anything is built or changed. */
export interface Plan {
  readonly request: Request;
  readonly builder: Builder;
  readonly spec: BuildSpec;
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
  const { raw, env, signal } = context;
  const { request, findings: wrong } = readInputs(raw, env, context.host);
  const caches = [...(request['cache-from'] ?? []), ...(request['cache-to'] ?? [])];
  for (const secret of secretsOf(caches)) context.log.mask(secret);
  const source = await askAbout(sourceFolders(request, context), env, signal);
  const { files, findings: missing } = findFiles(request, context);
  const { tags, findings: untagged } = tagsOf(request, source, context);
  const findings = mergeFindings(wrong, [...missing, ...untagged]);
  if (!files) throw new InputError(findings);
  const spec = withFittingAnnotations(withIdFile(specOf(request, files, source, env), request, context), context);
  // With some inputs wrong, the builder is asked for its limits all the same.
  const choice = await chooseBuilder(request, context);
  if ('findings' in choice) throw new InputError([...findings, ...choice.findings]);
  refuse([...findings, ...(await limitsOf(choice, spec))]);
  sayUnusedCache(spec, context);
  sayUnsetArguments(request, context);

  const { registry, ecr } = await findTarget(request, context);
  refuse(maskedNames(registry.host, request, tags, context.log));
  if (!ecr)
    return { request, builder: choice.builder, spec, registry, tags, create: false, decision: { act: 'build' } };
  const { create, tags: decision } = await decide(ecr, request, registry, tags, context.log);
  if (decision.act === 'refuse') throw new InputError([{ where: 'tags', problem: decision.problem }]);
  return { request, builder: choice.builder, spec, registry, tags, create, decision };
}

/** On GitHub and in a shell the id of an image is an output; where it is pushed, the registry tells it. */
function withIdFile(spec: BuildSpec, { push }: Request, { host, temp }: Context): BuildSpec {
  return push || host === 'codecatalyst' ? spec : { ...spec, idFile: join(temp.path(), 'image-id') };
}

function withFittingAnnotations(spec: BuildSpec, { log }: Context): BuildSpec {
  const { annotations = [], ...others } = spec.settings;
  const fitting = fittingAnnotations(spec) ?? [];
  if (fitting.join() === annotations.join()) return spec;
  log.warn(
    'annotations of an index are left out: an image for one platform has none, unless provenance or sbom is set',
  );
  return { ...spec, settings: fitting.length > 0 ? { ...others, annotations: fitting } : others };
}

/** buildx leaves out a cache for which the environment lacks something, and says nothing. */
function sayUnusedCache(spec: BuildSpec, { env, log }: Context): void {
  const missing = missingForGithubCache([...spec['cache-from'], ...spec['cache-to']], {
    ...env,
    ...spec.cacheCredentials,
  });
  if (missing !== undefined) log.warn(`the cache of type=gha is not used: ${missing} is not set, as it is on GitHub`);
}

/** The default of the Dockerfile then counts, as for docker build, which says nothing. */
function sayUnsetArguments({ 'build-args': given = [] }: Request, { env, log }: Context): void {
  const unset = given.filter((one) => 'bare' in one && env[one.name] === undefined);
  for (const { name } of unset) {
    log.warn(`build-args: ${name} has no value and is no environment variable; it is left out`);
  }
}

/** A secret in the name of the image would be hidden in the outputs, and the next action could not find it. */
function maskedNames(host: string, { repository }: Request, tags: readonly string[], log: Context['log']): Finding[] {
  const isHidden = [`${host}/${repository}`, ...tags].some((name) => log.masked(name) !== name);
  const problem = 'holds a value that is a part of the name of the image, which must not be secret; use another value';
  return isHidden ? [{ where: 'secret-envs', problem }] : [];
}

/** The context may be a repository of its own within the source. */
function sourceFolders({ context }: Pick<Request, 'context'>, { folders }: Context): string[] {
  const found = findPath(context, folders);
  return [...(found && statSync(found).isDirectory() ? [found] : []), folders.source];
}

/** The tags that were given, else the commit id. */
function tagsOf(
  { tags: given, repository }: Pick<Request, 'tags' | 'repository'>,
  source: SourceFacts,
  { host }: Pick<Context, 'host'>,
) {
  if (repository === '') return { tags: given ?? [], findings: [] };
  const tags = given ?? (source.commit ? [source.commit] : []);
  const findings: Finding[] = tags.length > 0 ? [] : [{ where: 'tags', problem: noCommit(source, host) }];
  return { tags, findings };
}

function noCommit({ why }: SourceFacts, host: Context['host']): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of CodeCatalyst
  const such = { codecatalyst: ', such as ${WorkflowSource.CommitId}', github: '', shell: '' }[host];
  return `are not set, and the commit id is not known (${why}); set tags${such}`;
}

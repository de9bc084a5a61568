import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import stringArgv from 'string-argv';
import { type Finding, InputError, refuse } from '../../../shared/errors';
import { findPath } from '../../../shared/host/folders';
import type { Context } from '../../../shared/host/run-action';
import { chooseEngine, limitsOf } from './choose';
import { findRegistry, findRepository, findTags, type TargetRegistry } from './ecr';
import type { BuildOrder, Engine } from './engine';
import { askGit, type SourceFacts } from './git';
import type { Request } from './inputs';
import { decideTags, type TagDecision } from './tags';

/** All that is decided before anything is built or changed. */
export interface Plan {
  readonly engine: Engine;
  readonly order: BuildOrder;
  readonly registry: TargetRegistry;
  readonly repository: string;
  readonly tags: readonly string[];
  readonly decision: Exclude<TagDecision, { act: 'refuse' }>;
}

/**
 * Asks what there is and decides. What this machine knows is checked before AWS is asked.
 *
 * @throws InputError when the build cannot go well; nothing was changed then.
 */
export async function plan(request: Request, context: Context): Promise<Plan> {
  const source = askGit(context.folders.source);
  const { order, findings } = orderOf(request, source, context);
  const tags = request.tags ?? (source.commit ? [source.commit] : []);
  if (tags.length === 0) findings.push({ where: 'tags', problem: noCommit(source) });
  if (!order) throw new InputError(findings);
  const choice = await chooseEngine(request.builder, context);
  refuse([...findings, ...(await limitsOf(choice, order))]);

  const ecr = await context.aws(request.region, context.signal).ecr();
  const registry = await findRegistry(ecr, request.registry, context.log);
  const place = { repositoryName: request.repository, ...(registry.account && { registryId: registry.account }) };
  const where = { region: request.region, host: registry.host };
  const repository = await findRepository(ecr, place, where);
  const states = repository && (await findTags(ecr, place, tags, repository));
  if (!states) sayUnseen(request, context);
  const decision = decideTags(states ?? [], request['if-tag-exists']);
  if (decision.act === 'refuse') throw new InputError([{ where: 'tags', problem: decision.problem }]);
  return { engine: choice.engine, order, registry, repository: request.repository, tags, decision };
}

const noCommit = ({ why }: SourceFacts) =>
  `were not given, and the commit id is not known (${why}); set tags, such as \${WorkflowSource.CommitId}`;

/** Pushing needs no look at the repository; an answer that depends on one does. */
function sayUnseen(request: Request, { log }: Context): void {
  const unseen = `the role may not look at it (ecr:DescribeRepositories, ecr:DescribeImages on ${request.repository})`;
  const mode = request['if-tag-exists'];
  if (mode === 'skip' || mode === 'fail') {
    throw new InputError([{ where: 'if-tag-exists', problem: `cannot be ${mode}: ${unseen}; allow it, or use push` }]);
  }
  log.info(`it is not known whether the tags are there: ${unseen}; pushing`);
}

/** Finds the files of the build. Labels that the user gave win over what git knows. */
function orderOf(
  request: Request,
  source: SourceFacts,
  { folders }: Context,
): { order?: BuildOrder; findings: Finding[] } {
  const context = findPath(request.context, folders);
  if (context === undefined || !statSync(context).isDirectory()) {
    const problem = `is no folder, got ${JSON.stringify(request.context)}; looked in ${folders.roots.join(', ')}`;
    return { findings: [{ where: 'context', problem }] };
  }
  const dockerfile = findDockerfile(request.dockerfile, context, folders);
  const labels = {
    ...(source.commit && { 'org.opencontainers.image.revision': source.commit }),
    ...(source.address && { 'org.opencontainers.image.source': source.address }),
    ...request.labels,
  };
  if (dockerfile === undefined) {
    const problem = request.dockerfile
      ? `is not there, got ${JSON.stringify(request.dockerfile)}; looked in ${[...folders.roots, context].join(', ')}`
      : `is not there: ${context} has no Dockerfile; name it`;
    return { findings: [{ where: 'dockerfile', problem }] };
  }
  const order: BuildOrder = {
    context,
    dockerfile,
    shown: relative(folders.source, dockerfile).startsWith('..') ? dockerfile : relative(folders.source, dockerfile),
    buildArgs: request['build-args'],
    labels,
    options: stringArgv(request['build-options'] ?? ''),
    ...(request.target && { target: request.target }),
  };
  return { order, findings: [] };
}

/** As for docker build, the path is that of the working folder; one in the context is found too. */
function findDockerfile(given: string | undefined, context: string, folders: Context['folders']): string | undefined {
  const places = given === undefined ? [] : [findPath(given, folders) ?? ''];
  places.push(join(context, given ?? 'Dockerfile'));
  return places.find((place) => existsSync(place) && statSync(place).isFile());
}

import type { ECR } from '@aws-sdk/client-ecr';
import { InputError } from '../../../../shared/errors';
import type { Log } from '../../../../shared/host/log';
import type { TargetRegistry } from '../ecr/login';
import { findRepository, findTags, isCreatedOnPush, placeOf } from '../ecr/repository';
import { decideTags, type TagDecision } from '../ecr/tags';
import type { Request } from '../inputs';

/** What is to be done with the repository and the tags, as the registry was when it was asked. */
export interface RepositoryDecision {
  /** The repository is missing and is to be created. */
  readonly create: boolean;
  readonly tags: TagDecision;
}

/**
 * Looks at the repository and decides. Only building needs no look.
 *
 * @throws InputError when the repository is missing, or may not be looked at although the answer depends on it.
 */
export async function decide(
  ecr: ECR,
  request: Request,
  registry: TargetRegistry,
  tags: readonly string[],
  log: Pick<Log, 'info'>,
): Promise<RepositoryDecision> {
  const build = { create: false, tags: { act: 'build' } } as const;
  if (!request.push) return build;
  const place = placeOf(request, registry);
  const repository = await findRepository(ecr, place);
  if (repository === 'missing') {
    if (request['create-repository']) return { ...build, create: true };
    if (!(await isCreatedOnPush(ecr, place))) throw missing(request, registry);
    log.info(`${request.repository} does not exist yet: ECR creates it on push, from a repository creation template`);
    return build;
  }
  const states = repository === 'unseen' ? undefined : await findTags(ecr, place, tags, repository);
  if (!states) sayUnseen(request, log);
  return { create: false, tags: decideTags(states ?? [], request['if-tag-exists']) };
}

function missing({ repository, region }: Request, { host }: TargetRegistry): InputError {
  const create = `set create-repository to true, or run: aws ecr create-repository --region ${region} --repository-name ${repository}`;
  const problem = `"${repository}" is not in the registry ${host}; correct the name, or create it: ${create}`;
  return new InputError([{ where: 'repository', problem }]);
}

/** Pushing needs no look at the repository; an answer that depends on one does. */
function sayUnseen(request: Request, log: Pick<Log, 'info'>): void {
  const unseen = `the role is not allowed to read it (ecr:DescribeRepositories, ecr:DescribeImages on ${request.repository})`;
  const mode = request['if-tag-exists'];
  if (mode === 'skip' || mode === 'fail') {
    throw new InputError([{ where: 'if-tag-exists', problem: `cannot be ${mode}: ${unseen}; allow it, or use push` }]);
  }
  const create = request['create-repository'] ? ', and create-repository has no effect' : '';
  log.info(`it is not known whether the tags exist${create}: ${unseen}; pushing`);
}

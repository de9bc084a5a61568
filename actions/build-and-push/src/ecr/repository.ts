import type { ECR } from '@aws-sdk/client-ecr';
import { isRefusal } from '../../../../shared/aws/errors';
import { ActionError, InputError } from '../../../../shared/errors';
import { excerpt, shown } from '../../../../shared/excerpt';
import { isDigest } from '../../../../shared/image/reference';
import type { TargetRegistry } from './login';
import { isImmutable, type TagMutability, type TagState } from './tags';

/** Where an image is asked for. */
export interface RepositoryPlace {
  readonly registryId?: string;
  readonly repositoryName: string;
}

export const placeOf = (
  { repository }: { readonly repository: string },
  { account }: TargetRegistry,
): RepositoryPlace => ({
  repositoryName: repository,
  ...(account && { registryId: account }),
});

/** The repository's rule for its tags. `unseen` where the role may not look: pushing does not need it. */
export async function findRepository(
  ecr: ECR,
  { registryId, repositoryName }: RepositoryPlace,
): Promise<TagMutability | 'missing' | 'unseen'> {
  try {
    const request = { ...(registryId && { registryId }), repositoryNames: [repositoryName] };
    const { repositories } = await ecr.describeRepositories(request);
    return readMutability(repositories, repositoryName);
  } catch (error) {
    if (isRefusal(error)) return 'unseen';
    if ((error as Error).name === 'RepositoryNotFoundException') return 'missing';
    throw error;
  }
}

/** @throws ActionError where the answer is none of ECR's */
function readMutability(repositories: unknown, name: string): TagMutability {
  const [first] = Array.isArray(repositories) ? (repositories as unknown[]) : [];
  const { imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters } = (first ?? {}) as Record<
    string,
    unknown
  >;
  const filters = imageTagMutabilityExclusionFilters ?? [];
  const isList = Array.isArray(filters) && filters.every((one: { filter?: unknown } | null) => isFilter(one?.filter));
  if (typeof imageTagMutability !== 'string' || !isList)
    throw unreadable('DescribeRepositories', `the rule of ${name} for tags`);
  return { imageTagMutability, imageTagMutabilityExclusionFilters: filters as { filter: string }[] };
}

/** At most 128 characters, by the API model. */
const isFilter = (filter: unknown) => typeof filter === 'string' && filter.length <= 128;

const unreadable = (call: string, what: string) =>
  new ActionError(`cannot read the answer to ecr:${call}: ${what} is not in the form that ECR uses; run again later`);

/** The prefix of a template for all repositories. Source: the API model, CreateRepositoryCreationTemplateRequest. */
const everyRepository = 'ROOT';

/** Whether ECR makes a repository by itself when an image is pushed to it. Not, where the role may not look. */
export async function isCreatedOnPush(ecr: ECR, { registryId, repositoryName }: RepositoryPlace): Promise<boolean> {
  // The templates of another account cannot be seen.
  if (registryId) return false;
  try {
    const { repositoryCreationTemplates: templates } = await ecr.describeRepositoryCreationTemplates({});
    return (Array.isArray(templates) ? templates : [])
      .filter(Boolean)
      .some(
        ({ prefix = '', appliedFor }) =>
          Array.isArray(appliedFor) &&
          appliedFor.includes('CREATE_ON_PUSH') &&
          (String(prefix) === everyRepository || repositoryName.startsWith(`${prefix}/`)),
      );
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Creates the repository with scan on push. Returns whether it did: one that already exists is as good. */
export async function createRepository(ecr: ECR, place: RepositoryPlace): Promise<boolean> {
  try {
    await ecr.createRepository({ ...place, imageScanningConfiguration: { scanOnPush: true } });
    return true;
  } catch (error) {
    if ((error as Error).name !== 'RepositoryAlreadyExistsException') throw error;
    return false;
  }
}

/** Which of the tags are there. Undefined where the role may not look. */
export async function findTags(
  ecr: ECR,
  place: RepositoryPlace,
  tags: readonly string[],
  repository: TagMutability,
): Promise<TagState[] | undefined> {
  const states: TagState[] = [];
  for (const tag of tags) {
    const immutable = isImmutable(tag, repository);
    try {
      const digest = await digestOf(ecr, place, { tag, immutable });
      states.push({ tag, immutable, ...(digest && { digest }) });
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }
  return states;
}

function archived({ repositoryName }: RepositoryPlace, tag: string, status: string): InputError {
  const restore = `aws ecr update-image-storage-class --repository-name ${repositoryName} --image-id imageTag=${tag} --target-storage-class STANDARD`;
  const problem = `"${tag}" names an image that is ${excerpt(status, 40)} in ECR, and the tags of the repository are immutable; restore it (${restore}), or use another tag`;
  return new InputError([{ where: 'tags', problem }]);
}

async function digestOf(
  ecr: ECR,
  place: RepositoryPlace,
  { tag, immutable }: Pick<TagState, 'tag' | 'immutable'>,
): Promise<string | undefined> {
  try {
    const { imageDetails } = await ecr.describeImages({ ...place, imageIds: [{ imageTag: tag }] });
    const [first] = Array.isArray(imageDetails) ? imageDetails : [];
    const { imageDigest, imageStatus = 'ACTIVE' } = first ?? {};
    if (imageDigest !== undefined && (typeof imageDigest !== 'string' || !isDigest(imageDigest))) {
      throw unreadable('DescribeImages', `the digest of the tag ${tag} (${shown(imageDigest)})`);
    }
    // Nobody can pull an archived image; pushing it restores it, which a tag that cannot move does not allow.
    if (imageStatus !== 'ACTIVE' && immutable) throw archived(place, tag, imageStatus);
    return imageStatus === 'ACTIVE' ? imageDigest : undefined;
  } catch (error) {
    if ((error as Error).name === 'ImageNotFoundException') return undefined;
    throw error;
  }
}

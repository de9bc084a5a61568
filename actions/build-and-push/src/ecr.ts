import type { ECR } from '@aws-sdk/client-ecr';
import { isRefusal } from '../../../shared/aws/errors';
import { ActionError, InputError } from '../../../shared/errors';
import type { Log } from '../../../shared/host/log';
import { isLoopback } from '../../../shared/loopback';
import type { RegistryChoice, Request } from './inputs';
import type { Credentials } from './registry/auth';
import { isImmutable, type TagMutability, type TagState } from './tags';

/** The registry that the image goes to, and who may push there. */
export interface TargetRegistry {
  readonly base: URL;
  readonly host: string;
  /** Account, for calls of ECR; undefined for the account of the credentials. */
  readonly account?: string;
  readonly credentials: Credentials;
}

/** Logs in to ECR. The password is masked from here on. */
export async function findRegistry(ecr: ECR, choice: RegistryChoice, log: Pick<Log, 'mask'>): Promise<TargetRegistry> {
  const { authorizationData } = await ecr.getAuthorizationToken(
    choice.account ? { registryIds: [choice.account] } : {},
  );
  const { authorizationToken = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {};
  const [user = '', password = ''] = Buffer.from(authorizationToken, 'base64').toString().split(/:(.*)/s);
  if (!password || !proxyEndpoint) {
    throw new ActionError('cannot log in to ECR: its answer holds no token; run again later');
  }
  log.mask(password);
  log.mask(authorizationToken);
  const base = registryAddress(proxyEndpoint, choice);
  if (base.protocol !== 'https:' && !isLoopback(base.host)) {
    throw new ActionError(`cannot log in to ${base.host}: its address is not encrypted; only https is used`);
  }
  const { account } = choice;
  return { base, host: base.host, ...(account && { account }), credentials: { user, password } };
}

/**
 * The address of the chosen registry. ECR answers that of the caller's own account where it pays no heed to the account
 * that it was asked for. Pure.
 */
export function registryAddress(endpoint: string, { account, host }: RegistryChoice): URL {
  const own = new URL(endpoint);
  const chosen = host ?? (account ? own.host.replace(/^\d{12}(?=\.dkr)/, account) : own.host);
  return chosen === own.host ? own : new URL(`${isLoopback(chosen) ? 'http' : 'https'}://${chosen}`);
}

/** Where an image is asked for. */
export interface RepositoryPlace {
  readonly registryId?: string;
  readonly repositoryName: string;
}

export const placeOf = ({ repository }: Pick<Request, 'repository'>, { account }: TargetRegistry): RepositoryPlace => ({
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
    return (repositories?.[0] ?? {}) as TagMutability;
  } catch (error) {
    if (isRefusal(error)) return 'unseen';
    if ((error as Error).name === 'RepositoryNotFoundException') return 'missing';
    throw error;
  }
}

/** The prefix of a template for all repositories. Source: the API model, CreateRepositoryCreationTemplateRequest. */
const everyRepository = 'ROOT';

/** Whether ECR makes a repository by itself when an image is pushed to it. Not, where the role may not look. */
export async function isCreatedOnPush(ecr: ECR, { registryId, repositoryName }: RepositoryPlace): Promise<boolean> {
  // The templates of another account cannot be seen.
  if (registryId) return false;
  try {
    const { repositoryCreationTemplates = [] } = await ecr.describeRepositoryCreationTemplates({});
    return repositoryCreationTemplates.some(
      ({ prefix = '', appliedFor }) =>
        appliedFor?.includes('CREATE_ON_PUSH') &&
        (prefix === everyRepository || repositoryName.startsWith(`${prefix}/`)),
    );
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Creates the repository with scan on push. The answer is whether it did: one that is there already is as good. */
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
  const problem = `"${tag}" names an image that is ${status} in ECR, and the repository does not let the tag move; restore it (${restore}), or give another tag`;
  return new InputError([{ where: 'tags', problem }]);
}

async function digestOf(
  ecr: ECR,
  place: RepositoryPlace,
  { tag, immutable }: Pick<TagState, 'tag' | 'immutable'>,
): Promise<string | undefined> {
  try {
    const { imageDetails } = await ecr.describeImages({ ...place, imageIds: [{ imageTag: tag }] });
    const { imageDigest, imageStatus = 'ACTIVE' } = imageDetails?.[0] ?? {};
    // Nobody can pull an archived image; pushing it restores it, which a tag that cannot move does not allow.
    if (imageStatus !== 'ACTIVE' && immutable) throw archived(place, tag, imageStatus);
    return imageStatus === 'ACTIVE' ? imageDigest : undefined;
  } catch (error) {
    if ((error as Error).name === 'ImageNotFoundException') return undefined;
    throw error;
  }
}

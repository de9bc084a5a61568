import type { ECR } from '@aws-sdk/client-ecr';
import { isRefusal } from '../../../shared/aws/errors';
import { ActionError, InputError } from '../../../shared/errors';
import type { Log } from '../../../shared/host/log';
import { isDigest } from '../../../shared/image/reference';
import { isLoopback } from '../../../shared/loopback';
import type { RegistryChoice, Request } from './inputs';
import type { Credentials } from './registry/auth';
import { excerpt, shown } from './registry/excerpt';
import { addressProblem, namedEndpoint } from './registry-host';
import { isImmutable, type TagMutability, type TagState } from './tags';

/** The registry that the image goes to, and who may push there. */
export interface TargetRegistry {
  readonly base: URL;
  readonly host: string;
  /** Account, for calls of ECR; undefined for the account of the credentials. */
  readonly account?: string;
  readonly credentials: Credentials;
}

/** Real passwords have some 2,000 characters, and the header that carries them has no room for more. */
const passwordForm = /^[\x20-\x7e]{1,12000}$/;
const userForm = /^[\x21-\x39\x3b-\x7e]{1,255}$/;

/**
 * Logs in to ECR. The password is masked from here on.
 *
 * @throws ActionError where the answer is none of ECR's, or names a registry that must not have the password
 */
export async function findRegistry(
  ecr: ECR,
  choice: RegistryChoice,
  env: Readonly<NodeJS.ProcessEnv>,
  log: Pick<Log, 'mask'>,
): Promise<TargetRegistry> {
  const { authorizationData } = await ecr.getAuthorizationToken(
    choice.account ? { registryIds: [choice.account] } : {},
  );
  const { authorizationToken, proxyEndpoint } = readLogin(authorizationData);
  const [user = '', password = ''] = Buffer.from(authorizationToken, 'base64').toString().split(/:(.*)/s);
  if (!userForm.test(user) || !passwordForm.test(password)) throw noToken();
  log.mask(password);
  log.mask(authorizationToken);
  const base = registryAddress(addressOf(proxyEndpoint), choice);
  const problem = addressProblem(base, namedEndpoint(env));
  if (problem) throw new ActionError(`cannot log in to ${excerpt(base.host)}: ${problem}`);
  const { account } = choice;
  return { base, host: base.host, ...(account && { account }), credentials: { user, password } };
}

const noToken = () => new ActionError('cannot log in to ECR: its answer holds no token; run again later');

/** The SDK passes on what AWS answers, whatever its types are. */
function readLogin(data: unknown): { authorizationToken: string; proxyEndpoint: string } {
  const [first] = Array.isArray(data) ? (data as unknown[]) : [];
  const { authorizationToken, proxyEndpoint } = (first ?? {}) as Record<string, unknown>;
  if (typeof authorizationToken !== 'string' || typeof proxyEndpoint !== 'string' || !proxyEndpoint) throw noToken();
  return { authorizationToken, proxyEndpoint };
}

function addressOf(proxyEndpoint: string): URL {
  try {
    // Its origin only: nothing else of it is of use.
    return new URL(new URL(proxyEndpoint).origin);
  } catch {
    const problem = `ECR names the registry ${shown(proxyEndpoint)}, which is no address`;
    throw new ActionError(`cannot log in to ECR: ${problem}; run again later`);
  }
}

/**
 * The address of the chosen registry. ECR answers that of the caller's own account where it pays no heed to the account
 * that it was asked for. Pure.
 */
export function registryAddress(own: URL, { account, host }: RegistryChoice): URL {
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
  new ActionError(`cannot read the answer to ecr:${call}: ${what} is not in the form that ECR gives; run again later`);

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
  const problem = `"${tag}" names an image that is ${excerpt(status, 40)} in ECR, and the repository does not let the tag move; restore it (${restore}), or give another tag`;
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

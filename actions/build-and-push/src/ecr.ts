import type { ECR } from '@aws-sdk/client-ecr';
import { isRefusal } from '../../../shared/aws/errors';
import { ActionError, InputError } from '../../../shared/errors';
import type { Log } from '../../../shared/host/log';
import type { RegistryChoice } from './inputs';
import { type Credentials, isLoopback } from './registry/auth';
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
  const own = new URL(proxyEndpoint);
  const base = choice.host && choice.host !== own.host ? addressOf(choice.host) : own;
  if (base.protocol !== 'https:' && !isLoopback(base.host)) {
    throw new ActionError(`cannot log in to ${base.host}: its address is not encrypted; only https is used`);
  }
  const { account } = choice;
  return { base, host: base.host, ...(account && { account }), credentials: { user, password } };
}

const addressOf = (host: string) => new URL(`${isLoopback(host) ? 'http' : 'https'}://${host}`);

/** Where an image is asked for. */
export interface RepositoryPlace {
  readonly registryId?: string;
  readonly repositoryName: string;
}

/**
 * The repository's rule for its tags. A role that may not look gets undefined: pushing does not need it.
 *
 * @throws InputError when there is no such repository.
 */
export async function findRepository(
  ecr: ECR,
  { registryId, repositoryName }: RepositoryPlace,
  where: { region: string; host: string },
): Promise<TagMutability | undefined> {
  try {
    const request = { ...(registryId && { registryId }), repositoryNames: [repositoryName] };
    const { repositories } = await ecr.describeRepositories(request);
    return (repositories?.[0] ?? {}) as TagMutability;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    if ((error as Error).name !== 'RepositoryNotFoundException') throw error;
    const create = `aws ecr create-repository --region ${where.region} --repository-name ${repositoryName}`;
    const problem = `"${repositoryName}" is not in the registry ${where.host}; correct the name, or create it: ${create}`;
    throw new InputError([{ where: 'repository', problem }]);
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
      const digest = await digestOf(ecr, place, tag);
      states.push({ tag, immutable, ...(digest && { digest }) });
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }
  return states;
}

async function digestOf(ecr: ECR, place: RepositoryPlace, tag: string): Promise<string | undefined> {
  try {
    const { imageDetails } = await ecr.describeImages({ ...place, imageIds: [{ imageTag: tag }] });
    return imageDetails?.[0]?.imageDigest;
  } catch (error) {
    if ((error as Error).name === 'ImageNotFoundException') return undefined;
    throw error;
  }
}

import type * as Ecr from '@aws-sdk/client-ecr';
import { AwsRefusal } from '../service';
import { page } from './page';
import type { EcrState, Repository } from './state';

const nameForm = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

export function createRepository(state: EcrState, input: Ecr.CreateRepositoryRequest): Ecr.CreateRepositoryResponse {
  const { repositoryName = '', imageTagMutability, imageTagMutabilityExclusionFilters } = input;
  if (!nameForm.test(repositoryName) || repositoryName.length < 2 || repositoryName.length > 256)
    refuseName(repositoryName);
  const { scanOnPush = false } = input.imageScanningConfiguration ?? {};
  const repository = state.createRepository(repositoryName, {
    mutability: imageTagMutability ?? 'MUTABLE',
    exclusions: imageTagMutabilityExclusionFilters ?? [],
    scanOnPush,
    encryption: input.encryptionConfiguration?.encryptionType ?? 'AES256',
  });
  return { repository: describe(state, repository) };
}

function refuseName(name: string): never {
  const words = `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${nameForm.source}''`;
  throw new AwsRefusal('InvalidParameterException', `${words}, got '${name}'`);
}

export function describeRepositories(
  state: EcrState,
  { registryId, repositoryNames, maxResults, nextToken }: Ecr.DescribeRepositoriesRequest,
): Ecr.DescribeRepositoriesResponse {
  if (repositoryNames) {
    return { repositories: repositoryNames.map((name) => describe(state, state.repository(name, registryId))) };
  }
  const foreign = registryId !== undefined && registryId !== state.options.account;
  const all = foreign ? [] : [...state.repositories.values()].sort((a, b) => a.name.localeCompare(b.name));
  const { items, token } = page(all, maxResults, nextToken);
  return { repositories: items.map((repository) => describe(state, repository)), ...token };
}

export function putImageTagMutability(
  state: EcrState,
  input: Ecr.PutImageTagMutabilityRequest,
): Ecr.PutImageTagMutabilityResponse {
  const repository = state.repository(input.repositoryName ?? '', input.registryId);
  repository.mutability = input.imageTagMutability ?? 'MUTABLE';
  repository.exclusions = input.imageTagMutabilityExclusionFilters ?? [];
  return {
    registryId: state.options.account,
    repositoryName: repository.name,
    imageTagMutability: repository.mutability,
    imageTagMutabilityExclusionFilters: [...repository.exclusions],
  };
}

function describe(state: EcrState, repository: Repository): Ecr.Repository {
  return {
    repositoryArn: repository.arn,
    registryId: state.options.account,
    repositoryName: repository.name,
    repositoryUri: state.uriOf(repository),
    createdAt: new Date(repository.createdAt),
    imageTagMutability: repository.mutability,
    ...(repository.exclusions.length > 0 ? { imageTagMutabilityExclusionFilters: [...repository.exclusions] } : {}),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: { encryptionType: repository.encryption },
  };
}

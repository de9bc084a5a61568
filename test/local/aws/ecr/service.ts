import * as schemas from '@aws-sdk/client-ecr';
import type { Service } from '../service';
import { batchCheckLayerAvailability, batchGetImage, describeImages, listImages } from './images';
import { createRepository, describeRepositories, putImageTagMutability } from './repositories';
import { describeImageScanFindings, startImageScan } from './scans';
import type { EcrState } from './state';

type Operation<I, O> = (state: EcrState, input: I) => O;

/** ECR's control plane. */
export function createEcr(state: EcrState): Service {
  const on =
    <I, O>(operation: Operation<I, O>) =>
    (input: I) =>
      operation(state, input);
  return {
    name: 'ecr',
    protocol: { json: { target: 'AmazonEC2ContainerRegistry_V20150921' } },
    schemas,
    operations: {
      GetAuthorizationToken: on(getAuthorizationToken),
      CreateRepository: on(createRepository),
      DescribeRepositories: on(describeRepositories),
      PutImageTagMutability: on(putImageTagMutability),
      DescribeImages: on(describeImages),
      ListImages: on(listImages),
      BatchGetImage: on(batchGetImage),
      BatchCheckLayerAvailability: on(batchCheckLayerAvailability),
      DescribeImageScanFindings: on(describeImageScanFindings),
      StartImageScan: on(startImageScan),
      DescribePullThroughCacheRules: on(describePullThroughCacheRules),
      DescribeRepositoryCreationTemplates: on(describeRepositoryCreationTemplates),
    },
  };
}

const describePullThroughCacheRules = (
  { cachePrefixes, options }: EcrState,
  _: schemas.DescribePullThroughCacheRulesRequest,
): schemas.DescribePullThroughCacheRulesResponse => ({
  pullThroughCacheRules: cachePrefixes.map((ecrRepositoryPrefix) => ({
    ecrRepositoryPrefix,
    upstreamRegistryUrl: 'public.ecr.aws',
    registryId: options.account,
  })),
});

const describeRepositoryCreationTemplates = (
  { pushPrefixes, options }: EcrState,
  _: schemas.DescribeRepositoryCreationTemplatesRequest,
): schemas.DescribeRepositoryCreationTemplatesResponse => ({
  registryId: options.account,
  repositoryCreationTemplates: pushPrefixes.map((prefix) => ({ prefix, appliedFor: ['CREATE_ON_PUSH'] })),
});

function getAuthorizationToken(
  state: EcrState,
  { registryIds = [state.options.account] }: schemas.GetAuthorizationTokenRequest,
): schemas.GetAuthorizationTokenResponse {
  return {
    authorizationData: registryIds.map((id) => {
      const { password, expiresAt } = state.tokens.issue();
      const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
      return { authorizationToken, expiresAt, proxyEndpoint: endpointOf(state, id) };
    }),
  };
}

function endpointOf({ options, registryHost, awsHost }: EcrState, id: string): string {
  const own = id === options.account;
  return own && registryHost ? `http://${registryHost}` : `https://${awsHost.replace(options.account, id)}`;
}

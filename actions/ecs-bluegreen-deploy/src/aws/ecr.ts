import type { ImageDetail, ImageIdentifier } from '@aws-sdk/client-ecr';
import { parseEcrHost } from '../../../../shared/aws/arn';
import type { Aws } from '../../../../shared/aws/clients';
import { parseImageReference } from '../../../../shared/image/reference';
import { foundIn, type PushedImage, type ReadResult, unknownTime } from '../plan/current-state';
import { readIfAllowed, readPages } from './reads';

/** An image of Amazon ECR in its parts. */
export interface EcrImage {
  readonly image: string;
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly id: ImageIdentifier;
}

/** Reads the name of an image; undefined where it is not of a private registry of ECR. */
export function ecrImage(image: string): EcrImage | undefined {
  const reference = parseImageReference(image);
  if ('problem' in reference || reference.host === undefined) return undefined;
  const { host, repository, tag = 'latest', digest } = reference;
  const place = parseEcrHost(host);
  return place && { image, ...place, repository, id: digest ? { imageDigest: digest } : { imageTag: tag } };
}

/** Whether an image exists: what it is, that it does not, or that this is not known. */
export async function readImage(
  aws: Aws,
  { image, account, repository, id }: EcrImage,
): Promise<ReadResult<PushedImage>> {
  const result = await readIfAllowed(
    async () => {
      const ecr = await aws.ecr();
      const answer = await ecr.describeImages({ registryId: account, repositoryName: repository, imageIds: [id] });
      return answer.imageDetails?.[0] ?? {};
    },
    {
      ImageNotFoundException: `image ${image} is not in the repository; build and push it first`,
      RepositoryNotFoundException: `image ${image}: the registry of account ${account} has no repository ${repository}`,
    },
  );
  if ('found' in result) return pullable(result.found, image);
  if (!('missing' in result)) return result;
  const prefixes = foundIn(await readIfAllowed(() => cachePrefixes(aws, account))) ?? [];
  const prefix = prefixes.find((one) => one === everyRepository || repository.startsWith(`${one}/`));
  return prefix === undefined ? result : { unknown: `the pull through cache rule ${prefix} fetches what is missing` };
}

/** ECR describes an image that was archived, and does not give it to those who pull it. Source: the API model, ImageStatus. */
function pullable(
  { imageDigest, imagePushedAt, imageStatus = 'ACTIVE' }: ImageDetail,
  image: string,
): ReadResult<PushedImage> {
  if (imageStatus !== 'ACTIVE') {
    const next = 'restore it, or build and push it again';
    return { missing: `image ${image} is ${imageStatus} in ECR and cannot be pulled; ${next}` };
  }
  if (imageDigest === undefined) return { unknown: 'ECR does not report its digest' };
  return { found: { digest: imageDigest, pushedAt: imagePushedAt?.getTime() ?? unknownTime } };
}

/** The prefix of a rule for all repositories. Source: the API model, CreatePullThroughCacheRuleRequest. */
const everyRepository = 'ROOT';

/** The prefixes of the repositories that ECR makes by itself when an image of them is pulled first. */
async function cachePrefixes(aws: Aws, registryId: string): Promise<string[]> {
  const ecr = await aws.ecr();
  const rules = await readPages(Number.POSITIVE_INFINITY, async (nextToken) => {
    const { pullThroughCacheRules: items, ...page } = await ecr.describePullThroughCacheRules({
      registryId,
      nextToken,
    });
    return { items, nextToken: page.nextToken };
  });
  return rules.flatMap(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix ?? []);
}

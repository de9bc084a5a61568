import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Aws } from '../../../../shared/aws/clients';
import { type Look, lookUpIfAllowed } from './look';

/** An image of Amazon ECR in its parts. */
export interface EcrImage {
  readonly image: string;
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly id: ImageIdentifier;
}

const form =
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^@:]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Reads the name of an image; undefined where it is not of a private registry of ECR. */
export function ecrImage(image: string): EcrImage | undefined {
  const [, account, region, repository, tag, digest] = form.exec(image) ?? [];
  if (!account || !region || !repository) return undefined;
  const id = digest ? { imageDigest: digest } : { imageTag: tag ?? 'latest' };
  return { image, account, region, repository, id };
}

/** Whether an image is there: its digest, that it is not, or that it cannot be told. */
export function readImage(aws: Aws, { image, account, repository, id }: EcrImage): Promise<Look<string>> {
  return lookUpIfAllowed(
    async () => {
      const ecr = await aws.ecr();
      const answer = await ecr.describeImages({ registryId: account, repositoryName: repository, imageIds: [id] });
      return answer.imageDetails?.[0]?.imageDigest ?? '';
    },
    {
      ImageNotFoundException: `image ${image} is not in the repository; build and push it first`,
      RepositoryNotFoundException: `image ${image}: the registry of account ${account} has no repository ${repository}`,
    },
  );
}

import type { DescribeImagesCommandOutput, ECR } from '@aws-sdk/client-ecr';
import { isDigest } from '../../../../shared/image/reference';
import type { RepositoryPlace } from './repository';

/** ECR tells of images in no order, 1,000 at a time. More than these are not looked through: a build must not wait for it. */
const mostPages = 10;

/** The digests of the images of a repository that were pushed last, newest first, untagged ones and indexes left out. */
export async function newestImages(ecr: ECR, place: RepositoryPlace, count: number): Promise<string[]> {
  const found: { digest: string; pushed: number }[] = [];
  let nextToken: string | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const request = { ...place, filter: { tagStatus: 'TAGGED' as const }, maxResults: 1_000 };
    const answer = await ecr.describeImages({ ...request, ...(nextToken && { nextToken }) });
    found.push(...imagesIn(answer));
    nextToken = answer.nextToken;
    if (!nextToken) break;
  }
  found.sort((a, b) => b.pushed - a.pushed);
  return found.slice(0, count).map(({ digest }) => digest);
}

const indexType = /index|manifest\.list/;

function imagesIn({ imageDetails }: DescribeImagesCommandOutput) {
  const details = Array.isArray(imageDetails) ? imageDetails.filter(Boolean) : [];
  return details.flatMap(({ imageDigest: digest, imagePushedAt, imageManifestMediaType: type = '', imageStatus }) => {
    const pushed = Number(imagePushedAt);
    const isReadable = (imageStatus ?? 'ACTIVE') === 'ACTIVE' && !indexType.test(String(type));
    return typeof digest === 'string' && isDigest(digest) && isReadable && pushed > 0 ? [{ digest, pushed }] : [];
  });
}

import type { DescribeImagesCommandOutput, ECR } from '@aws-sdk/client-ecr';
import { isDigest } from '../../../../shared/image/reference';
import type { RepositoryPlace } from './repository';

/** ECR lists images in no order. Only this many pages of them are read: a build must not wait for it. */
const mostPages = 10;
const pageSize = 1_000;

/** The digests of the images of a repository that were pushed last, newest first, untagged ones and indexes left out. */
export async function newestImages(ecr: ECR, place: RepositoryPlace, count: number): Promise<string[]> {
  const found: { digest: string; pushed: number }[] = [];
  const query = { ...place, filter: { tagStatus: 'TAGGED' as const } };
  let pages = 0;
  for await (const page of ecr.paginateDescribeImages(query, { pageSize, stopOnSameToken: true })) {
    found.push(...imagesIn(page));
    pages += 1;
    if (pages === mostPages) break;
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

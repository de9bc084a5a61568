import type * as Ecr from '@aws-sdk/client-ecr';
import { AwsRefusal } from '../service';
import { page } from './page';
import { scanOf } from './scans';
import { type EcrState, type Image, type Repository, resolveImage } from './state';

export function describeImages(state: EcrState, input: Ecr.DescribeImagesRequest): Ecr.DescribeImagesResponse {
  const repository = state.repository(input.repositoryName ?? '', input.registryId);
  if (input.imageIds) {
    return { imageDetails: input.imageIds.map((id) => detail(state, repository, findImage(state, repository, id))) };
  }
  const { tagStatus = 'ANY' } = input.filter ?? {};
  const all = [...repository.images.values()].filter((image) => hasStatus(tagsOf(repository, image), tagStatus));
  const { items, token } = page(all, input.maxResults, input.nextToken);
  return { imageDetails: items.map((image) => detail(state, repository, image)), ...token };
}

const hasStatus = (tags: readonly string[], status: Ecr.TagStatus): boolean =>
  status === 'ANY' || (status === 'TAGGED') === tags.length > 0;

export function listImages(state: EcrState, input: Ecr.ListImagesRequest): Ecr.ListImagesResponse {
  const repository = state.repository(input.repositoryName ?? '', input.registryId);
  const { tagStatus = 'ANY' } = input.filter ?? {};
  const ids = [...repository.images.values()].flatMap((image): Ecr.ImageIdentifier[] => {
    const tags = tagsOf(repository, image);
    if (!hasStatus(tags, tagStatus)) return [];
    if (tags.length === 0) return [{ imageDigest: image.digest }];
    return tags.map((imageTag) => ({ imageDigest: image.digest, imageTag }));
  });
  const { items, token } = page(ids, input.maxResults, input.nextToken);
  return { imageIds: [...items], ...token };
}

export function batchGetImage(state: EcrState, input: Ecr.BatchGetImageRequest): Ecr.BatchGetImageResponse {
  const repository = state.repository(input.repositoryName ?? '', input.registryId);
  const images: Ecr.Image[] = [];
  const failures: Ecr.ImageFailure[] = [];
  for (const imageId of input.imageIds ?? []) {
    const image = imageOf(repository, imageId);
    if (!image) failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
    else images.push(toImage(state, repository, imageId, image));
  }
  return { images, failures };
}

const toImage = (
  state: EcrState,
  repository: Repository,
  { imageTag }: Ecr.ImageIdentifier,
  image: Image,
): Ecr.Image => ({
  registryId: state.options.account,
  repositoryName: repository.name,
  imageId: { imageDigest: image.digest, ...(imageTag ? { imageTag } : {}) },
  imageManifest: image.manifest.toString('utf8'),
  imageManifestMediaType: image.mediaType,
});

export function batchCheckLayerAvailability(
  state: EcrState,
  input: Ecr.BatchCheckLayerAvailabilityRequest,
): Ecr.BatchCheckLayerAvailabilityResponse {
  const repository = state.repository(input.repositoryName ?? '', input.registryId);
  const layers = (input.layerDigests ?? []).map((layerDigest): Ecr.Layer => {
    const layerSize = repository.blobs.has(layerDigest) ? state.blobs.size(layerDigest) : undefined;
    if (layerSize === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' };
    return { layerDigest, layerSize, layerAvailability: 'AVAILABLE' };
  });
  return { layers, failures: [] };
}

/** The image of an identifier. @throws AwsRefusal ImageNotFoundException, InvalidParameterException */
export function findImage(state: EcrState, repository: Repository, id: Ecr.ImageIdentifier): Image {
  if (!id.imageDigest && !id.imageTag) {
    const words = "Invalid parameter at 'imageId' failed to satisfy constraint: 'must have a digest or a tag'";
    throw new AwsRefusal('InvalidParameterException', words);
  }
  const image = imageOf(repository, id);
  if (image) return image;
  const written = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
  const where = `within the repository with name '${repository.name}' in the registry with id '${state.options.account}'`;
  throw new AwsRefusal('ImageNotFoundException', `The image with imageId ${written} does not exist ${where}`);
}

function imageOf(repository: Repository, { imageDigest, imageTag }: Ecr.ImageIdentifier): Image | undefined {
  const image = resolveImage(repository, imageDigest ?? imageTag ?? '');
  const tagged = imageTag === undefined || repository.tags.get(imageTag) === image?.digest;
  return tagged ? image : undefined;
}

const tagsOf = ({ tags }: Repository, { digest }: Image): string[] =>
  [...tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);

function detail(state: EcrState, repository: Repository, image: Image): Ecr.ImageDetail {
  const imageTags = tagsOf(repository, image);
  const scan = scanOf(state, repository, image);
  return {
    registryId: state.options.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(imageTags.length > 0 ? { imageTags } : {}),
    imageSizeInBytes: image.size,
    imagePushedAt: new Date(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    imageStatus: image.archived ? 'ARCHIVED' : 'ACTIVE',
    ...(image.artifactMediaType ? { artifactMediaType: image.artifactMediaType } : {}),
    ...(scan ? { imageScanStatus: { status: scan.status, description: scan.description } } : {}),
  };
}

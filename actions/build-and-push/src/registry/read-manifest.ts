import { shown } from '../../../../shared/excerpt';
import { ImageFault } from './faults';
import { checkWord, digestAt, listOf, mediaTypeAt, objectOf, parseObject, sizeAt } from './fields';
import { type Descriptor, type ImageIndex, type ImageManifest, type Platform, types } from './oci';

/** Reads manifests and indexes. What comes out of here may be used for addresses, names of files and messages. */

/** A manifest or index as it was stored. */
interface Stored {
  readonly mediaType: string;
  readonly body: Buffer;
}

/** ECR takes 4,200 layers, and no runtime runs as many (ECR's quotas). */
const mostLayers = 5_000;
/** The largest indexes that are known have some dozens, attestations included. */
const mostImages = 1_000;

/** Types that say nothing of what an answer is; some registries give them. */
const vague = new Set(['application/json', 'text/plain', 'application/octet-stream']);

/**
 * The type of a manifest or index.
 *
 * @param contentType of the answer, for those that do not say themselves what they are
 * @throws ImageFault where it is neither
 */
export function readMediaType(body: Buffer, contentType: string | undefined): string {
  const fields = parseObject(body, 'its manifest');
  if (fields['schemaVersion'] === 1 || 'fsLayers' in fields) {
    throw new ImageFault('its manifest is of the obsolete schema 1, which no registry produces any more');
  }
  if (fields['schemaVersion'] !== 2) {
    throw new ImageFault(`its manifest must have the schemaVersion 2, got ${shown(fields['schemaVersion'])}`);
  }
  const ofAnswer = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const guessed = 'manifests' in fields ? types.index : types.manifest;
  const named = fields['mediaType'] || (vague.has(ofAnswer) ? guessed : ofAnswer || guessed);
  return mediaTypeAt(named, 'the mediaType of its manifest');
}

export const isIndex = (mediaType: string): boolean => mediaType === types.index || mediaType === types.dockerList;
const isImage = (mediaType: string): boolean => mediaType === types.manifest || mediaType === types.dockerManifest;

/** @throws ImageFault */
export function readManifest({ mediaType, body }: Stored): ImageManifest {
  if (!isImage(mediaType)) throw new ImageFault(`it is of the type ${shown(mediaType)}, which is not an image`);
  const fields = parseObject(body, 'its manifest');
  const layers = listOf(fields['layers'], 'the list of its layers', mostLayers);
  return {
    schemaVersion: 2,
    mediaType,
    config: descriptorAt(fields['config'], 'config'),
    layers: layers.map((layer, at) => descriptorAt(layer, `layers[${at}]`)),
  };
}

/** @throws ImageFault */
export function readIndex({ body }: Pick<Stored, 'body'>): ImageIndex {
  const images = listOf(parseObject(body, 'its index')['manifests'], 'the list of its manifests', mostImages);
  return {
    schemaVersion: 2,
    manifests: images.map((image, at) => {
      const where = `manifests[${at}]`;
      const platform = platformAt(objectOf(image, where)['platform'], `${where}.platform`);
      return { ...descriptorAt(image, where), ...(platform && { platform }) };
    }),
  };
}

function descriptorAt(value: unknown, where: string): Descriptor {
  const { mediaType, digest, size } = objectOf(value, where);
  return {
    // Old builders leave out the type of the configuration.
    mediaType:
      where === 'config' && mediaType === undefined ? types.config : mediaTypeAt(mediaType, `${where}.mediaType`),
    digest: digestAt(digest, `${where}.digest`),
    size: sizeAt(size, `${where}.size`),
  };
}

function platformAt(value: unknown, where: string): Platform | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = objectOf(value, where);
  for (const name of ['os', 'architecture', 'variant']) checkWord(fields[name], `${where}.${name}`);
  return fields as unknown as Platform;
}

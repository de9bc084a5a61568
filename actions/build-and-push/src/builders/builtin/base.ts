import { excerpt } from '../../../../../shared/excerpt';
import { type ImageReference, parseImageReference } from '../../../../../shared/image/reference';
import type { RegistryClient } from '../../registry/client';
import { ImageFault } from '../../registry/faults';
import {
  type Descriptor,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  isForeignLayer,
  ociLayerType,
  type Platform,
} from '../../registry/oci';
import { readConfig } from '../../registry/read-config';
import { isIndex, readIndex, readManifest } from '../../registry/read-manifest';
import type { AccessTo } from './base-access';
import { readingBase } from './base-error';
import { type ImageLayer, remoteLayer } from './base-layer';
import { mayRunOn, normalPlatform, platformText } from './dockerfile/platform';
import { BuildProblem } from './dockerfile/problem';
import type { TarSource } from './tree/tree';

export interface BaseImage {
  readonly config: ImageConfig;
  readonly layers: readonly ImageLayer[];
}

/** How registries are reached, and where their layers are stored. */
export interface Sources {
  readonly access: AccessTo;
  readonly folder: string;
}

const dockerHub = 'registry-1.docker.io';

/** Docker's defaults: no host is Docker Hub, whose official images are in `library`. */
export function locate(
  text: string,
): Required<Pick<ImageReference, 'host'>> & { repository: string; reference: string } {
  const parsed = parseImageReference(text);
  if ('problem' in parsed) throw new BuildProblem(`the image ${parsed.problem}`);
  const { host = 'docker.io', repository, tag = 'latest', digest } = parsed;
  const isHub = host === 'docker.io' || host === 'index.docker.io';
  const full = isHub && !repository.includes('/') ? `library/${repository}` : repository;
  return { host: isHub ? dockerHub : host, repository: full, reference: digest ?? tag };
}

/**
 * Reads manifest and configuration of a base image for a platform; its layers stay where they are.
 *
 * @throws BuildProblem
 */
export async function loadBase(text: string, platform: Platform, sources: Sources): Promise<BaseImage> {
  const { host, repository, reference } = locate(text);
  const place = { image: text, host, foreign: !sources.access.isTarget(host) };
  const { manifest, config, client } = await readingBase({ ...place, part: 'manifest' }, () =>
    sources.access.reading(host, repository, async (reader) => {
      const found = await findManifest({ client: reader, repository, reference, text }, platform);
      const config = readConfig(await reader.smallBlob(repository, found.config), found.layers.length);
      return { manifest: found, config, client: reader };
    }),
  );
  // The same layer may be there many times, as empty ones are; it is read once.
  const distinct = new Map<string, ImageLayer>();
  const layers = manifest.layers.map((layer, at) => {
    const descriptor = { ...layer, mediaType: layerType(layer, text) };
    const diffId = config.rootfs.diff_ids[at]!;
    const key = `${descriptor.digest} ${diffId}`;
    const known = distinct.get(key);
    if (known) return known;
    const made = remoteLayer({ descriptor, diffId }, { ...place, client, repository, folder: sources.folder });
    distinct.set(key, made);
    return made;
  });
  return { config, layers };
}

/** @throws BuildProblem where a layer is of a type that cannot be passed on */
function layerType({ mediaType }: Descriptor, text: string): string {
  const known = ociLayerType(mediaType);
  if (known) return known;
  const type = excerpt(mediaType, 120);
  if (!isForeignLayer(mediaType)) {
    throw new BuildProblem(
      `${text} has a layer of the type ${type}, which is none of a container image; name another image`,
    );
  }
  const reason = `${text} has a layer that may not be distributed by others (${type}), as Windows images have`;
  throw new BuildProblem(`${reason}; use a base image without such layers`);
}

/** Where an image is, and how the Dockerfile names it. */
interface ImagePlace {
  readonly client: RegistryClient;
  readonly repository: string;
  readonly reference: string;
  readonly text: string;
}

/** An index may contain an index; nesting deeper than this has no use. */
const deepestIndex = 3;

async function findManifest(
  { client, repository, reference, text }: ImagePlace,
  platform: Platform,
): Promise<ImageManifest> {
  let found = await client.manifest(repository, reference);
  for (let depth = 1; found && isIndex(found.mediaType); depth++) {
    if (depth > deepestIndex) throw new ImageFault(`its index leads to more than ${deepestIndex} nested indexes`);
    const { digest, size } = choosePlatform(readIndex(found).manifests, platform, text);
    found = await client.manifest(repository, digest, size);
  }
  if (!found) throw new BuildProblem(`${text} is not in the registry ${client.base.host}; correct its name or tag`);
  return readManifest(found);
}

/** The image of an index for a platform. @throws BuildProblem that lists what there is. */
export function choosePlatform(manifests: ImageIndex['manifests'], wanted: Platform, text: string): Descriptor {
  const matches = manifests.filter(({ platform }) => platform?.os && mayRunOn(platform, wanted));
  const exact = matches.find(({ platform }) => normalPlatform(platform!).variant === normalPlatform(wanted).variant);
  const chosen = exact ?? (wanted.variant === undefined ? matches[0] : undefined);
  if (chosen) return chosen;
  // Attestations are in an index too, under a platform that does not exist.
  const there = manifests.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown' ? platformText(platform) : [],
  );
  const only = there.length > 0 ? `, only for ${excerpt([...new Set(there)].join(', '), 300)}` : '';
  throw new BuildProblem(
    `${text} is not available for ${platformText(wanted)}${only}; name another image, or set platforms`,
  );
}

/** A layer as an archive. */
export function layerArchive({ source }: ImageLayer): TarSource {
  if (!('download' in source)) throw new Error('the files of a layer on disk are known already');
  return { read: (consume) => source.unpack(consume) };
}

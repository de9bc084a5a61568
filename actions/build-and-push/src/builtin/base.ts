import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ImageReference, parseImageReference } from '../../../../shared/image/reference';
import type { RegistryClient } from '../registry/client';
import {
  type Descriptor,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  ociLayerType,
  type Platform,
  types,
} from '../registry/oci';
import { localArchive } from './archive';
import { readingBase } from './base-error';
import { able } from './check';
import { once } from './once';
import { mayRunOn, normalPlatform, platformText } from './platform';
import { BuildProblem } from './problem';

import { consumeTar } from './tar';
import type { TarSource } from './tree';

/** A layer of an image that is being assembled: on disk, or in a registry. */
export interface ImageLayer {
  readonly descriptor: Descriptor;
  readonly diffId: string;
  readonly source: { readonly file: string } | RemoteSource;
}

interface RemoteSource {
  readonly client: RegistryClient;
  readonly repository: string;
  /** As the Dockerfile names it. */
  readonly image: string;
  /** Explains what goes wrong with a job that reads the layer. */
  readonly reading: <T>(job: () => Promise<T>) => Promise<T>;
  /** Stores the layer on disk, once; the answer is its file. */
  readonly download: () => Promise<string>;
  /** Whether it will have to be sent on, so that it is stored when it is first read. */
  readonly foreign: boolean;
}

export interface BaseImage {
  readonly config: ImageConfig;
  readonly layers: readonly ImageLayer[];
}

/** How registries are reached, and where their layers are stored. */
export interface Sources {
  /** The client of a registry: that of the target with its credentials, others anonymously. */
  readonly clientFor: (host: string) => { readonly client: RegistryClient; readonly foreign: boolean };
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
  const { client, foreign } = sources.clientFor(host);
  const place = { image: text, host, foreign };
  const { manifest, config } = await readingBase({ ...place, part: 'manifest' }, async () => {
    const found = await readManifest(client, repository, reference, platform, text);
    const bytes = await client.smallBlob(repository, found.config);
    return { manifest: found, config: JSON.parse(bytes.toString()) as ImageConfig };
  });
  const layers = manifest.layers.map((layer, at): ImageLayer => {
    const mediaType = ociLayerType(layer.mediaType);
    const diffId = config.rootfs.diff_ids[at];
    if (!mediaType || !diffId) throw new BuildProblem(`${text} has a layer of the unknown type ${layer.mediaType}`);
    const descriptor = { mediaType, digest: layer.digest, size: layer.size };
    const reading: RemoteSource['reading'] = (job) => readingBase({ ...place, part: 'layer' }, job);
    const download = once(() => reading(() => store(client, repository, descriptor, sources.folder)));
    return { descriptor, diffId, source: { client, repository, image: text, download, reading, foreign } };
  });
  return { config, layers };
}

async function readManifest(
  client: RegistryClient,
  repository: string,
  reference: string,
  platform: Platform,
  text: string,
): Promise<ImageManifest> {
  const found = await client.manifest(repository, reference);
  if (!found) throw new BuildProblem(`${text} is not in the registry ${client.base.host}`);
  if (found.mediaType === types.index || found.mediaType === types.dockerList) {
    const { manifests } = JSON.parse(found.body.toString()) as ImageIndex;
    return readManifest(client, repository, choosePlatform(manifests, platform, text).digest, platform, text);
  }
  if (found.mediaType !== types.manifest && found.mediaType !== types.dockerManifest) {
    throw new BuildProblem(`${text} is of the type ${found.mediaType || 'unknown'}, which is no image`);
  }
  return JSON.parse(found.body.toString()) as ImageManifest;
}

/** The image of an index for a platform. @throws BuildProblem that lists what there is. */
export function choosePlatform(manifests: ImageIndex['manifests'], wanted: Platform, text: string): Descriptor {
  const matches = manifests.filter(({ platform }) => platform?.os && mayRunOn(platform, wanted));
  const exact = matches.find(({ platform }) => normalPlatform(platform!).variant === normalPlatform(wanted).variant);
  const chosen = exact ?? (wanted.variant === undefined ? matches[0] : undefined);
  if (chosen) return chosen;
  // Attestations stand in an index too, under a platform that is none.
  const there = manifests.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown' ? platformText(platform) : [],
  );
  throw new BuildProblem(`${text} is not there for ${platformText(wanted)}, only for ${there.join(', ')}`);
}

/** A layer as an archive. @throws BuildProblem where it is compressed in a way that Node 16 does not know. */
export function layerArchive(layer: ImageLayer): TarSource {
  const { descriptor, source } = layer;
  if ('file' in source) throw new Error('the files of a layer on disk are known already');
  if (descriptor.mediaType === types.zstdLayer) {
    throw new BuildProblem(`${source.image} has layers in zstd, which the builtin builder does not know`, able);
  }
  const isGzip = descriptor.mediaType === types.gzipLayer;
  return {
    async read(consume) {
      if (source.foreign) return localArchive(await source.download(), isGzip).read(consume);
      const read = (content: Readable) => consumeTar(content, isGzip, consume);
      return source.reading(() => source.client.readBlob(source.repository, descriptor, read));
    },
  };
}

async function store(client: RegistryClient, repository: string, blob: Descriptor, folder: string): Promise<string> {
  const file = join(folder, `base-${blob.digest.replace(':', '-')}`);
  await client.readBlob(repository, blob, (content) => pipeline(content, createWriteStream(file)));
  return file;
}

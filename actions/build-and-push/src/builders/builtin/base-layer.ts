import { createWriteStream, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RegistryClient } from '../../registry/client';
import type { Descriptor } from '../../registry/oci';
import { type BasePlace, readingBase } from './base-error';
import { inParallel, once } from './promises';
import { drain, type PackedLayer, unpack } from './unpack-layer';

/** A layer of an image that is being assembled: on disk, or in a registry. */
export interface ImageLayer {
  readonly descriptor: Descriptor;
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  readonly source: { readonly file: string } | { readonly present: true } | RemoteSource;
}

export interface RemoteSource {
  readonly client: RegistryClient;
  readonly repository: string;
  /** As the Dockerfile names it. */
  readonly image: string;
  /** Stores the layer on disk, once; the answer is its file. */
  readonly download: () => Promise<string>;
  /** Hands the archive in the layer to `consume`, from the registry. */
  readonly unpack: <T>(consume: (tar: Readable) => Promise<T>) => Promise<T>;
  /** Explains what goes wrong with a job that reads the layer. */
  readonly reading: <T>(job: () => Promise<T>) => Promise<T>;
  /** Whether the layer was seen to be what the image's configuration says. */
  readonly isVerified: () => boolean;
  /** Whether it will have to be sent on, so that it is stored when it is first read. */
  readonly foreign: boolean;
}

/** Where the layers of a base image are, and where they are stored. */
export interface LayerPlace extends Omit<BasePlace, 'part'> {
  readonly client: RegistryClient;
  readonly repository: string;
  readonly folder: string;
}

/** A layer that is still in its registry. Each way of reading it checks size, digest and what it unpacks to. */
export function remoteLayer(layer: PackedLayer, place: LayerPlace): ImageLayer {
  const { client, repository, image, folder, foreign } = place;
  let isVerified = false;
  const reading: RemoteSource['reading'] = (job) => readingBase({ ...place, part: 'layer' }, job);
  const read = async <T>(consume: (content: Readable) => Promise<T>): Promise<T> => {
    const result = await reading(() => client.readBlob(repository, layer.descriptor, consume));
    isVerified = true;
    return result;
  };
  const source: RemoteSource = {
    client,
    repository,
    image,
    foreign,
    reading,
    isVerified: () => isVerified,
    unpack: (consume) => read((content) => unpack(content, layer, consume)),
    download: once(() => read((content) => store(content, layer, folder))),
  };
  return { ...layer, source };
}

/** The file has a name of its own; nothing that a registry said is in it. */
async function store(content: Readable, layer: PackedLayer, folder: string): Promise<string> {
  const file = join(mkdtempSync(join(folder, 'base-')), 'layer');
  const [kept, checked] = [new PassThrough(), new PassThrough()];
  content.on('error', (error) => {
    for (const branch of [kept, checked]) branch.destroy(error);
  });
  content.pipe(kept);
  content.pipe(checked);
  const writing = pipeline(kept, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  try {
    await Promise.all([writing, unpack(checked, layer, drain)]);
    return file;
  } finally {
    for (const branch of [kept, checked]) branch.destroy();
  }
}

/**
 * Reads the layers that nothing has read so far, so that none is pushed, mounted or left in its place that is not what the
 * image's configuration says.
 */
export async function verifyLayers(layers: readonly ImageLayer[]): Promise<void> {
  // The same content may stand under two promises, one of them wrong.
  const distinct = new Map(layers.map((layer) => [`${layer.descriptor.digest} ${layer.diffId}`, layer]));
  await inParallel([...distinct.values()], async ({ source }) => {
    if ('download' in source && !source.isVerified()) await source.download();
  });
}

import { createReadStream, createWriteStream, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RegistryClient } from '../../registry/client';
import { type Descriptor, types } from '../../registry/oci';
import { localArchive } from './archive';
import { type BasePlace, readingBase } from './base-error';
import { inParallel } from './promises';
import { drain, type PackedLayer, unpack } from './unpack-layer';

/** A layer of an image that is being assembled: on disk, or in a registry. */
export interface ImageLayer {
  /** Its type is known for certain once the layer was read. */
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
  /** Hands the archive in the layer to `consume`: from the registry, or from the disk where it was stored. */
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

/** How often a layer is fetched that need not be on disk. */
const mostFetches = 2;

/** A layer that is still in its registry. Each way of reading it checks size, digest and what it unpacks to. */
export function remoteLayer({ descriptor: named, diffId }: PackedLayer, place: LayerPlace): ImageLayer {
  const { client, repository, image, folder, foreign } = place;
  let descriptor = named;
  const isOf = (mediaType: string) => {
    descriptor = { ...named, mediaType };
  };
  const layer: PackedLayer = { descriptor: named, diffId, isOf };
  let isVerified = false;
  const reading: RemoteSource['reading'] = (job) => readingBase({ ...place, part: 'layer' }, job);
  const read = async <T>(consume: (content: Readable) => Promise<T>): Promise<T> => {
    const result = await reading(() => client.readBlob(repository, named, consume));
    isVerified = true;
    return result;
  };
  let reads = 0;
  let stored: Promise<string> | undefined;
  const storeWith = <T>(consume: (tar: Readable) => Promise<T>) => {
    const storing = read((content) => store(content, { layer, folder }, consume));
    stored = storing.then(({ file }) => file);
    // Reported when the file is asked for.
    stored.catch(() => {});
    return storing;
  };
  const source: RemoteSource = {
    client,
    repository,
    image,
    foreign,
    reading,
    isVerified: () => isVerified,
    async unpack(consume) {
      // To list its files and to take some of them, it is fetched twice; what is read more often is worth its room on disk.
      if (!foreign && ++reads <= mostFetches) return read((content) => unpack(content, layer, consume));
      // One of another registry is sent on later: it is kept when it is first read, so that it is fetched and unpacked once.
      if (!stored) return (await storeWith(consume)).result;
      const file = await stored;
      return reading(() => readStored(file, { descriptor, diffId }, consume));
    },
    download: async () => (await stored) ?? (await storeWith(drain)).file,
  };
  return {
    diffId,
    source,
    get descriptor() {
      return descriptor;
    },
  };
}

/** What was checked when it was stored need not be checked again. */
function readStored<T>(file: string, layer: PackedLayer, consume: (tar: Readable) => Promise<T>): Promise<T> {
  const { mediaType } = layer.descriptor;
  if (mediaType === types.zstdLayer) return unpack(createReadStream(file), layer, consume);
  return localArchive(file, mediaType === types.gzipLayer ? 'gzip' : 'none').read(consume);
}

/** Where a layer is stored. */
interface Store {
  readonly layer: PackedLayer;
  readonly folder: string;
}

/** Keeps a layer while `consume` reads it. The file has a name of its own; nothing that a registry said is in it. */
async function store<T>(
  content: Readable,
  { layer, folder }: Store,
  consume: (tar: Readable) => Promise<T>,
): Promise<{ readonly file: string; readonly result: T }> {
  const file = join(mkdtempSync(join(folder, 'base-')), 'layer');
  const [kept, checked] = [new PassThrough(), new PassThrough()];
  content.on('error', (error) => {
    for (const branch of [kept, checked]) branch.destroy(error);
  });
  content.pipe(kept);
  content.pipe(checked);
  const writing = pipeline(kept, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  try {
    const [result] = await Promise.all([unpack(checked, layer, consume), writing]);
    return { file, result };
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

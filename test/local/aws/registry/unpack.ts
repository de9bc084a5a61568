import { mkdir, realpath } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Descriptor } from '../ecr/manifest';
import { type EcrState, type Image, resolveImage } from '../ecr/state';
import { applyLayer } from './layer';

/** How an image says it is to be run. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
}

/**
 * Unpacks an image of the registry into a folder; of an index, the image for Linux on AMD64, else the first one.
 * @param reference a tag or a digest
 * @throws Error where there is no such image or a layer has a compression that is not known
 */
export async function unpackImage(
  state: EcrState,
  repository: string,
  reference: string,
  folder: string,
): Promise<ImageConfig> {
  const manifest = manifestOf(state, repository, reference);
  await mkdir(folder, { recursive: true });
  const root = await realpath(folder);
  for (const layer of manifest.layers) await applyLayer(plain(layer, state.blobs.read(layer.digest)), root);
  const config = JSON.parse(await textOf(state.blobs.read(manifest.config.digest))) as { config?: ImageConfig };
  return config.config ?? {};
}

interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface Platform {
  readonly os?: string;
  readonly architecture?: string;
}

function manifestOf(state: EcrState, repository: string, reference: string): ImageManifest {
  const images = state.repository(repository);
  const found = (which: string): Image => {
    const image = resolveImage(images, which);
    if (!image) throw new Error(`cannot unpack ${repository}: it has no image ${which}`);
    return image;
  };
  const read = ({ manifest }: Image) => JSON.parse(manifest.toString('utf8')) as ImageManifest & Index;
  const written = read(found(reference));
  if (!written.manifests) return written;
  const linux = ({ platform }: Child) => platform?.os === 'linux' && platform.architecture === 'amd64';
  const child = written.manifests.find(linux) ?? written.manifests[0];
  if (!child) throw new Error(`cannot unpack ${repository}: its index ${reference} is empty`);
  return read(found(child.digest));
}

type Child = Descriptor & { readonly platform?: Platform };

interface Index {
  readonly manifests?: readonly Child[];
}

/** The tar archive of a layer. */
function plain({ mediaType }: Descriptor, content: Readable): Readable {
  if (/[+.]gzip$/.test(mediaType)) {
    const unzipped = createGunzip();
    content.on('error', (error) => unzipped.destroy(error));
    return content.pipe(unzipped);
  }
  if (/\.tar$/.test(mediaType)) return content;
  content.destroy();
  throw new Error(`cannot unpack a layer of type ${mediaType}: only tar and gzip are known`);
}

async function textOf(content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { digestOf } from '../ecr/blobs';
import { readManifest } from '../ecr/manifest';
import type { EcrState, Image } from '../ecr/state';

/** A file of a seeded image; a text ending in a line break or not, with mode 0644 by default. */
export type SeedFile = string | Buffer | { readonly content: string | Buffer; readonly mode: number };

export interface BaseImage {
  readonly repository: string;
  readonly tag: string;
  /** By absolute or relative path. */
  readonly files: Readonly<Record<string, SeedFile>>;
  /** The image's configuration: `Env`, `Entrypoint`, … */
  readonly config?: Readonly<Record<string, unknown>>;
}

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

/** Puts a small image of one layer into a repository (created where it is missing), so that a FROM can pull it. */
export async function seedBaseImage(
  state: EcrState,
  { repository: name, tag, files, config = {} }: BaseImage,
): Promise<Image> {
  const repository = state.repositories.get(name) ?? state.createRepository(name);
  const tar = await packFiles(files);
  const image = {
    architecture: 'amd64',
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'seeded' }],
  };
  const put = (mediaType: string, bytes: Buffer) => {
    const digest = state.blobs.put(bytes);
    repository.blobs.add(digest);
    return { mediaType, digest, size: bytes.length };
  };
  const layers = [put(types.layer, gzipSync(tar))];
  const written = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: put(types.config, Buffer.from(JSON.stringify(image))),
    layers,
  };
  const bytes = Buffer.from(JSON.stringify(written));
  return state.keep(repository, bytes, readManifest(bytes, undefined)!, [tag]);
}

async function packFiles(files: BaseImage['files']): Promise<Buffer> {
  const archive = pack();
  for (const [path, file] of Object.entries(files)) {
    const { content, mode } = typeof file === 'object' && 'content' in file ? file : { content: file, mode: 0o644 };
    archive.entry({ name: path.replace(/^\/+/, ''), mode, mtime: new Date(0) }, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

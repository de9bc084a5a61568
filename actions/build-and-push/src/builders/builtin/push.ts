import { ActionError } from '../../../../../shared/errors';
import type { Log } from '../../../../../shared/host/log';
import type { RegistryClient } from '../../registry/client';
import { sha256 } from '../../registry/manifest';
import { type ImageManifest, types } from '../../registry/oci';
import type { Destination } from '../builder';
import type { AssembledImage } from './assembly';
import type { ImageLayer } from './base-layer';
import { inParallel } from './promises';

/** Sends what the registry does not have, the manifest last; the answer is the manifest's digest. */
export async function pushImage(image: AssembledImage, to: Destination, log: Pick<Log, 'info'>): Promise<string> {
  const config = Buffer.from(JSON.stringify(image.config));
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: sha256(config), size: config.length },
    layers: image.layers.map(({ descriptor }) => descriptor),
  };
  const body = Buffer.from(JSON.stringify(manifest));
  const stored = { digest: sha256(body), mediaType: types.manifest, body };
  const distinct = [...new Map(image.layers.map((layer) => [layer.descriptor.digest, layer])).values()];
  await inParallel(distinct, (layer) => pushLayer(layer, to, log));
  if (!(await to.client.hasBlob(to.repository, manifest.config.digest))) {
    await to.client.uploadBlob(to.repository, manifest.config.digest, config);
  }
  for (const tag of to.tags) await to.client.putManifest(to.repository, tag, stored);
  return stored.digest;
}

async function pushLayer(
  layer: ImageLayer,
  { client, repository }: Destination,
  log: Pick<Log, 'info'>,
): Promise<void> {
  const { digest, size } = layer.descriptor;
  const short = `layer ${digest.slice(7, 19)} (${sizeText(size)})`;
  const isKnown = 'present' in layer.source;
  if (await client.hasBlob(repository, digest)) {
    return log.info(`${short} already exists${isKnown ? ', and was not compressed again' : ''}`);
  }
  if (await isMounted(layer, client, repository)) return log.info(`${short} was mounted from its repository`);
  if (isKnown) {
    throw new ActionError(`the registry had ${short} a moment ago and no longer has it; nothing was tagged; run again`);
  }
  const path = 'file' in layer.source ? layer.source.file : await layer.source.download();
  await client.uploadBlob(repository, digest, { path, size });
  log.info(`${short} is sent`);
}

async function isMounted(
  { source, descriptor }: ImageLayer,
  client: RegistryClient,
  repository: string,
): Promise<boolean> {
  if (!('download' in source) || source.client !== client || source.repository === repository) return false;
  return client.mountBlob(repository, descriptor.digest, source.repository);
}

/** Bytes as a person reads them. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}

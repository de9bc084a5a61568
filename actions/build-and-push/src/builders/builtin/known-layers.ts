import { excerpt } from '../../../../../shared/excerpt';
import { ImageFault } from '../../registry/faults';
import { parseObject } from '../../registry/fields';
import type { Manifest } from '../../registry/manifest';
import { type Descriptor, types } from '../../registry/oci';
import { isIndex, readManifest } from '../../registry/read-manifest';
import type { Destination, Effects } from '../builder';
import type { KnownLayers } from './layer';
import { type LayerMark, readMark } from './layer-mark';
import { once } from './promises';

interface MarkedLayer extends LayerMark {
  readonly descriptor: Descriptor;
}

/** The layers of an image that this version has compressed; none of what is an index, or malformed. */
export function markedLayers(manifest: Manifest): MarkedLayer[] {
  if (isIndex(manifest.mediaType)) return [];
  try {
    const { layers } = readManifest(manifest);
    const written = parseObject(manifest.body, 'its manifest')['layers'] as { annotations?: unknown }[];
    return layers.flatMap((descriptor, at) => {
      const mark = readMark(written[at]?.annotations);
      return mark && descriptor.mediaType === types.gzipLayer ? [{ ...mark, descriptor }] : [];
    });
  } catch (error) {
    if (error instanceof ImageFault) return [];
    throw error;
  }
}

/** Images that are looked at: those that have the tags so far, and the newest ones where the tags are new. */
const mostImages = 4;

/** The layers of the images that have the tags so far, and of the newest ones. They are read when first asked for. */
export function knownLayers(to: Destination, effects: Pick<Effects, 'log' | 'signal'>): KnownLayers {
  const layers = once(() => bestEffort(() => readLayers(to), [], effects));
  return {
    mayHave: async (bytes) => (await layers()).some((layer) => layer.bytes === bytes),
    async find(diffId) {
      const found = (await layers()).find((layer) => layer.diffId === diffId)?.descriptor;
      if (found === undefined) return undefined;
      const isThere = await bestEffort(() => to.client.hasBlob(to.repository, found.digest), false, effects);
      return isThere ? found : undefined;
    },
  };
}

async function readLayers({ client, repository, tags, newest }: Destination) {
  const found = new Map<string, MarkedLayer[]>();
  const readAll = async (references: readonly string[]) => {
    for (const reference of references) {
      if (found.size >= mostImages) return;
      const manifest = found.has(reference) ? undefined : await client.manifest(repository, reference);
      if (manifest) found.set(manifest.digest, markedLayers(manifest));
    }
  };
  await readAll(tags.slice(0, mostImages));
  if (found.size < mostImages) await readAll((await newest?.(mostImages)) ?? []);
  return [...found.values()].flat();
}

/** Without an answer everything is compressed, which takes longer and gives the same image. */
async function bestEffort<T>(ask: () => Promise<T>, otherwise: T, { log, signal }: Pick<Effects, 'log' | 'signal'>) {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted) throw error;
    log.info(`cannot look for layers that are there already (${excerpt((error as Error).message)}); compressing all`);
    return otherwise;
  }
}

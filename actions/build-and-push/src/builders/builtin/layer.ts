import type { Descriptor } from '../../registry/oci';
import { types } from '../../registry/oci';
import { type Compressor, ownThread } from './compress/compressor';
import { GzipFile } from './compress/gzip-file';
import { pieceSize } from './compress/piece';
import { type LayerEntry, type PackOptions, pack } from './pack';

export type { LayerEntry } from './pack';

/** A layer that was written to disk, or that the registry has already. */
export interface WrittenLayer {
  readonly descriptor: Descriptor;
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  /** Undefined where the registry has it. */
  readonly file?: string;
}

/** How layers are written. */
export interface LayerOptions extends PackOptions {
  readonly compressor?: Compressor;
  /** Asks whether the registry has a layer of this content; then it is not compressed again. */
  readonly known?: (diffId: string) => Promise<Descriptor | undefined>;
}

/** Up to this size all is done in one thread: to begin others would take longer. */
const smallLayer = 4 * pieceSize;

/**
 * Writes a layer: entries in the order given, one time for all, no names of users, compressed in a way that does not
 * depend on the machine.
 */
export async function writeLayer(
  entries: readonly LayerEntry[],
  file: string,
  options: LayerOptions,
): Promise<WrittenLayer> {
  const { signal, known } = options;
  if (signal.aborted) throw signal.reason;
  if (known) {
    const diffId = await pack(entries, options, nowhere());
    const descriptor = await known(diffId);
    if (descriptor) return { descriptor, diffId };
  }
  const size = entries.reduce((sum, [, node]) => sum + (node.kind === 'file' ? node.size : 0), 0);
  const compressor = size > smallLayer ? options.compressor : undefined;
  const gzip = await GzipFile.create(file, compressor ?? ownThread());
  try {
    const diffId = await pack(entries, options, gzip);
    const { digest, size } = await gzip.end();
    return { descriptor: { mediaType: types.gzipLayer, digest, size }, diffId, file };
  } catch (error) {
    await gzip.close();
    throw error;
  }
}

/** A sink in which all is lost, for archives of which only the digest is asked. */
function nowhere() {
  const piece = new Uint8Array(pieceSize);
  return { buffer: () => piece, add: async () => {} };
}

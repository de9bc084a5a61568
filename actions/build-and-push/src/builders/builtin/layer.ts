import { type Descriptor, types } from '../../registry/oci';
import { type Compressor, ownThread } from './compress/compressor';
import { pieceSize } from './compress/deflate';
import { GzipFile } from './compress/gzip-file';
import { type LayerMark, markOf } from './layer-mark';
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
  readonly known?: KnownLayers;
}

/** Layers that the registry has, which are not compressed again. */
export interface KnownLayers {
  /** Whether one of them has files of this total size; otherwise the digest need not be known. */
  mayHave(bytes: number): Promise<boolean>;
  /** The layer whose archive has this digest, if the registry still has it. */
  find(diffId: string): Promise<Descriptor | undefined>;
}

/** Up to this size all is done in one thread: to begin others would take longer. */
const smallLayer = 4 * pieceSize;
/** Up to this size a layer is compressed sooner than a registry answers whether it has it. */
const leastAsked = pieceSize;

/**
 * Writes a layer: entries in the order given, one time for all, no names of users, compressed in a way that does not
 * depend on the machine.
 */
export async function writeLayer(
  entries: Iterable<LayerEntry>,
  file: string,
  options: LayerOptions,
): Promise<WrittenLayer> {
  const { signal, known } = options;
  if (signal.aborted) throw signal.reason;
  let bytes = 0;
  for (const [, node] of entries) if (node.kind === 'file') bytes += node.size;
  if (known && bytes > leastAsked && (await known.mayHave(bytes))) {
    const diffId = await pack(entries, options, nowhere());
    const found = await known.find(diffId);
    if (found) return { descriptor: marked(found, { diffId, bytes }), diffId };
  }
  const compressor = bytes > smallLayer ? options.compressor : undefined;
  const gzip = await GzipFile.create(file, compressor ?? ownThread());
  try {
    const diffId = await pack(entries, options, gzip);
    const { digest, size } = await gzip.end();
    return { descriptor: marked({ mediaType: types.gzipLayer, digest, size }, { diffId, bytes }), diffId, file };
  } catch (error) {
    await gzip.close();
    throw error;
  }
}

/** Only what may be asked for says how it was compressed. */
const marked = (descriptor: Descriptor, mark: LayerMark): Descriptor =>
  mark.bytes > leastAsked ? { ...descriptor, annotations: markOf(mark) } : descriptor;

/** A sink in which all is lost, for archives of which only the digest is asked. */
function nowhere() {
  const piece = new Uint8Array(pieceSize);
  return { buffer: () => piece, add: async () => {} };
}

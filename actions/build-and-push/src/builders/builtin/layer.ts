import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { types } from '../../registry/oci';
import { gzip } from './gzip';
import { type LayerEntry, packed } from './pack';

export type { LayerEntry } from './pack';

/** A layer that was written to disk. */
export interface WrittenLayer {
  readonly descriptor: { readonly mediaType: string; readonly digest: string; readonly size: number };
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  readonly file: string;
}

/** How layers are written. */
export interface LayerOptions {
  /** Seconds since the epoch, for every entry. */
  readonly time: number;
  readonly signal: AbortSignal;
}

/**
 * Writes a layer: entries in the order given, one time for all, no names of users, compressed in a way that does not
 * depend on the machine.
 */
export async function writeLayer(
  entries: readonly LayerEntry[],
  file: string,
  { time, signal }: LayerOptions,
): Promise<WrittenLayer> {
  if (signal.aborted) throw signal.reason;
  const before = tap();
  const after = tap();
  const sink = createWriteStream(file);
  // A file that is still being opened when the writing fails would come to be after its folder was removed.
  const closed = new Promise<void>((resolve) => sink.once('close', resolve));
  const archive = Readable.from(packed(entries, time), { objectMode: false });
  try {
    await pipeline(archive, before.stream, gzip(), after.stream, sink, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await closed;
  }
  const { digest, size } = after.result();
  return { descriptor: { mediaType: types.gzipLayer, digest, size }, diffId: before.result().digest, file };
}

function tap(): { stream: Transform; result(): { digest: string; size: number } } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ digest: `sha256:${hash.digest('hex')}`, size }) };
}

import { createHash } from 'node:crypto';
import { type Duplex, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ImageFault } from '../../registry/faults';
import { type Descriptor, types } from '../../registry/oci';
import { typeOfContent } from './layer-type';
import { unpackLimit } from './unpack';
import { createUnzstd } from './zstd';

/** A layer and what it must unpack to. */
export interface PackedLayer {
  readonly descriptor: Descriptor;
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  /** Told its type by its content, which may be another one than the descriptor has. */
  readonly isOf?: (mediaType: string) => void;
}

/** Bytes that a layer may unpack to. Files of zeros come near 1,000 times their size; whole layers of real images, near 50. */
export const mostUnpacked = (size: number): number => unpackLimit.base + unpackLimit.ratio * size;

/**
 * Hands the archive in a layer to `consume`, and compares it with the digest that the image's configuration promises.
 *
 * @throws ImageFault where it is another one, too large, or none
 */
export async function unpack<T>(
  content: Readable,
  layer: PackedLayer,
  consume: (tar: Readable) => Promise<T>,
  most = mostUnpacked(layer.descriptor.size),
): Promise<T> {
  const mediaType = await typeOfContent(content, layer.descriptor.mediaType);
  layer.isOf?.(mediaType);
  const { stream, digest } = hashing(layer, most);
  const unpacker = unpackerOf(mediaType);
  // What follows the compressed data is never taken by an unpacker, so that it need not come to an end by itself.
  const piping = unpacker ? pipeline(content, unpacker, stream) : pipeline(content, stream);
  piping.catch(() => {});
  // The first cause: a reader tells in its own words that its stream has failed.
  let cause: unknown;
  for (const part of [unpacker, stream]) {
    part?.once('error', (error) => {
      cause ??= error;
    });
  }
  try {
    const result = await consume(stream);
    await drain(stream);
    if (digest() !== layer.diffId) throw mismatch(layer, digest());
    return result;
  } catch (error) {
    if (isDamage(cause)) throw damaged(layer, cause);
    throw cause instanceof ImageFault ? cause : error;
  } finally {
    unpacker?.destroy();
    stream.destroy();
  }
}

/** Reads on to the end. Archives may be longer than what is read of them. */
export async function drain(stream: Readable): Promise<void> {
  if (stream.readableEnded) return;
  for await (const _ of stream) {
    // Only what it goes through is of interest.
  }
}

function unpackerOf(mediaType: string): Duplex | undefined {
  if (mediaType === types.gzipLayer) return createGunzip();
  return mediaType === types.zstdLayer ? createUnzstd() : undefined;
}

function hashing({ descriptor, diffId }: PackedLayer, most: number): { stream: Transform; digest: () => string } {
  const [algorithm = 'sha256'] = diffId.split(':');
  const hash = createHash(algorithm);
  let size = 0;
  let digest: string | undefined;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > most) return done(new ImageFault(`its layer ${descriptor.digest} unpacks to more than ${most} bytes`));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return {
    stream,
    digest() {
      digest ??= `${algorithm}:${hash.digest('hex')}`;
      return digest;
    },
  };
}

const mismatch = ({ descriptor, diffId }: PackedLayer, found: string) =>
  new ImageFault(`its layer ${descriptor.digest} unpacks to ${found}, not to ${diffId} as its configuration says`);

/** What unpackers say of bytes. */
const isDamage = (error: unknown) => /^(?:Z_|ZSTD_)/.test((error as NodeJS.ErrnoException)?.code ?? '');

const damaged = ({ descriptor }: PackedLayer, error: unknown) =>
  new ImageFault(`its layer ${descriptor.digest} cannot be unpacked (${(error as Error).message})`);

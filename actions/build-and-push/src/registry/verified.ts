import { createHash } from 'node:crypto';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { ImageFault, nextOnline, RegistryTrouble, troubleOf } from './faults';
import type { HttpAnswer } from './http';
import type { Descriptor } from './oci';
import { DigestMismatch } from './retry';

/**
 * Streams the body of an answer to `consume` and checks size and digest on the way. Nothing beyond the descriptor's size is
 * read or handed on. The reader has a stream of its own, so that the content can still be checked when the reader gives up.
 *
 * @throws ImageFault where the content has another size, DigestMismatch where it was damaged in transit
 */
export async function readVerified<T>(
  { body, headers }: HttpAnswer,
  blob: Descriptor,
  consume: (content: Readable) => Promise<T>,
): Promise<T> {
  const announced = headers['content-length'];
  if (announced !== undefined && Number(announced) !== blob.size) {
    body.destroy();
    throw otherSize(blob, `has ${Number(announced)} bytes`);
  }
  // Without both, the end of the connection is the end of the body, whichever side closed it.
  const checked = verifying(blob, announced !== undefined || headers['transfer-encoding'] !== undefined);
  const handed = new PassThrough();
  let failure: unknown;
  body.on('error', (error) => checked.destroy(troubleOf(error)));
  checked.on('error', (error) => {
    failure ??= error;
    body.destroy();
    handed.destroy(error);
  });
  // By then there may be no listener left.
  handed.on('error', () => {});
  try {
    const result = await consume(body.pipe(checked).pipe(handed));
    await drained(checked);
    return result;
  } catch (error) {
    // Damaged content fails its reader in many ways. That it is damaged, and may be whole the next time, is the reason.
    if (!(error as NodeJS.ErrnoException).syscall && !checked.destroyed) await drained(checked).catch(() => {});
    throw failure ?? error;
  } finally {
    if (!body.readableEnded) body.destroy();
  }
}

const otherSize = ({ digest, size }: Descriptor, found: string) =>
  new ImageFault(`the content of ${digest} ${found}, not the ${size} that its manifest says`);

/** Passes content on and fails when it is not what the descriptor says. */
function verifying(blob: Descriptor, isEndMarked: boolean): Transform {
  const [algorithm = '', hex] = blob.digest.split(':');
  const hash = createHash(algorithm);
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > blob.size) return done(otherSize(blob, 'has more bytes'));
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      if (size < blob.size && isEndMarked) return done(otherSize(blob, `has ${size} bytes`));
      if (size < blob.size)
        return done(new RegistryTrouble('the connection was dropped', nextOnline, { transient: true }));
      const found = hash.digest('hex');
      done(found === hex ? null : new DigestMismatch(`it has the digest ${algorithm}:${found}, not ${blob.digest}`));
    },
  });
}

/** A reader of tar archives stops at the archive's end; what follows still counts for the digest. */
async function drained(stream: Readable): Promise<void> {
  if (stream.readableEnded) return;
  stream.unpipe();
  for await (const _ of stream) {
    // Only its end is of interest.
  }
}

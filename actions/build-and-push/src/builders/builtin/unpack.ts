/** Unpacks what is compressed, within bounds. */

import { type Duplex, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ArchiveProblem } from './archive-problem';

/**
 * What may come out of compressed bytes: more than any real archive has, less than the thousandfold that a few megabytes of
 * packed zeros have to give.
 */
export interface UnpackLimit {
  /** Bytes for any archive. */
  readonly base: number;
  /** Further bytes for each byte that was read. */
  readonly ratio: number;
}

export const unpackLimit: UnpackLimit = { base: 1024 ** 3, ratio: 500 };

/**
 * Hands an archive to `consume`, unpacked where it is compressed.
 *
 * @throws ArchiveProblem where too much comes out; else what went wrong first: the reading, the unpacking, or `consume`
 */
export async function consumeTar<T>(
  stream: Readable,
  unpacker: Duplex | undefined,
  consume: (tar: Readable) => Promise<T>,
  limit: UnpackLimit = unpackLimit,
): Promise<T> {
  if (!unpacker) return consume(stream);
  let bytesRead = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesRead += chunk.length;
      done(null, chunk);
    },
  });
  const bounded = boundedBy(limit, () => bytesRead);
  const consuming = consume(bounded).catch((error: unknown) => {
    // Without a reader nothing would move any more.
    bounded.destroy();
    throw error;
  });
  const [unpacked, consumed] = await Promise.allSettled([pipeline(stream, counting, unpacker, bounded), consuming]);
  if (consumed.status === 'fulfilled' && unpacked.status === 'fulfilled') return consumed.value;
  throw firstCause([unpacked, consumed]);
}

function boundedBy({ base, ratio }: UnpackLimit, bytesRead: () => number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= base + ratio * bytesRead()) return done(null, chunk);
      done(new ArchiveProblem(`it unpacks to more than ${base} bytes and ${ratio} times its own size`));
    },
  });
}

/** Why streams failed that are joined: what was understood of it, and least of all that the others were closed thereupon. */
export function firstCause(ends: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as NodeJS.ErrnoException] : []));
  const understood = reasons.find((reason) => reason instanceof ArchiveProblem);
  return understood ?? reasons.find(({ code }) => code !== 'ERR_STREAM_PREMATURE_CLOSE') ?? reasons[0];
}

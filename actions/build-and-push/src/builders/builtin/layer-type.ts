import type { Readable } from 'node:stream';
import { types } from '../../registry/oci';
import { compressionOf } from './unpackers';

/** Where the first header of a tar archive has its mark, and the block that it is in. */
const [markAt, blockSize] = [257, 512];

/**
 * The type of a layer by what it begins with. Some tools name another one than that of the compression they use, and
 * containerd and Docker, which look at the bytes, run their images. The content can be read from its beginning afterwards.
 *
 * @param named the OCI type that the manifest gives
 */
export async function typeOfContent(content: Readable, named: string): Promise<string> {
  const head = await beginning(content);
  const compression = compressionOf(head);
  if (compression === 'gzip') return types.gzipLayer;
  if (compression === 'zstd') return types.zstdLayer;
  const isTar = head.toString('latin1', markAt, markAt + 5) === 'ustar';
  // All else may be damaged, or be a frame that zstd skips: whoever unpacks it says so.
  return isTar || (head.length === blockSize && head.every((byte) => byte === 0)) ? types.layer : named;
}

/** The first block, or all where there is less; it is put back. */
function beginning(content: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      for (const event of ['readable', 'end', 'close']) content.off(event, look);
      content.off('error', fail);
    };
    // One listener for all that comes: a new one would be told at once of what is too short, again and again.
    const look = () => {
      const head = content.read(blockSize) as Buffer | null;
      if (head === null && !content.readableEnded && !content.destroyed) return;
      stop();
      if (head !== null) content.unshift(head);
      resolve(head?.subarray(0, blockSize) ?? Buffer.alloc(0));
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    for (const event of ['readable', 'end', 'close']) content.on(event, look);
    content.on('error', fail);
    if (content.readableEnded || content.destroyed) look();
  });
}

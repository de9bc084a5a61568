/** Archives of the build context, which ADD unpacks. */

import { ArchiveProblem } from './archive-problem';
import { openListed, streamListed } from './content';
import { BuildProblem } from './dockerfile/problem';
import { addTar, consumeTar } from './tar';
import { FileTree, type TarSource } from './tree/tree';
import { type Compression, compressionOf, createUnpacker } from './unpackers';

/**
 * What is in an archive; undefined for other files, and for one that was only compressed. As in Docker it is one whose
 * first entry can be read.
 *
 * @param shown the file as the user knows it
 * @throws BuildProblem where it is damaged behind that, or has what no system could unpack
 */
export async function readArchive(file: string, shown: string, signal?: AbortSignal): Promise<FileTree | undefined> {
  const compression = await compressionOfArchive(file, shown);
  if (compression === undefined) return undefined;
  const tree = new FileTree();
  try {
    await addTar(tree, localArchive(file, compression, shown), { whiteouts: false, ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof BuildProblem) throw new BuildProblem(`cannot unpack ${shown}: ${error.message}`);
    if (error instanceof ArchiveProblem) {
      throw new BuildProblem(`cannot unpack ${shown}: ${error.message}; pack it again, or COPY it as it is`);
    }
    if (!isDamage(error)) throw error;
    throw new BuildProblem(`cannot unpack ${shown}: it is damaged (${(error as Error).message}); pack it again`);
  }
  return tree;
}

/** What readers of tar and gzip say of bytes; errors of the system have other codes. */
function isDamage(error: unknown): boolean {
  const { name, code } = error as { name: string; code?: string };
  return name === 'Error' && (code === undefined || /^ZSTD_|^Z_/.test(code));
}

const blockSize = 512;
/** Enough to tell what a file is. */
const headSize = blockSize;

/** How an archive is compressed; undefined where the file is not an archive at all. */
async function compressionOfArchive(file: string, shown: string): Promise<Compression | undefined> {
  const head = await headOf(file, shown);
  const compression = compressionOf(head);
  if (compression === 'none') {
    return isTarHeader(head) || head.toString('latin1', 257, 262) === 'ustar' ? 'none' : undefined;
  }
  return isTarHeader(await firstBlock(file, compression, shown)) ? compression : undefined;
}

async function headOf(file: string, shown: string): Promise<Buffer> {
  const handle = await openListed({ file, shown });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headSize), 0, headSize, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The first block of what was compressed; empty where even that is damaged. */
async function firstBlock(file: string, compression: Compression, shown: string): Promise<Buffer> {
  const content = await streamListed({ file, shown });
  const unpacker = createUnpacker(compression)!;
  content.on('error', (error) => unpacker.destroy(error));
  content.pipe(unpacker);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length >= blockSize) break;
    }
  } catch (error) {
    // Damage after the first block is reported when the whole file is read.
    if (error instanceof BuildProblem) throw new BuildProblem(`cannot unpack ${shown}: ${error.message}`);
    if (!isDamage(error)) throw error;
  } finally {
    content.destroy();
  }
  return Buffer.concat(chunks).subarray(0, blockSize);
}

/** Whether a block has the checksum of a tar header: the sum of its bytes, those of the sum itself being spaces. */
function isTarHeader(block: Buffer): boolean {
  if (block.length < blockSize) return false;
  const said = Number.parseInt(block.toString('latin1', 148, 156).replace(/\0.*$/s, ''), 8);
  const outside = [...block.subarray(0, 148), ...block.subarray(156, blockSize)];
  return outside.reduce((sum, byte) => sum + byte, 8 * 32) === said;
}

/** An archive on this machine. @param shown the file as the user knows it */
export function localArchive(file: string, compression: Compression, shown = file): TarSource {
  return {
    async read(consume) {
      const content = await streamListed({ file, shown });
      try {
        return await consumeTar(content, createUnpacker(compression), consume);
      } finally {
        content.destroy();
      }
    },
  };
}

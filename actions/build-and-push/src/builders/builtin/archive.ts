/** Archives of the build context, which ADD unpacks. */

import { constants, createGunzip } from 'node:zlib';
import { ArchiveProblem } from './archive-problem';
import { openListed, streamListed } from './content';
import { able } from './dockerfile/check-dockerfile';
import { BuildProblem } from './dockerfile/problem';
import { addTar, consumeTar } from './tar';
import { FileTree, type TarSource } from './tree/tree';

/**
 * What is in an archive; undefined for other files, and for one that was only compressed. As in Docker it is one whose
 * first entry can be read.
 *
 * @param shown the file as the user knows it
 * @throws BuildProblem where it is damaged behind that, has what no system could unpack, or is compressed in a way that is
 * not known here
 */
export async function readArchive(file: string, shown: string, signal?: AbortSignal): Promise<FileTree | undefined> {
  const kind = await archiveKind(file, shown);
  if (kind === undefined) return undefined;
  if (kind !== 'tar' && kind !== 'gzip') {
    const next = 'pack it with gzip, or COPY it as it is';
    throw new BuildProblem(`cannot unpack ${shown}: the builtin builder does not know ${kind}; ${next}`, able);
  }
  const tree = new FileTree();
  try {
    await addTar(tree, localArchive(file, kind === 'gzip', shown), { whiteouts: false, ...(signal && { signal }) });
  } catch (error) {
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
  return name === 'Error' && (code === undefined || code.startsWith('Z_'));
}

/** Enough of a file to unpack its first block from. */
const headSize = 4096;
const blockSize = 512;

/** How an archive is compressed, by its first bytes; undefined where it is no archive at all. */
async function archiveKind(file: string, shown: string): Promise<'tar' | 'gzip' | 'bzip2' | 'xz' | 'zstd' | undefined> {
  const head = await headOf(file, shown);
  const mark = head.toString('latin1', 0, 6);
  if (mark.startsWith('BZh')) return 'bzip2';
  if (mark === '\xfd7zXZ\0') return 'xz';
  if (mark.startsWith('\x28\xb5\x2f\xfd')) return 'zstd';
  if (mark.startsWith('\x1f\x8b')) return isTarHeader(await unzippedBlock(head)) ? 'gzip' : undefined;
  return isTarHeader(head) || head.toString('latin1', 257, 262) === 'ustar' ? 'tar' : undefined;
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
async function unzippedBlock(head: Buffer): Promise<Buffer> {
  const gunzip = createGunzip({ chunkSize: blockSize, finishFlush: constants.Z_SYNC_FLUSH });
  gunzip.end(head);
  try {
    for await (const block of gunzip) return block as Buffer;
  } catch {
    // No errors but those of the bytes can occur: nothing is read here.
  }
  return Buffer.alloc(0);
}

/** Whether a block has the checksum of a tar header: the sum of its bytes, those of the sum itself being spaces. */
function isTarHeader(block: Buffer): boolean {
  if (block.length < blockSize) return false;
  const said = Number.parseInt(block.toString('latin1', 148, 156).replace(/\0.*$/s, ''), 8);
  const outside = [...block.subarray(0, 148), ...block.subarray(156, blockSize)];
  return outside.reduce((sum, byte) => sum + byte, 8 * 32) === said;
}

/** An archive on this machine. @param shown the file as the user knows it */
export function localArchive(file: string, gzip: boolean, shown = file): TarSource {
  return {
    async read(consume) {
      const content = await streamListed({ file, shown });
      try {
        return await consumeTar(content, gzip, consume);
      } finally {
        content.destroy();
      }
    },
  };
}

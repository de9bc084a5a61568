/** What unpacks the archives of a build context, by the kind of their compression. */

import { spawn } from 'node:child_process';
import { Duplex, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BuildProblem } from './dockerfile/problem';
import { createUnzstd } from './zstd';

/** How an archive is compressed. */
export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** How the bytes of each kind begin. */
const marks: readonly (readonly [Compression, string])[] = [
  ['bzip2', 'BZh'],
  ['xz', '\xfd7zXZ\0'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['gzip', '\x1f\x8b'],
];

/** The compression of a file, by its first bytes. */
export function compressionOf(head: Buffer): Compression {
  const start = head.toString('latin1', 0, 6);
  return marks.find(([, mark]) => start.startsWith(mark))?.[0] ?? 'none';
}

/** A larger piece than Node's own costs less for each byte. */
const chunkSize = 64 * 1024;

/** A stream that takes compressed bytes and gives what is in them; undefined where there is nothing to do. */
export function createUnpacker(compression: Compression): Duplex | undefined {
  switch (compression) {
    case 'none':
      return undefined;
    case 'gzip':
      return createGunzip({ chunkSize });
    case 'zstd':
      return createUnzstd();
    default:
      return Duplex.from((compressed: AsyncIterable<Buffer>) => unpackedBy(compression, compressed));
  }
}

/** Unpacks by a program of this machine, as BuildKit does for xz. @throws BuildProblem where it is missing */
async function* unpackedBy(program: 'bzip2' | 'xz', source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const compressed = Readable.from(source);
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // What goes wrong with a pipe is told by the program's end.
  child.stdin.on('error', () => {});
  compressed.on('error', () => child.kill());
  compressed.pipe(child.stdin);
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) yield chunk;
    const status = await ended;
    if (status !== 0) throw new Error(`${program} ended with status ${status}`);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing(program) : error;
  } finally {
    ended.catch(() => {});
    child.kill();
  }
}

const missing = (program: string) =>
  new BuildProblem(
    `it takes the program ${program}, which is not installed; install it, or pack the archive with gzip`,
  );

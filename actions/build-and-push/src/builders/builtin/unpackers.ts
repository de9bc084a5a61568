/** What unpacks the archives of a build context, by the kind of their compression. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { type Duplex, type Readable, Transform, type TransformCallback, type Writable } from 'node:stream';
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
      return new ProgramUnpacker(compression);
  }
}

/** Unpacks by a program of this machine, as BuildKit does for xz. Fails with a BuildProblem where it is missing. */
class ProgramUnpacker extends Transform {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #closed: Promise<number | null>;

  constructor(program: 'bzip2' | 'xz') {
    super();
    this.#child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.once('error', (error: NodeJS.ErrnoException) => {
      this.destroy(error.code === 'ENOENT' ? missing(program) : error);
    });
    // What goes wrong with a pipe shows in how the program ends.
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) this.#child.stdout.pause();
    });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override async _flush(done: TransformCallback): Promise<void> {
    this.#child.stdin.end();
    const status = await this.#closed;
    done(status === 0 ? null : new Error(`its reader ended with status ${status}`));
  }

  override _read(size: number): void {
    this.#child.stdout.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }
}

const missing = (program: string) =>
  new BuildProblem(
    `it needs the program ${program}, which is not installed; install it, or pack the archive with gzip`,
  );

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Compressed, Compressor } from './compressor';
import { combinedCrc } from './crc';
import { packedSize, pieceSize } from './deflate';

/** What was written. Digests are of SHA-256, as images name them. */
export interface WrittenGzip {
  /** Of the file. */
  readonly digest: string;
  readonly size: number;
}

/** RFC 1952: no name, no time, and the same operating system everywhere. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
/** An empty block that is the last one. */
const lastBlock = Uint8Array.of(3, 0);

/** Writes a gzip file of pieces that are compressed apart, in their order. */
export class GzipFile {
  readonly #hash = createHash('sha256');
  readonly #waiting: Promise<Compressed>[] = [];
  /** Buffers that were used, for pieces and for what they become: Node would free them late, and others be made meanwhile. */
  readonly #freePieces: ArrayBuffer[] = [];
  readonly #freeRooms: ArrayBuffer[] = [];
  #size = 0;
  #crc = 0;
  #length = 0;

  private constructor(
    readonly file: string,
    readonly handle: FileHandle,
    readonly compressor: Compressor,
  ) {}

  /** Fails where the file already exists. */
  static async create(file: string, compressor: Compressor): Promise<GzipFile> {
    const gzip = new GzipFile(file, await open(file, 'wx', 0o600), compressor);
    try {
      await gzip.#write(header);
      return gzip;
    } catch (error) {
      await gzip.close();
      throw error;
    }
  }

  /** A buffer for the next piece. */
  buffer(): Uint8Array {
    return new Uint8Array(this.#freePieces.pop() ?? new ArrayBuffer(pieceSize));
  }

  /** Adds a piece that came from `buffer`. It waits where too much is under way. */
  async add(piece: Uint8Array): Promise<void> {
    const into = new Uint8Array(this.#freeRooms.pop() ?? new ArrayBuffer(packedSize));
    const packing = this.compressor.compress({ piece, into });
    // It is looked at in its turn.
    packing.catch(() => {});
    this.#waiting.push(packing);
    while (this.#waiting.length > this.compressor.width) await this.#writeNext();
  }

  async #writeNext(): Promise<void> {
    const { packed, piece } = await this.#waiting.shift()!;
    await this.#write(packed.bytes);
    this.#crc = combinedCrc(this.#crc, packed.crc, packed.length);
    this.#length += packed.length;
    this.#freePieces.push(piece.buffer as ArrayBuffer);
    this.#freeRooms.push(packed.bytes.buffer as ArrayBuffer);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#size += bytes.length;
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.handle.write(bytes, at, bytes.length - at)).bytesWritten;
    } catch (error) {
      // Errors of open files do not say which file it is.
      throw Object.assign(error as NodeJS.ErrnoException, { path: this.file });
    }
  }

  async end(): Promise<WrittenGzip> {
    while (this.#waiting.length > 0) await this.#writeNext();
    await this.#write(lastBlock);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc);
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4);
    await this.#write(trailer);
    await this.close();
    return { digest: `sha256:${this.#hash.digest('hex')}`, size: this.#size };
  }

  /** What has begun continues, and its result is ignored. */
  async close(): Promise<void> {
    await this.handle.close();
  }
}

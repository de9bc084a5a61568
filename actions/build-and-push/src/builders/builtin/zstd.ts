import { Duplex } from 'node:stream';
import { Decompress } from 'fzstd';

/** Bytes are not what zstd writes, or ask for more than any reader has to give. */
export class ZstdError extends Error {
  readonly code = 'ZSTD_error_corruption_detected';
}

/** What zstd's own reader allows unless told otherwise (ZSTD_WINDOWLOG_LIMIT_DEFAULT); builders use 32 MiB at most. */
const largestWindow = 128 * 1024 ** 2;
/** RFC 8878, 3.1.1.2.4. */
const largestBlock = 128 * 1024;

/**
 * Unpacks zstd (RFC 8878), frame by frame and block by block, so that a few bytes that expand to gigabytes take no more
 * memory than one block. Node knows zstd by itself from 22.15 on only. Checksums are passed over: layers have digests.
 */
export const createUnzstd = (): Duplex => Duplex.from(unzstd);

async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const input = new Input(source);
  for (let magic = await input.atMost(4); magic.length > 0; magic = await input.atMost(4)) {
    if (magic.length < 4) throw new ZstdError('it ends within a frame');
    const mark = magic.readUInt32LE();
    if (mark === 0xfd2fb528) yield* frame(magic, input);
    // Skippable frames, such as the tables of contents of zstd:chunked.
    else if (mark >>> 4 === 0x184d2a5) await input.skip((await input.exactly(4)).readUInt32LE());
    else throw new ZstdError('it is not zstd');
  }
}

async function* frame(magic: Buffer, input: Input): AsyncGenerator<Uint8Array> {
  const { bytes, hasChecksum } = await readHeader(input);
  const unpacked: Uint8Array[] = [];
  const decoder = new Decompress((part) => unpacked.push(part));
  push(decoder, Buffer.concat([magic, bytes]), false);
  for (let isLast = false; !isLast; ) {
    const head = await input.exactly(3);
    const [value, kind] = [head.readUIntLE(0, 3), (head[0]! >> 1) & 3];
    const size = value >>> 3;
    if (size > largestBlock) throw new ZstdError('it has a block of more than 128 KiB');
    isLast = (value & 1) === 1;
    const body = await input.exactly(kind === repeated ? 1 : size);
    const checksum = await input.exactly(isLast && hasChecksum ? 4 : 0);
    push(decoder, Buffer.concat([head, body, checksum]), isLast);
    yield* unpacked.splice(0);
  }
}

/** The kind of a block that is one byte, many times. */
const repeated = 1;

/** The header of a frame, without its mark. @throws ZstdError where unpacking it would take too much memory */
async function readHeader(input: Input): Promise<{ bytes: Buffer; hasChecksum: boolean }> {
  const first = await input.exactly(1);
  const flags = first[0]!;
  const isSingle = (flags & 32) !== 0;
  const window = await input.exactly(isSingle ? 0 : 1);
  const dictionary = await input.exactly([0, 1, 2, 4][flags & 3]!);
  if (dictionary.some((byte) => byte !== 0)) throw new ZstdError('it needs a dictionary');
  const content = await input.exactly([isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!);
  const size = isSingle ? contentSize(content) : windowSize(window[0]!);
  if (size > largestWindow) throw new ZstdError(`it needs a window of more than ${largestWindow} bytes`);
  return { bytes: Buffer.concat([first, window, dictionary, content]), hasChecksum: (flags & 4) !== 0 };
}

const windowSize = (descriptor: number): number => 2 ** (10 + (descriptor >> 3)) * (1 + (descriptor & 7) / 8);

/** RFC 8878, 3.1.1.1.4: a size in two bytes counts from 256 on. */
function contentSize(bytes: Buffer): number {
  if (bytes.length === 8) return Number(bytes.readBigUInt64LE());
  return bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0);
}

/** The decoder's errors are those of the bytes. */
function push(decoder: Decompress, bytes: Buffer, isLast: boolean): void {
  try {
    decoder.push(bytes, isLast);
  } catch (error) {
    throw new ZstdError((error as Error).message);
  }
}

/** What arrives in pieces, taken in pieces of other sizes. */
class Input {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** As many bytes, or fewer where no more come. */
  async atMost(count: number): Promise<Buffer> {
    const parts = [this.#rest];
    let size = this.#rest.length;
    while (size < count) {
      const { value, done } = await this.#source.next();
      if (done) break;
      parts.push(value);
      size += value.length;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = all.subarray(count);
    return all.subarray(0, count);
  }

  /** @throws ZstdError where fewer come */
  async exactly(count: number): Promise<Buffer> {
    const bytes = await this.atMost(count);
    if (bytes.length < count) throw new ZstdError('it ends within a frame');
    return bytes;
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; left -= largestBlock) await this.exactly(Math.min(left, largestBlock));
  }
}

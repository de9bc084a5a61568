import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { createUnzstd } from '../../../../../actions/build-and-push/src/builders/builtin/zstd';
import { packedText, text } from './zstd-sample';

/** What comes out of bytes that arrive in pieces of a size; no more than `most` bytes are taken. */
async function unpacked(bytes: Buffer, piece = bytes.length, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  const parts: Buffer[] = [];
  let size = 0;
  await pipeline(Readable.from(pieces), createUnzstd(), async (stream: AsyncIterable<Buffer>) => {
    for await (const part of stream) {
      size += part.length;
      if (size > most) throw new Error(`more than ${most} bytes`);
      parts.push(part);
    }
  });
  return Buffer.concat(parts);
}

const frame = (header: readonly number[], ...blocks: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...header]), ...blocks]);

/** A block (RFC 8878): 0 is bytes as they are, 1 one byte many times. */
function block(kind: 0 | 1, size: number, body: Buffer, isLast = true): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE((size << 3) | (kind << 1) | Number(isLast), 0, 3);
  return Buffer.concat([head, body]);
}

/** No size of the content, and a window of 2 MiB. */
const header = [0, 0x58];
const hello = frame(header, block(0, 5, Buffer.from('hello')));
const skippable = Buffer.concat([Buffer.from([0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')]);

describe('zstd', () => {
  it.each([1, 7, 1_000, 65_536, packedText.length])(
    'is unpacked, whether it arrives in pieces of %i bytes or another size',
    async (piece) => {
      expect((await unpacked(packedText, piece)).equals(Buffer.from(text))).toBe(true);
    },
  );

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), ''],
    ['bytes as they are', hello, 'hello'],
    ['one byte many times', frame(header, block(1, 10, Buffer.from('x'))), 'x'.repeat(10)],
    ['no bytes', frame(header, block(0, 0, Buffer.alloc(0))), ''],
    ['several frames', Buffer.concat([hello, hello]), 'hellohello'],
    ['frames for others', Buffer.concat([skippable, hello, skippable]), 'hello'],
    ['a frame without a window', frame([0x20, 5], block(0, 5, Buffer.from('hello'))), 'hello'],
    ['a checksum', Buffer.concat([frame([4, 0x58], block(0, 5, Buffer.from('hello'))), Buffer.alloc(4)]), 'hello'],
    ['a dictionary of no number', frame([1, 0x58, 0], block(0, 5, Buffer.from('hello'))), 'hello'],
  ])('of %s is unpacked', async (_, bytes, expected) => {
    expect((await unpacked(bytes)).toString()).toBe(expected);
    expect((await unpacked(bytes, 1)).toString()).toBe(expected);
  });

  it.each<[string, Buffer, RegExp]>([
    ['other bytes', Buffer.from('hello'), /it is not zstd/],
    ['other bytes behind a frame', Buffer.concat([hello, Buffer.from('hello')]), /it is not zstd/],
    ['half a frame', packedText.subarray(0, packedText.length / 2), /ends within a frame/],
    ['a frame without its checksum', packedText.subarray(0, packedText.length - 4), /ends within a frame/],
    ['half a frame for others', skippable.subarray(0, 9), /ends within a frame/],
    ['a frame with a dictionary', frame([1, 0x58, 7]), /needs a dictionary/],
    [
      'a window of two terabytes',
      frame([0, 0xff], block(0, 0, Buffer.alloc(0))),
      /window of more than 134217728 bytes/,
    ],
    ['a window as large as gigabytes of content', frame([0xe0, 0, 0, 0, 0, 1, 0, 0, 0]), /window of more than/],
    ['a block of 2 MiB', frame(header, block(1, 2 ** 21 - 1, Buffer.from('x'))), /block of more than 128 KiB/],
    ['a block of an unknown kind', frame(header, Buffer.from([7, 0, 0])), /invalid block type/],
  ])('is refused: %s', async (_, bytes, said) => {
    await expect(unpacked(bytes)).rejects.toMatchObject({
      code: 'ZSTD_error_corruption_detected',
      message: expect.stringMatching(said),
    });
  });

  it('of a few bytes that stand for gigabytes gives one block after the other', async () => {
    const many = Array.from({ length: 50_000 }, () => block(1, 128 * 1024, Buffer.from('x'), false));
    const before = process.memoryUsage().rss;
    await expect(unpacked(frame(header, ...many), undefined, 16 * 1024 ** 2)).rejects.toThrow('more than 16777216');
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 ** 2);
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Compressor,
  ownThread,
  threads,
} from '../../../../../../actions/build-and-push/src/builders/builtin/compress/compressor';
import {
  combinedCrc,
  crc32,
  crcByTables,
} from '../../../../../../actions/build-and-push/src/builders/builtin/compress/crc';
import {
  Deflater,
  packedSize,
  pieceSize,
} from '../../../../../../actions/build-and-push/src/builders/builtin/compress/deflate';
import { GzipFile } from '../../../../../../actions/build-and-push/src/builders/builtin/compress/gzip-file';
import { codeLengths, codesOf } from '../../../../../../actions/build-and-push/src/builders/builtin/compress/huffman';
import { looksPacked } from '../../../../../../actions/build-and-push/src/builders/builtin/compress/looks-packed';
import { loopsModule } from '../../../../../../actions/build-and-push/src/builders/builtin/compress/loops-module';
import { fc, tries } from '../../../../../support/properties';

/** Noise that is the same each time. */
function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const text = (length: number) =>
  Buffer.from(
    Array.from({ length: Math.ceil(length / 12) }, (_, at) => `line ${(at * at) % 9973};\n`).join(''),
  ).subarray(0, length);

const kinds: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('x')],
  ['three bytes', Buffer.from('abc')],
  ['zeros', Buffer.alloc(300_000)],
  ['text', text(500_000)],
  ['noise', noise(300_000)],
  ['text and noise by turns', Buffer.concat([text(70_000), noise(200_000), text(70_000), noise(3_000)])],
  ['noise twice, far apart', Buffer.concat([noise(40_000), text(10), noise(40_000)])],
  ['noise twice, near', Buffer.concat([noise(20_000), noise(20_000)])],
  ['all bytes in turn', Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251))],
  ['one byte that differs', Buffer.concat([Buffer.alloc(1000, 1), Buffer.of(2)])],
];

const deflater = new Deflater(loopsModule());
const inflated = (packed: Uint8Array) => inflateRawSync(Buffer.concat([packed, Buffer.of(3, 0)]));

describe('deflate', () => {
  it.each(kinds)('can be unpacked: %s', (_, bytes) => {
    expect(inflated(deflater.deflate(bytes)).equals(bytes)).toBe(true);
  });

  it('can be unpacked, whatever it is', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.nat(255), fc.nat(3000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
      fc.tuple(fc.string(), fc.nat(50)).map(([one, times]) => Buffer.from(one.repeat(times))),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(inflated(deflater.deflate(bytes)).equals(bytes)).toBe(true);
      }),
      tries(200),
    );
  });

  it('is about as short as what zlib makes, and never much longer than its input', () => {
    const packed = deflater.deflate(text(500_000)).length;
    expect(packed).toBeLessThan(gzipSync(text(500_000), { level: 1 }).length);
    expect(deflater.deflate(noise(300_000)).length).toBeLessThan(300_100);
  });

  it('depends on what it is given only', () => {
    const once = Buffer.from(new Deflater(loopsModule()).deflate(text(100_000)));
    deflater.deflate(noise(1000));
    expect(Buffer.from(deflater.deflate(text(100_000))).equals(once)).toBe(true);
  });
});

it('gives what layers with the annotation deflate-1 hold: what gives others needs another annotation', () => {
  const all = Buffer.concat([text(300_000), noise(200_000), Buffer.alloc(70_000), text(3), noise(3_000)]);
  const digest = createHash('sha256').update(deflater.deflate(all)).digest('hex');
  expect(digest).toBe('e840964ae208b83620eb74aeab6e51fa4122adc4b68dc5aa637dc0e9b02c9f4f');
});

describe('codes', () => {
  it.each([7, 15])('are complete and have at most %i bits', (longest) => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 2, maxLength: longest === 7 ? 19 : 286 }), (counts) => {
        const lengths = codeLengths(Uint32Array.from(counts), longest);
        const used = [...lengths].filter((length) => length > 0);
        expect(Math.max(...used)).toBeLessThanOrEqual(longest);
        expect(used.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
        expect(new Set([...codesOf(lengths)].map((code, at) => `${code}/${lengths[at]}`)).size).toBe(
          used.length + (used.length < counts.length ? 1 : 0),
        );
      }),
      tries(100),
    );
  });

  it('of counts that grow like Fibonacci numbers are shortened', () => {
    const counts = new Uint32Array(40);
    counts.set([1, 1]);
    for (let at = 2; at < 40; at++) counts[at] = counts[at - 1]! + counts[at - 2]!;
    expect(Math.max(...codeLengths(counts, 15))).toBe(15);
  });
});

describe('looksPacked', () => {
  it.each<[string, Buffer, boolean]>([
    ['noise', noise(65_536), true],
    ['a packed file', gzipSync(text(900_000)).subarray(0, 65_536), true],
    ['text', text(65_536), false],
    ['zeros', Buffer.alloc(65_536), false],
    ['all bytes in turn', Buffer.from(Array.from({ length: 65_536 }, (_, at) => at % 256)), false],
    ['little', noise(4_000), false],
  ])('%s', (_, bytes, expected) => expect(looksPacked(bytes)).toBe(expected));
});

it('puts checksums together', () => {
  expect([crc32, crcByTables].map((crc) => crc(Buffer.from('123456789')))).toEqual([0xcbf43926, 0xcbf43926]);
  expect(crcByTables(noise(4099))).toBe(gzipSync(noise(4099)).readUInt32LE(gzipSync(noise(4099)).length - 8));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.uint8Array({ maxLength: 3000 }), (a, b) => {
      expect(combinedCrc(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
    }),
    tries(100),
  );
});

describe('GzipFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gzip-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the same from one thread and from several', async () => {
    const parts = [text(1_048_576), noise(1_048_576), text(1_048_576), noise(5, 7), Buffer.alloc(1_048_576), text(99)];
    const write = async (name: string, compressor = ownThread()) => {
      const gzip = await GzipFile.create(join(folder, name), compressor);
      for (const part of parts) {
        const piece = gzip.buffer();
        piece.set(part);
        await gzip.add(piece.subarray(0, part.length));
      }
      const written = await gzip.end();
      compressor.close();
      return { written, bytes: readFileSync(join(folder, name)) };
    };
    const one = await write('one');
    const several = await write('several', threads(2));
    expect(several.written).toEqual(one.written);
    expect(several.bytes.equals(one.bytes)).toBe(true);
    expect(gunzipSync(one.bytes).equals(Buffer.concat(parts))).toBe(true);
  });

  it('fills the same few buffers again, however much there is', async () => {
    const own = ownThread();
    const used = new Set<ArrayBufferLike>();
    const compressor: Compressor = {
      ...own,
      async compress(buffers) {
        const done = await own.compress(buffers);
        for (const { buffer } of [done.packed.bytes, done.piece]) used.add(buffer);
        return done;
      },
    };
    const gzip = await GzipFile.create(join(folder, 'many'), compressor);
    for (let at = 0; at < 12; at++) {
      const piece = gzip.buffer();
      piece.set(noise(300_000, at));
      await gzip.add(piece);
    }
    await gzip.end();
    expect(used.size).toBeLessThanOrEqual(2 * (own.width + 1));
  });

  it.each([
    ['noise', noise(pieceSize)],
    ['text', text(pieceSize)],
  ])('has threads write a piece of %s into the buffer that came with it', async (_, bytes) => {
    const compressor = threads(2);
    const piece = new Uint8Array(bytes);
    const done = await compressor.compress({ piece, into: new Uint8Array(packedSize) });
    compressor.close();
    expect(inflated(done.packed.bytes).equals(bytes)).toBe(true);
    expect([done.packed.bytes.buffer.byteLength, done.piece.buffer.byteLength]).toEqual([packedSize, bytes.length]);
  });

  it('tells where a thread fails', async () => {
    const compressor = threads(
      2,
      "require('node:worker_threads').parentPort.on('message', () => { throw new Error('no'); })",
    );
    await expect(compressor.compress({ piece: new Uint8Array(10), into: new Uint8Array(10) })).rejects.toThrow(
      'cannot compress a layer: no; allow',
    );
    compressor.close();
  });
});

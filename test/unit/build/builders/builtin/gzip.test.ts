import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { gzip } from '../../../../../actions/build-and-push/src/builders/builtin/gzip';
import { fc, tries } from '../../../../support/properties';

/** Content of many kinds: repetition, text, noise that is the same each time. */
function content(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = at % 1000 < 300 ? 65 : (at * at * 31) % 251;
  return bytes;
}

async function compress(chunks: readonly Buffer[]): Promise<Buffer> {
  const packed: Buffer[] = [];
  for await (const chunk of Readable.from(chunks, { objectMode: false }).pipe(gzip())) packed.push(chunk as Buffer);
  return Buffer.concat(packed);
}

/** Cuts bytes at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set([...places.map((place) => place % bytes.length), bytes.length])].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end)).filter((chunk) => chunk.length > 0);
}

describe('gzip', () => {
  it.each([0, 1, 131_071, 131_072, 131_073, 500_000])('can be unpacked: %i bytes', async (length) => {
    const bytes = content(length);
    expect(gunzipSync(await compress(length === 0 ? [] : [bytes])).equals(bytes)).toBe(true);
  });

  it('does not show in its output how the bytes arrived', async () => {
    const bytes = content(400_000);
    const whole = await compress([bytes]);
    const places = fc.array(fc.nat(bytes.length - 1), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(places, async (at) => expect((await compress(cut(bytes, at))).equals(whole)).toBe(true)),
      tries(30),
    );
  });
});

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { typeOfContent } from '../../../../actions/build-and-push/src/builders/builtin/layer-type';
import { types } from '../../../../actions/build-and-push/src/registry/oci';

const archive = Buffer.alloc(2_048);
archive.write('ustar', 257, 'latin1');

const contents: readonly [string, Buffer, string][] = [
  ['an archive', archive, types.layer],
  ['an archive in gzip', gzipSync(archive), types.gzipLayer],
  ['one block of zeros', Buffer.alloc(512), types.layer],
  ['nothing', Buffer.alloc(0), 'what is named'],
  ['anything else', Buffer.alloc(700, 7), 'what is named'],
];

/** Comes in pieces, each of which takes a turn of the event loop. */
async function* piecesOf(content: Buffer, size: number) {
  for (let at = 0; at < content.length; at += size) {
    await new Promise(setImmediate);
    yield content.subarray(at, at + size);
  }
}

it.each(contents.flatMap((each) => [3, 100, 512, 5_000].map((size) => [...each, size] as const)))(
  '%s is known by its beginning and can be read from there, however it arrives',
  async (_, content, type, size) => {
    const stream = Readable.from(piecesOf(content, size), { objectMode: false });
    expect(await typeOfContent(stream, 'what is named')).toBe(type);
    expect((await buffer(stream)).equals(content)).toBe(true);
  },
);

it('what fails before there is anything to read fails with its reason', async () => {
  const stream = new Readable({ read: () => stream.destroy(new Error('the connection was lost')) });
  await expect(typeOfContent(stream, 'what is named')).rejects.toThrow('the connection was lost');
});

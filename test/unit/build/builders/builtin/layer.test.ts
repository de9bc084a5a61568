import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { extract, type Header } from 'tar-stream';
import { type LayerEntry, writeLayer } from '../../../../../actions/build-and-push/src/builders/builtin/layer';
import { folderWith, removeFolder } from './files';

const digestOf = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;
const root = { uid: 0, gid: 0 };
const long = `${'d'.repeat(60)}/${'e'.repeat(60)}/ünïcode`;

const at = (time: number) => ({ time, signal: new AbortController().signal });

describe('writeLayer', () => {
  let folder: string;
  beforeEach(() => {
    folder = folderWith({ small: 'text', big: 'x'.repeat(300_000) });
  });
  afterEach(() => removeFolder(folder));

  const entries = (): LayerEntry[] => [
    ['app', { ...root, kind: 'directory', mode: 0o755 }],
    ['app/big', { ...root, kind: 'file', mode: 0o644, size: 300_000, content: { file: '' } }, join(folder, 'big')],
    ['app/link', { ...root, kind: 'symlink', mode: 0o777, target: '../small' }],
    [
      'app/small',
      {
        uid: 1000,
        gid: 3_000_000,
        kind: 'file',
        mode: 0o4755,
        size: 4,
        content: { file: '' },
      },
      join(folder, 'small'),
    ],
    [long, { ...root, kind: 'directory', mode: 0o700 }],
  ];

  async function headersOf(tar: Buffer): Promise<Header[]> {
    const reader = extract();
    Readable.from([tar]).pipe(reader as unknown as NodeJS.WritableStream);
    const headers: Header[] = [];
    for await (const entry of reader) {
      headers.push(entry.header);
      entry.resume();
    }
    return headers;
  }

  it('describes what it wrote', async () => {
    const layer = await writeLayer(entries(), join(folder, 'layer'), at(0));
    const written = readFileSync(layer.file!);
    expect(layer.descriptor).toEqual({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: digestOf(written),
      size: written.length,
    });
    expect(layer.diffId).toBe(digestOf(gunzipSync(written)));
    // RFC 1952: no name, no time, and the same operating system everywhere.
    expect([...written.subarray(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
  });

  it('keeps names, modes, owners and links, with one time and no names of users', async () => {
    const { file } = await writeLayer(entries(), join(folder, 'layer'), at(86_400));
    const headers = await headersOf(gunzipSync(readFileSync(file!)));
    expect(headers.map(({ name, type, mode, uid }) => [name, type, mode, uid])).toEqual([
      ['app/', 'directory', 0o755, 0],
      ['app/big', 'file', 0o644, 0],
      ['app/link', 'symlink', 0o777, 0],
      ['app/small', 'file', 0o4755, 1000],
      [`${long}/`, 'directory', 0o700, 0],
    ]);
    expect(headers[2]!.linkname).toBe('../small');
    expect(headers[3]!.pax).toMatchObject({ gid: '3000000' });
    expect(new Set(headers.map(({ mtime, uname, gname }) => [mtime.getTime(), uname, gname].join()))).toEqual(
      new Set(['86400000,,']),
    );
  });

  it('has this digest on every machine and every Node', async () => {
    const { descriptor, diffId } = await writeLayer(entries(), join(folder, 'layer'), at(0));
    expect({ digest: descriptor.digest, diffId }).toMatchInlineSnapshot(`
{
  "diffId": "sha256:1c01bd43d292689076ea7be90308dd092b7732ab22cc4856a63dec0f84e6d0f2",
  "digest": "sha256:7edae046e8acf4c75991b8f4f62e6e68f586798390011695b2eeb6cafc9ffb62",
}
`);
  });

  it('fails when a file is not as long as it was', async () => {
    const changed: LayerEntry[] = [
      ['small', { ...root, kind: 'file', mode: 0o644, size: 9, content: { file: '' } }, join(folder, 'small')],
    ];
    await expect(writeLayer(changed, join(folder, 'layer'), at(0))).rejects.toThrow(
      'cannot pack "small": it changed while the image was built; build when nothing else writes to the context',
    );
  });

  it.each([
    ['before', (ending: AbortController) => ending.abort(new Error('interrupted'))],
    ['while', (ending: AbortController) => setImmediate(() => ending.abort(new Error('interrupted')))],
  ])('ends when it is interrupted %s it is written', async (_, interrupt) => {
    const ending = new AbortController();
    interrupt(ending);
    const writing = writeLayer(entries(), join(folder, 'layer'), { time: 0, signal: ending.signal });
    await expect(writing).rejects.toThrow('interrupted');
  });

  it('fails when a file is gone', async () => {
    const gone: LayerEntry[] = [
      ['x', { ...root, kind: 'file', mode: 0o644, size: 9, content: { file: '' } }, join(folder, 'gone')],
    ];
    await expect(writeLayer(gone, join(folder, 'layer'), at(0))).rejects.toThrow(
      'cannot pack "x": it vanished while the image was built',
    );
  });
});

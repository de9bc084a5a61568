/** Layers that no packer should write. */

import { gzipSync } from 'node:zlib';
import { fc } from '../properties';
import { rawEntry, rawPax, rawTar } from '../raw-tar';

const names = [
  '',
  '.',
  '..',
  '/',
  './',
  'a',
  'a/b',
  'app',
  'app/',
  'app/x',
  '/etc/passwd',
  '../up',
  'a/../../b',
  'app/../../../x',
  '.wh.',
  '.wh.a',
  '.wh..wh..opq',
  'app/.wh.x',
  '.wh..',
  '.wh...',
  'a//b',
  'a\\b',
  'a\nb',
  'usr/bin',
  'usr/bin/x',
  'é',
  'n'.repeat(100),
];

const entry: fc.Arbitrary<Buffer> = fc
  .record({
    name: fc.constantFrom(...names),
    type: fc.constantFrom(...'0000512346755xgLKSVMDNX\0Az'),
    linkname: fc.constantFrom('', ...names),
    size: fc.constantFrom(
      undefined,
      undefined,
      undefined,
      undefined,
      '0',
      '7',
      '77777777777',
      '-1',
      'xyz',
      '\x80\0\0\0\0\0\0\0\0\0\0\x05',
      '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff',
    ),
    uid: fc.constantFrom('0', '0', '0', '1750', '7777777', 'abc'),
    body: fc.constantFrom(
      '',
      '',
      'hello',
      '9 path=x\n',
      '27 path=some/other/place\n',
      'garbage',
      '-5 a=b\n',
      '99999 path=x\n',
    ),
  })
  .map(({ body, size, ...header }) => rawEntry({ ...header, ...(size !== undefined && { size }) }, body));

const pax: fc.Arbitrary<Buffer> = fc
  .record({
    key: fc.constantFrom(
      'path',
      'linkpath',
      'size',
      'uid',
      'mtime',
      'GNU.sparse.major',
      'GNU.sparse.name',
      'GNU.sparse.map',
      'GNU.sparse.realsize',
      'SCHILY.xattr.security.capability',
      'SCHILY.xattr.user.x',
      '',
      'hdrcharset',
    ),
    value: fc.constantFrom('', 'x', '1', '-1', '1.5', '1e400', '0', 'a/b', '../x', '\0', '99999999999999', 'ä'),
    global: fc.boolean(),
  })
  .map(({ key, value, global }) => rawPax({ [key]: value }, global ? 'g' : 'x'));

/** An archive as bytes. */
const archive: fc.Arbitrary<Buffer> = fc
  .record({
    parts: fc.array(fc.oneof({ weight: 4, arbitrary: entry }, pax), { maxLength: 6 }),
    end: fc.constantFrom('whole', 'whole', 'whole', 'none', 'cut', 'behind'),
  })
  .map(({ parts, end }) => {
    const whole = rawTar(...parts);
    if (end === 'none') return whole.subarray(0, whole.length - 1024);
    if (end === 'cut') return whole.subarray(0, Math.max(0, whole.length - 1024 - 300));
    return end === 'behind' ? Buffer.concat([whole, Buffer.from('what follows'.repeat(100))]) : whole;
  });

export interface OddLayer {
  readonly tar: Buffer;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

const zstd = (tar: Buffer): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528);
  head.set([0, 0x58], 4);
  head.writeUIntLE(((tar.length << 3) | 1) >>> 0, 6, 3);
  return Buffer.concat([head, tar]);
};

const packings: readonly (readonly [type: string, pack: (tar: Buffer) => Buffer])[] = [
  ['tar+gzip', (tar) => gzipSync(tar)],
  ['tar+gzip', (tar) => Buffer.concat([gzipSync(tar.subarray(0, 512)), gzipSync(tar.subarray(512))])],
  ['tar+gzip', (tar) => Buffer.concat([gzipSync(tar), Buffer.from('tail')])],
  ['tar+gzip', (tar) => Buffer.concat([gzipSync(tar), Buffer.alloc(512)])],
  ['tar+gzip', (tar) => gzipSync(tar).subarray(0, -5)],
  ['tar+gzip', (tar) => tar],
  ['tar', (tar) => tar],
  ['tar', (tar) => gzipSync(tar)],
  ['tar+zstd', zstd],
  ['tar+zstd', (tar) => zstd(tar).subarray(0, -3)],
  ['tar+zstd', (tar) => Buffer.concat([zstd(tar), Buffer.from('\x50\x2a\x4d\x18\x02\0\0\0ab', 'latin1')])],
  ['tar+zstd', (tar) => gzipSync(tar)],
];

export const layer: fc.Arbitrary<OddLayer> = fc
  .record({ tar: archive, packing: fc.constantFrom(...packings, packings[0]!, packings[0]!, packings[0]!) })
  .map(({ tar, packing: [type, pack] }) => ({
    tar,
    mediaType: `application/vnd.oci.image.layer.v1.${type}`,
    bytes: pack(tar),
  }));

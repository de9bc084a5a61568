import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seedBaseImage } from '../../../../local/aws/registry/seed';
import { tarOf } from './files';
import { openWorkshop, type Workshop } from './workshop';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

/** Bytes that cannot be compressed, always the same. */
const noise = Array.from({ length: 4000 }, (_, at) => createHash('sha256').update(String(at)).digest('hex')).join('');
const archive = () => tarOf([{ name: 'f' }, noise], [{ name: 'g' }, 'g']);
const damaged = (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(400, 0xff)]);

describe('a damaged archive is refused, not added as it is', () => {
  it.each<[string, (tar: Buffer) => Buffer]>([
    ['gzip that is cut off', (tar) => gzipSync(tar).subarray(0, 50_000)],
    ['gzip with other bytes', (tar) => damaged(gzipSync(tar), 50_000)],
    ['a tar in gzip that is cut off', (tar) => gzipSync(tar.subarray(0, 2_000))],
    ['a tar in gzip with other bytes', (tar) => gzipSync(damaged(tar, 512 + 256_000).subarray(0, 512 + 256_512))],
    ['a tar that is cut off', (tar) => tar.subarray(0, 2_000)],
    ['a tar with a bad first entry', (tar) => Buffer.concat([Buffer.from('xx'), tar.subarray(2)])],
  ])('%s', async (_, damage) => {
    const building = workshop.build('FROM scratch\nADD a.bin /x/\n', { 'a.bin': damage(await archive()) });
    await expect(building).rejects.toThrow(
      /^Dockerfile:2 ADD: cannot unpack a\.bin: it is damaged \((?!Premature).+\); pack it again$/,
    );
  });
});

it.each<[string, Buffer]>([
  ['text in gzip', gzipSync('text')],
  ['gzip that is damaged from the first entry on', damaged(gzipSync(noise), 20)],
  ['an archive of nothing', Buffer.alloc(1024)],
  ['nothing', Buffer.alloc(0)],
])('%s is added as it is', async (_, content) => {
  const { files } = await workshop.build('FROM scratch\nADD a.bin /x/\n', { 'a.bin': content });
  expect([files.below(''), files.get('x/a.bin')]).toEqual([
    ['x', 'x/a.bin'],
    expect.objectContaining({ size: content.length }),
  ]);
});

it.each<[string, (tar: Buffer) => Buffer]>([
  ['other bytes', (tar) => Buffer.concat([tar, Buffer.from('trailing')])],
  ['more of them than any header has', (tar) => Buffer.concat([tar, Buffer.alloc(6 * 1024 ** 2, 'x')])],
  ['a second archive', (tar) => Buffer.concat([tar, tar])],
  ['other bytes, in gzip', (tar) => gzipSync(Buffer.concat([tar, Buffer.alloc(1000, 'x')]))],
])('ends an archive at its mark, whatever follows: %s', async (_, extend) => {
  const tar = extend(await tarOf([{ name: 'f' }, 'text']));
  const { files, look } = await workshop.build('FROM scratch\nADD a.tar /x/\n', { 'a.tar': tar });
  expect([files.below('x'), look('x/f')]).toEqual([['x/f'], '0644 0:0 text']);
});

it('unpacks archives of the time before their format had a mark', async () => {
  const tar = await tarOf([{ name: 'f' }, 'text']);
  tar.fill(0, 257, 265);
  const sum = tar.subarray(0, 512).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const { look } = await workshop.build('FROM scratch\nADD a.tar /x/\n', { 'a.tar': tar });
  expect(look('x/f')).toBe('0644 0:0 text');
});

it('unpacks each archive that a pattern matches, and adds the other files', async () => {
  const files = {
    'a.tar.gz': gzipSync(await tarOf([{ name: 'a' }, 'A'])),
    'b.tar.gz': gzipSync(await tarOf([{ name: 'b' }, 'B'])),
    '*.tar.gz': gzipSync('text'),
  };
  const { files: tree } = await workshop.build('FROM scratch\nADD *.tar.gz /x/\n', files);
  expect(tree.below('')).toEqual(['x', 'x/*.tar.gz', 'x/a', 'x/b']);
});

describe('what is in the way of an archive', () => {
  const base = () => `${workshop.host}/base:1`;
  const image = (files: Record<string, string>) =>
    seedBaseImage(workshop.aws.ecr, { repository: 'base', tag: '1', files });
  it('is replaced: a link by a directory, a directory by a file', async () => {
    await image({ 'usr/lib/old': 'old', 'etc/old': 'old' });
    const tar = await tarOf(
      [{ name: 'lib/', type: 'directory', mode: 0o700 }],
      [{ name: 'lib/new' }, 'new'],
      [{ name: 'etc' }, 'file'],
    );
    const links = await tarOf([{ name: 'lib', type: 'symlink', linkname: 'usr/lib' }]);
    const { look, files } = await workshop.build(`FROM ${base()}\nADD links.tar /\nADD a.tar /\n`, {
      'links.tar': links,
      'a.tar': tar,
    });
    expect([look('lib'), look('lib/new'), look('etc')]).toEqual(['0700 0:0', '0644 0:0 new', '0644 0:0 file']);
    expect(files.below('usr')).toEqual(['usr/lib', 'usr/lib/old']);
    expect(files.below('etc')).toEqual([]);
  });

  it('stays where the archive only implies the directory', async () => {
    await image({ 'usr/lib/old': 'old' });
    const links = await tarOf([{ name: 'lib', type: 'symlink', linkname: 'usr/lib' }]);
    const tar = await tarOf([{ name: 'lib/new' }, 'new']);
    const { files } = await workshop.build(`FROM ${base()}\nADD links.tar a.tar /\n`, {
      'links.tar': links,
      'a.tar': tar,
    });
    expect([files.get('lib')?.kind, files.below('usr/lib')]).toEqual(['symlink', ['usr/lib/new', 'usr/lib/old']]);
  });

  it('is refused where a file stands for a directory that the archive only implies', async () => {
    await image({ app: 'file' });
    const building = workshop.build(`FROM ${base()}\nADD a.tar /\n`, {
      'a.tar': await tarOf([{ name: 'app/x' }, 'x']),
    });
    await expect(building).rejects.toThrow('/app is a file, not a directory');
  });
});

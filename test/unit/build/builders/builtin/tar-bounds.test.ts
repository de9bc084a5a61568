import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { addTar, extractFiles } from '../../../../../actions/build-and-push/src/builders/builtin/tar';
import { FileTree, type TarSource } from '../../../../../actions/build-and-push/src/builders/builtin/tree/tree';
import { consumeTar } from '../../../../../actions/build-and-push/src/builders/builtin/unpack';
import { rawEntry, rawHeader, rawPax, rawTar } from '../../../../support/raw-tar';
import { folderWith, removeFolder, treeOf } from './files';

/** In pieces as they come from a disk, and as many as are asked for. */
const inPieces = (parts: Iterable<Buffer>): TarSource => ({
  read: (consume) => consume(Readable.from(pieces(parts), { objectMode: true }).pipe(new PassThrough())),
});

function* pieces(parts: Iterable<Buffer>): Generator<Buffer> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 65_536) yield part.subarray(at, at + 65_536);
  }
}

async function list(...parts: Buffer[]): Promise<FileTree> {
  const tree = new FileTree();
  await addTar(tree, inPieces([rawTar(...parts)]), { whiteouts: true });
  return tree;
}

const file = rawEntry({ name: 'f' }, 'text');

describe('addTar refuses', () => {
  const long = 'n'.repeat(400_000);
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`k${at}`, 'v']));
  const circle = [rawEntry({ name: 'l', type: '2', linkname: 'l' })];
  const header = (at: number) => rawEntry({ name: 'pax', type: 'g' }, `${at}`.repeat(1_000_000));
  it.each<[string, Buffer[], string]>([
    ['a name of 400 KB', [rawPax({ path: long }), file], 'the path "nnn'],
    ['the name in GNU form', [rawEntry({ name: 'L', type: 'L' }, `${long}\0`), file], 'the path "nnn'],
    ['a path beyond PATH_MAX', [rawPax({ path: 'd/'.repeat(2_049) }), file], 'has more than 4096 bytes'],
    ['a name beyond NAME_MAX', [rawPax({ path: 'n'.repeat(256) }), file], 'a name of more than 255 bytes'],
    ['a zero byte', [rawPax({ path: 'a\0b' }), file], 'contains a NUL byte'],
    ['a link beyond PATH_MAX', [rawPax({ linkpath: long }), rawEntry({ name: 'l', type: '2' })], 'the link "l" in it'],
    [
      'a link with a zero byte',
      [rawPax({ linkpath: 'a\0b' }), rawEntry({ name: 'l', type: '2' })],
      'leads to "a\\u0000b"',
    ],
    ['many attributes', [rawPax(many), file], '"f" in it has more than 1000 extended attributes'],
    ['many attributes for all', [rawPax(many, 'g'), rawPax({ a: 'b' }), file], 'more than 1000 extended attributes'],
    ['an owner that is no number', [rawPax({ uid: 'root' }), file], '"f" in it has an owner that is not a number'],
    ['an owner of an infinite number', [rawPax({ gid: '1e999' }), file], '"f" in it has an owner that is not a number'],
    ['garbage for an owner', [rawEntry({ name: 'f', uid: 'zzzz' })], '"f" in it has an owner that is not a number'],
    [
      'a hard link to nothing',
      [rawEntry({ name: 'h', type: '1', linkname: 'f' })],
      '"h" in it is a hard link to "f", which does not exist',
    ],
    ['a hard link forward', [rawEntry({ name: 'h', type: '1', linkname: 'f' }), file], 'which does not exist'],
    ['a hard link to itself', [rawEntry({ name: 'h', type: '1', linkname: 'h' })], 'which does not exist'],
    ['a hard link to the root', [rawEntry({ name: 'h', type: '1', linkname: '/' })], 'which does not exist'],
    [
      'a hard link to a directory',
      [rawEntry({ name: 'd', type: '5' }), rawEntry({ name: 'h', type: '1', linkname: 'd' })],
      'which is a directory',
    ],
    [
      'a file behind a link in a circle',
      [...circle, rawEntry({ name: 'l/f' })],
      'the links on the way to "l/f" in it form a loop',
    ],
    ['a whiteout of its own folder', [rawEntry({ name: 'd/.wh..' })], '"d/.wh.." in it removes no file'],
    ['a whiteout of the folder above', [rawEntry({ name: 'd/.wh...' })], '"d/.wh..." in it removes no file'],
    ['a whiteout of nothing', [rawEntry({ name: '.wh.' })], '".wh." in it removes no file'],
    [
      'headers without an entry',
      Array.from({ length: 9 }, (_, at) => header(at)),
      'a header of it has more than 4194304 bytes',
    ],
    ['a size below nothing', [rawHeader({ name: 'f', size: `${'\xff'.repeat(11)}\x00` })], 'Invalid header'],
    [
      'a header of 8 GB',
      [rawHeader({ name: 'p', type: 'x', size: '77777777777' })],
      'a header of it has more than 4194304 bytes',
    ],
  ])('%s', async (_, parts, problem) => {
    const listing = list(...parts);
    await expect(listing).rejects.toThrow(problem);
    // One short line, whatever the archive says.
    const { message } = (await listing.catch((error: unknown) => error)) as Error;
    expect(message).toMatch(/^.{1,300}$/);
  });

  it('headers that never end', async () => {
    let given = 0;
    const endless = (function* () {
      const part = rawEntry({ name: 'pax', type: 'g' }, Buffer.alloc(1024 ** 2, 1));
      for (; given < 2_000; given++) yield part;
    })();
    await expect(addTar(new FileTree(), inPieces(endless), { whiteouts: true })).rejects.toThrow('a header of it');
    expect(given).toBeLessThan(20);
  });

  it.each([
    ['more entries', { entries: 2 }, 'it has more than 2 entries'],
    ['longer names', { names: 5 }, 'its names have more than 5 characters'],
    ['more directories, which names only imply,', { files: 4 }, 'there are more than 4 files and directories in it'],
  ])('%s than any image has', async (_, lower, problem) => {
    const parts = [rawEntry({ name: 'a/b/c/' }), rawEntry({ name: 'd/e' }), rawEntry({ name: '/', linkname: '' })];
    const real = { entries: 3, names: 8, files: 5 };
    const adding = (limits: typeof real) =>
      addTar(new FileTree(), inPieces([rawTar(...parts)]), { whiteouts: true, limits });
    await expect(adding(real)).resolves.toBeUndefined();
    await expect(adding({ ...real, ...lower })).rejects.toThrow(problem);
  });
});

const rawEntryOf = (path: string) => Buffer.concat([rawPax({ path }), file]);

describe('addTar takes what is merely odd', () => {
  it('names that lead out, to the root and nowhere', async () => {
    const names = ['', '.', './', '/', '..', '../..', '../../etc/x', '/etc/y', './/a//b/', 'c/../d'];
    const tree = await list(...names.map((name) => rawEntry({ name })));
    expect(tree.below('')).toEqual(['a', 'a/b', 'd', 'etc', 'etc/x', 'etc/y']);
  });

  it('owners below nothing, and beyond 32 bits, as Linux keeps them', async () => {
    const tree = await list(rawPax({ uid: '-2', gid: '4294967297' }), file);
    expect(tree.get('f')).toMatchObject({ uid: 0xfffffffe, gid: 1 });
  });

  it('line breaks in names, links that hold other things, devices, empty owners', async () => {
    const value = 'v'.repeat(1000);
    const tree = await list(
      rawPax({ path: 'a\n::error::b' }),
      file,
      rawPax({ linkpath: value }),
      rawEntry({ name: 'l', type: '2' }),
      rawEntry({ name: 'tty', type: '3', uid: '' }),
      rawEntry({ name: 'tty2', type: '1', linkname: 'tty' }),
      rawEntry({ name: 'l2', type: '1', linkname: './l' }),
    );
    expect(tree.below('').map((path) => [path, tree.get(path)!.kind])).toEqual([
      ['a\n::error::b', 'file'],
      ['l', 'symlink'],
      ['l2', 'symlink'],
      ['tty', 'special'],
      ['tty2', 'special'],
    ]);
    expect(tree.get('l')).toMatchObject({ target: value });
  });

  it('zeros at its end, as tapes have them, and large files', async () => {
    const large = rawEntry({ name: 'g' }, Buffer.alloc(6 * 1024 ** 2, 1));
    expect((await list(file, large, file, Buffer.alloc(8 * 1024 ** 2))).below('')).toEqual(['f', 'g']);
  });

  it('a whiteout behind a link', async () => {
    const tree = treeOf('usr/', 'usr/bin/', 'usr/bin/x', 'bin -> usr/bin');
    await addTar(tree, inPieces([rawTar(rawEntry({ name: 'bin/.wh.x' }))]), { whiteouts: true });
    expect(tree.below('')).toEqual(['bin', 'usr', 'usr/bin']);
  });
});

describe('a signal', () => {
  /** An archive that never ends, and the number of pieces that were asked for. */
  function endless(part: Buffer, onPiece: (count: number) => void): TarSource {
    const parts = (function* () {
      for (let count = 0; ; count++) {
        onPiece(count);
        yield part;
      }
    })();
    return inPieces(parts);
  }

  it('ends the listing', async () => {
    const ending = new AbortController();
    const source = endless(rawEntry({ name: '.' }), (count) => count === 100 && ending.abort(new Error('interrupted')));
    const listing = addTar(new FileTree(), source, { whiteouts: true, signal: ending.signal });
    await expect(listing).rejects.toThrow('interrupted');
  });

  it('ends the unpacking of a file that never ends', async () => {
    const folder = folderWith({});
    const ending = new AbortController();
    const head = rawHeader({ name: 'f', size: '77777777777' });
    let started = false;
    const source = endless(head, (count) => {
      started = true;
      if (count === 1000) ending.abort(new Error('interrupted'));
    });
    const extracting = extractFiles(source, new Set([0]), folder, ending.signal);
    await expect(extracting).rejects.toThrow('interrupted');
    expect(started).toBe(true);
    removeFolder(folder);
  });

  it('that came before ends it before it begins', async () => {
    const ending = new AbortController();
    ending.abort(new Error('interrupted'));
    let asked = 0;
    const source = endless(rawEntry({ name: '.' }), (count) => {
      asked = count;
      if (count === 5000) throw new Error('it reads on');
    });
    const listing = addTar(new FileTree(), source, { whiteouts: true, signal: ending.signal });
    await expect(listing).rejects.toThrow('interrupted');
    expect(asked).toBeLessThan(1000);
  });
});

describe('extractFiles', () => {
  let folder = '';
  afterEach(() => removeFolder(folder));

  it('names files by their position, in a new folder for each attempt', async () => {
    folder = folderWith({ outside: 'kept' });
    const once = inPieces([rawTar(rawEntryOf('../../outside'), file)]);
    let attempts = 0;
    const again: TarSource = {
      async read(consume) {
        for (; attempts < 2; attempts++) await once.read(consume);
        return once.read(consume);
      },
    };
    const files = await extractFiles(again, new Set([0, 1]), folder);
    expect([...files.values()].map((path) => readFileSync(path, 'utf8'))).toEqual(['text', 'text']);
    expect([...files].map(([at, path]) => path.endsWith(`/${at}`))).toEqual([true, true]);
    expect(readdirSync(folder)).toHaveLength(4);
    expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('kept');
  });

  it('writes into no file that is there', async () => {
    folder = folderWith({ victim: 'kept' });
    const source: TarSource = {
      read: (consume) => {
        const reading = consume(Readable.from([rawTar(file)]));
        const [attempt] = readdirSync(folder).filter((name) => name.startsWith('attempt-'));
        symlinkSync(join(folder, 'victim'), join(folder, attempt!, '0'));
        return reading;
      },
    };
    await expect(extractFiles(source, new Set([0]), folder)).rejects.toThrow('EEXIST');
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('kept');
  });
});

describe('consumeTar', () => {
  const zeros = gzipSync(Buffer.alloc(1024 ** 2));
  const size = async (tar: Readable) => {
    let all = 0;
    for await (const chunk of tar) all += (chunk as Buffer).length;
    return all;
  };

  it('gives what is within the limit: a base, and so much for each byte', async () => {
    const reading = consumeTar(Readable.from([zeros]), createGunzip(), size, { base: 0, ratio: 1100 });
    expect(await reading).toBe(1024 ** 2);
    expect(await consumeTar(Readable.from([zeros]), createGunzip(), size, { base: 1024 ** 2, ratio: 0 })).toBe(
      1024 ** 2,
    );
  });

  it('refuses what is beyond it, and reads no further', async () => {
    let given = 0;
    const endless = (function* () {
      for (; given < 5_000; given++) yield zeros;
    })();
    const reading = consumeTar(Readable.from(endless), createGunzip(), size, { base: 10 * 1024 ** 2, ratio: 500 });
    await expect(reading).rejects.toThrow('it unpacks to more than 10485760 bytes and 500 times its own size');
    expect(given).toBeLessThan(500);
  });

  it('fails with what its reader fails with, whether it has begun to read or not', async () => {
    const fails = () => Promise.reject(new Error('no space'));
    await expect(consumeTar(Readable.from([zeros]), createGunzip(), fails)).rejects.toThrow('no space');
    await expect(consumeTar(Readable.from([zeros]), undefined, fails)).rejects.toThrow('no space');
  });

  it('fails with what its source fails with', async () => {
    const broken = Readable.from(
      (function* () {
        yield zeros.subarray(0, 100);
        throw new Error('connection lost');
      })(),
    );
    await expect(consumeTar(broken, createGunzip(), size)).rejects.toThrow('connection lost');
    await expect(consumeTar(Readable.from([zeros.subarray(0, 100)]), createGunzip(), size)).rejects.toThrow(
      'unexpected end of file',
    );
  });
});

/** The build context that all Dockerfiles of the judge share. */
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Header } from 'tar-stream';
import { encodeHeader } from '../../../actions/build-and-push/src/builders/builtin/tar-writer';
import { tarOf } from '../../unit/build/builders/builtin/files';
import { namedArchives, namedHardLinks, namedLinks, namedTexts } from './context-names';

const texts: Readonly<Record<string, string>> = {
  'a.txt': 'a\n',
  'b.txt': 'b\n',
  'c.log': 'c\n',
  'app.sh': '#!/bin/sh\n',
  empty: '',
  secret: 's',
  setuid: 'u',
  'dir/x': 'x',
  'dir/y.txt': 'y',
  'dir/sub/z': 'z',
  'dir/sub/deep/w.txt': 'w',
  'other/x': 'another x',
  'other/only': 'o',
  'private/f': 'p',
  'sp ace/f g': 'f',
  'libs/app.jar': 'jar',
  'libs/app-plain.jar': 'plain jar',
  'odd/[x]': 'brackets',
  'odd/back\\slash': 'backslash',
  'odd/st*r': 'star',
  'ünï/ö': 'u',
  'hard/one': 'same',
  'etc/passwd': 'root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n# note\nnobody:x:65534:65534::/:\n',
  'etc/group': 'root:x:0:\nstaff:x:50:app\n',
  'not-a-tar.gz': '',
  'tree/a/b/c.txt': 'c',
  'tree/a/d.md': 'd',
  'tree/e.md': 'e',
};

const modes: Readonly<Record<string, number>> = {
  'app.sh': 0o755,
  secret: 0o600,
  setuid: 0o4755,
  private: 0o700,
  'pipes/pipe': 0o640,
  'private/f': 0o400,
  'dir/sub': 0o711,
};

const links: Readonly<Record<string, string>> = {
  'dir/link': 'x',
  'dir/up': '../a.txt',
  'to-dir': 'dir',
  'to-file': 'a.txt',
  broken: 'nowhere',
  'many/to-x': '../dir/x',
  'many/to-sub': '../dir/sub',
};

type Entry = [Partial<Header> & { name: string }, string?];

const archives: Readonly<Record<string, readonly Entry[]>> = {
  'plain.tar': [[{ name: 'p/', type: 'directory', mode: 0o750, uid: 3, gid: 4 }], [{ name: 'p/q', mode: 0o640 }, 'q']],
  'dot.tar': [[{ name: './', type: 'directory', mode: 0o700, uid: 5, gid: 6 }], [{ name: './f', uid: 5, gid: 6 }, 'f']],
  'links.tar': [
    [{ name: 'one' }, '1'],
    [{ name: 'two', type: 'link', linkname: 'one' }],
    [{ name: 'soft', type: 'symlink', linkname: 'one' }],
    [{ name: 'abs', type: 'symlink', linkname: '/etc/x' }],
  ],
  'devices.tar': [
    [{ name: 'dev/null', type: 'character-device', mode: 0o666, devmajor: 1, devminor: 3 }],
    [{ name: 'dev/loop', type: 'block-device', mode: 0o660, devmajor: 7, devminor: 0 }],
    [{ name: 'dev/pipe', type: 'fifo', mode: 0o600 }],
  ],
  'implied.tar': [[{ name: 'i/j/k' }, 'k']],
  'whiteout.tar': [
    [{ name: '.wh.gone' }, ''],
    [{ name: 'kept' }, 'k'],
  ],
  'big.tar': [
    [{ name: 'd/'.repeat(60) + 'f'.repeat(120), mode: 0o600 }, 'long'],
    [{ name: 'bits', mode: 0o7755 }, 'b'],
  ],
};

/** `plain.tar` as bzip2, xz and zstd pack it, which not every machine can. */
const packed: Readonly<Record<string, string>> = {
  'bz.tar.bz2':
    'QlpoOTFBWSZTWeC+uSMAAGBbkPGAQAD/hAADYAB+AAQAAAggAHISoJpkaGjIYaCRTU0NRmiabU9Rk7zPlKx4JoniklFxoJCUxsRQ' +
    '1lWCTNt9t2XMSjBVyggBMPYw0ObThthzbOxWKM9P4WrQVcelV3EEEIAZF3JFOFCQ4L65Iw==',
  'xz.tar.xz':
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4An/AF1dADgLvBunjDQGrHBurzIRalcVlRKyvV5TpqM86p1thF3t7Qh+3P8gft5oNTLr' +
    '6zP8APMruWl8LEQ+6OcaYJywKM94kTfTfMQPWtKB3c2ZpKDc1IZgj2l2G9XRc7j0AAAAAACtmItkPzVn4QABeYAUAAAAjvjlgbHE' +
    'Z/sCAAAAAARZWg==',
  'zst.tar.zst':
    'KLUv/QRYhQMAhANwLwAwMDA3NTAgADAzNCAwIDAwNzQyNiAANQB1c3RhcgAwMAAwMCBwL3EwMDA2NDAwMTU3MiAAMBYAm+V++ABi' +
    'AmBALYAc4AxkMUAQCupwAB3gQAEKBoVEsMkA7SWQDgDJA4gAB8i3kgxY0ifgBqW6SPI=',
};

/** A capability whose bytes are not all text. */
const capability = Buffer.from('010000028000000000000000000000000000a0ff', 'hex').toString('latin1');

/** Writes the context into a folder. */
export async function writeContext(folder: string): Promise<void> {
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const [name, text] of Object.entries({ ...texts, ...namedTexts })) write(name, text);
  for (const [name, entries] of Object.entries({ ...archives, ...namedArchives })) write(name, await tarOf(...entries));
  const plain = await tarOf(...archives['plain.tar']!);
  write('gz.tar.gz', gzipSync(plain));
  write('not-a-tar.gz', gzipSync('text'));
  write('capable.tar', capableTar());
  write('followed.tar', Buffer.concat([plain, Buffer.alloc(1000, 'x')]));
  write('twice.tar', Buffer.concat([plain, await tarOf([{ name: 'second' }, 's'])]));
  for (const [name, bytes] of Object.entries(packed)) write(name, Buffer.from(bytes, 'base64'));
  for (const [name, target] of Object.entries({ ...links, ...namedLinks })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(target, join(folder, name));
  }
  linkSync(join(folder, 'hard/one'), join(folder, 'hard/two'));
  for (const [name, of] of namedHardLinks) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    linkSync(join(folder, of), join(folder, name));
  }
  write('pipes/file', 'f');
  execFileSync('mkfifo', [join(folder, 'pipes/pipe')]);
  // Whatever the umask was.
  for (const { path, isDirectory } of walk(folder)) chmodSync(path, isDirectory ? 0o755 : 0o644);
  for (const [name, mode] of Object.entries(modes)) chmodSync(join(folder, name), mode);
}

function* walk(folder: string): Generator<{ path: string; isDirectory: boolean }> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    yield { path, isDirectory: entry.isDirectory() };
    if (entry.isDirectory()) yield* walk(path);
  }
}

function capableTar(): Buffer {
  const attributes = { mode: 0o755, uid: 0, gid: 0, capability };
  const node = { ...attributes, kind: 'file', size: 1, content: { file: '' } } as const;
  const body = Buffer.alloc(512);
  body.write('x');
  return Buffer.concat([encodeHeader({ path: 'bin/ping', node, time: 0 }), body, Buffer.alloc(1024)]);
}

import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Header, pack } from 'tar-stream';
import { SimulationClock } from '../../local/aws/clock';
import { EcrState } from '../../local/aws/ecr/state';
import { applyLayer } from '../../local/aws/registry/layer';
import { seedBaseImage } from '../../local/aws/registry/seed';
import { unpackImage } from '../../local/aws/registry/unpack';

let outside: string;
let root: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'unpack-test-'));
  root = join(outside, 'root');
  mkdirSync(root);
});
afterEach(() => rmSync(outside, { recursive: true }));

type Entry = Partial<Header> & { name: string; content?: string };

async function apply(...entries: Entry[]): Promise<void> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry({ type: 'file', ...header } as Header, content ?? '');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  await applyLayer(Readable.from([Buffer.concat(chunks)]), root);
}
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const has = (path: string) => existsSync(join(root, path));

describe('a layer', () => {
  it('brings files, folders, modes and links', async () => {
    await apply(
      { name: 'srv', type: 'directory', mode: 0o755 },
      { name: 'srv/run', mode: 0o755, content: 'run' },
      { name: './srv/also', type: 'link', linkname: 'srv/run' },
      { name: 'bin/run', type: 'symlink', linkname: '/srv/run' },
      { name: 'bin/up', type: 'symlink', linkname: '../srv' },
    );
    expect([read('srv/run'), read('srv/also'), read('bin/run'), read('bin/up/run')]).toEqual([
      'run',
      'run',
      'run',
      'run',
    ]);
    expect(statSync(join(root, 'srv/run')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(root, 'bin/run'))).toBe('../srv/run');
  });

  it('replaces what is there, whatever it was', async () => {
    await apply(
      { name: 'a/b', content: 'old' },
      { name: 'c', content: 'file' },
      { name: 'd', type: 'symlink', linkname: 'c' },
    );
    await apply({ name: 'a', content: 'now a file' }, { name: 'c', type: 'directory' }, { name: 'd', content: 'new' });
    expect([read('a'), read('d'), lstatSync(join(root, 'c')).isDirectory()]).toEqual(['now a file', 'new', true]);
  });

  it('removes what its whiteouts name', async () => {
    await apply({ name: 'a/keep' }, { name: 'a/go' }, { name: 'b/deep/go' });
    await apply({ name: 'a/.wh.go' }, { name: '.wh.b' });
    expect(['a/keep', 'a/go', 'a/.wh.go', 'b'].map(has)).toEqual([true, false, false, false]);
  });

  it('hides a folder of lower layers, not what it brings itself', async () => {
    await apply({ name: 'a/old' }, { name: 'a/sub/old' });
    await apply({ name: 'a/sub/new' }, { name: 'a/.wh..wh..opq' }, { name: 'a/later' });
    expect(['a/old', 'a/sub/old', 'a/sub/new', 'a/later'].map(has)).toEqual([false, false, true, true]);
  });
});

describe('a layer that wants out of the folder stays in it', () => {
  it.each<[string, Entry[], string]>([
    ['by its name', [{ name: '../../escaped', content: 'x' }], 'escaped'],
    ['by an absolute name', [{ name: '/escaped', content: 'x' }], 'escaped'],
    [
      'by a link to the root',
      [
        { name: 'l', type: 'symlink', linkname: '/' },
        { name: 'l/escaped', content: 'x' },
      ],
      'escaped',
    ],
    [
      'by a link upwards',
      [
        { name: 'a/l', type: 'symlink', linkname: '../../../..' },
        { name: 'a/l/escaped', content: 'x' },
      ],
      'escaped',
    ],
  ])('%s', async (_name, entries, path) => {
    await apply(...entries);
    expect(read(path)).toBe('x');
    expect(existsSync(join(outside, 'escaped'))).toBe(false);
  });

  it('by a link that was there before', async () => {
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(outside, join(root, 'l'));
    await apply({ name: 'l/secret', content: 'overwritten' }, { name: 'l/.wh.secret' });
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('by a hard link', async () => {
    writeFileSync(join(outside, 'secret'), 'secret');
    await expect(apply({ name: 'stolen', type: 'link', linkname: '../secret' })).rejects.toThrow('ENOENT');
    expect(has('stolen')).toBe(false);
  });

  it('and a link that leads to itself is an error', async () => {
    await apply({ name: 'l', type: 'symlink', linkname: 'l' });
    await expect(apply({ name: 'l/x', content: 'x' })).rejects.toThrow('too many symbolic links');
  });

  it('and a layer that is cut off is an error', async () => {
    await expect(applyLayer(Readable.from([Buffer.alloc(700, 'x')]), root)).rejects.toThrow();
  });
});

describe('an image', () => {
  const state = new EcrState({ clock: new SimulationClock(), account: '123456789012', region: 'us-west-2' });
  afterEach(() => state.blobs.close());

  it('is unpacked with its configuration', async () => {
    const config = { Cmd: ['node', 'server.js'], Env: ['A=1'], WorkingDir: '/srv' };
    const files = { '/srv/server.js': 'serve()', '/bin/tool': { content: 'x', mode: 0o755 } };
    const { digest } = await seedBaseImage(state, { repository: 'base', tag: '1', files, config });
    expect(await unpackImage(state, 'base', digest, join(root, 'image'))).toEqual(config);
    expect([read('image/srv/server.js'), statSync(join(root, 'image/bin/tool')).mode & 0o777]).toEqual([
      'serve()',
      0o755,
    ]);
    await expect(unpackImage(state, 'base', 'none', root)).rejects.toThrow('cannot unpack base: it has no image none');
  });
});

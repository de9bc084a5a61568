import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readArchive } from '../../../../../actions/build-and-push/src/builders/builtin/archive';
import { readContext } from '../../../../../actions/build-and-push/src/builders/builtin/context';
import { type LayerEntry, writeLayer } from '../../../../../actions/build-and-push/src/builders/builtin/layer';
import { folderWith, removeFolder, tarOf } from './files';

let folder = '';
beforeEach(() => {
  folder = folderWith({ 'd/small': 'text', 'd/large': 'x'.repeat(300_000), secret: 'text', elsewhere: '' });
  writeFileSync(join(folder, 'elsewhere'), 'y'.repeat(300_000));
});
afterEach(() => removeFolder(folder));

/** Lists the context, changes it, and packs one of its files. */
async function pack(path: string, change: (file: string) => void): Promise<unknown> {
  const node = (await readContext(folder, undefined)).get(path)!;
  const file = join(folder, path);
  change(file);
  const entries: LayerEntry[] = [[path, node, file]];
  return writeLayer(entries, join(folder, 'layer'), { time: 0, signal: new AbortController().signal });
}

const swap = (file: string, make: () => void) => {
  rmSync(file, { recursive: true });
  make();
};

describe.each(['d/small', 'd/large'])('%s', (path) => {
  it.each<[string, (file: string) => void]>([
    [
      'a link to a file as long',
      (file) => swap(file, () => symlinkSync(join(folder, path === 'd/small' ? 'secret' : 'elsewhere'), file)),
    ],
    ['a link to what the process knows', (file) => swap(file, () => symlinkSync('/proc/self/environ', file))],
    ['a pipe that nobody writes to', (file) => swap(file, () => execFileSync('mkfifo', [file]))],
    ['a directory', (file) => swap(file, () => mkdirSync(file))],
    ['in a folder that is a file', (file) => swap(join(file, '..'), () => writeFileSync(join(file, '..'), ''))],
    ['longer', (file) => appendFileSync(file, 'more')],
    ['shorter', (file) => truncateSync(file, 3)],
  ])('is not packed where it is now %s', async (_, change) => {
    await expect(pack(path, change)).rejects.toThrow(
      `cannot pack "${path}": it changed while the image was built; build when nothing else writes to the context`,
    );
  });

  it('is reported where it is gone', async () => {
    await expect(pack(path, (file) => renameSync(file, `${file}-2`))).rejects.toThrow(
      `cannot pack "${path}": it vanished while the image was built; build when nothing else writes to the context`,
    );
  });

  it('is packed where nothing changed', async () => {
    await expect(pack(path, () => {})).resolves.toBeDefined();
  });
});

it('an archive that became a pipe is not waited for', async () => {
  const file = join(folder, 'a.tar');
  execFileSync('mkfifo', [file]);
  await expect(readArchive(file, 'a.tar')).rejects.toThrow('cannot pack "a.tar": it changed while the image was built');
});

it('an archive that becomes a pipe while it is looked at is not waited for', async () => {
  const file = join(folder, 'a.tar');
  writeFileSync(file, await tarOf([{ name: 'f' }, 'text']));
  const tree = (await readArchive(file, 'a.tar'))!;
  const node = tree.get('f')!;
  if (node.kind !== 'file' || !('tar' in node.content)) throw new Error('it is not in the archive');
  swap(file, () => execFileSync('mkfifo', [file]));
  const reading = node.content.tar.read(async (tar: Readable) => tar.resume());
  await expect(reading).rejects.toThrow('cannot pack "a.tar": it changed while the image was built');
});

import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  checkIgnore,
  parseIgnore,
  readContext,
} from '../../../../../actions/build-and-push/src/builders/builtin/context';
import { copyFiles } from '../../../../../actions/build-and-push/src/builders/builtin/tree/copy';
import { FileTree } from '../../../../../actions/build-and-push/src/builders/builtin/tree/tree';
import { folderWith, removeFolder, socketAt } from './files';
import { openWorkshop, type Workshop } from './workshop';

describe('checkIgnore', () => {
  it('names each malformed pattern and its line', () => {
    expect(checkIgnore('a\r\n[\n# [\n!b[z-a]\n**/c[^d]\n\n\\', '.dockerignore')).toEqual([
      { where: '.dockerignore:2', problem: '"[" is a malformed pattern' },
      { where: '.dockerignore:4', problem: '"b[z-a]" is a malformed pattern' },
      { where: '.dockerignore:7', problem: '"\\\\" is a malformed pattern' },
    ]);
  });

  it.each([
    ['a (1).txt', 'a (1).txt', true],
    ['(', '(', true],
    ['a+', 'aa', false],
    ['a\\(', 'a(', true],
    ['{a}|', '{a}|', true],
  ])('%s has nothing malformed', (pattern, path, excluded) => {
    expect(checkIgnore(pattern, '')).toEqual([]);
    expect(parseIgnore(pattern).excludes(path)).toBe(excluded);
  });
});

describe('names that are not UTF-8', () => {
  let folder = '';
  afterEach(() => removeFolder(folder));
  const rename = (path: string) => renameSync(path, Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]));

  it.each(['file', 'folder/'])('are told where they are copied: a %s', async (name) => {
    folder = folderWith({ [name]: '', 'other/a': '' });
    rename(join(folder, name));
    const from = await readContext(folder, undefined);
    const copy = (path: string) => copyFiles({ from, to: new FileTree(), destination: '/x/', path });
    expect(() => copy('')).toThrow(
      '"caf\uFFFD" of the context has a name that is not UTF-8; rename it, or exclude it in .dockerignore',
    );
    expect(copy('other')).toEqual(['x', 'x/a']);
  });

  it('do not matter where they are excluded', async () => {
    folder = folderWith({ a: '', 'folder/b': '', ignore: 'caf?' });
    rename(join(folder, 'folder'));
    expect((await readContext(folder, join(folder, 'ignore'))).below('')).toEqual(['a', 'ignore']);
  });
});

describe('a build', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
  });
  afterEach(() => workshop.close());

  it('refuses a malformed .dockerignore', async () => {
    const building = (name: string) => workshop.build('FROM scratch\nCOPY . /\n', { [name]: 'a\n[\n' });
    const problem = ':2: "[" is a malformed pattern';
    await expect(building('.dockerignore')).rejects.toThrow(`.dockerignore${problem}`);
    await expect(building('Dockerfile.dockerignore')).rejects.toThrow(`Dockerfile.dockerignore${problem}`);
  });

  it('copies pipes without opening them, and leaves sockets out, which it says', async () => {
    const context = folderWith({ Dockerfile: 'FROM scratch\nCOPY . /x/\n', a: 'a' });
    execFileSync('mkfifo', ['-m', '640', join(context, 'pipe')]);
    const close = await socketAt(join(context, 'socket'));
    const { files, said } = await workshop.build('', {}, { context, dockerfile: join(context, 'Dockerfile') });
    expect(files.below('x')).toEqual(['x/Dockerfile', 'x/a', 'x/pipe']);
    expect(files.get('x/pipe')).toMatchObject({ kind: 'special', special: { type: 'fifo' }, mode: 0o640 });
    expect(said.filter((line) => line.includes('left out'))).toEqual(['context: left out socket: it is a socket']);
    await close();
    removeFolder(context);
  });

  it('says that an address in a variable would be fetched', async () => {
    const building = workshop.build('FROM scratch\nARG A=https://example.com/a\nADD $A /a\n');
    await expect(building).rejects.toThrow(
      'Dockerfile:3 ADD: fetches from another server, which the builtin builder cannot do; use a builder that can: docker',
    );
  });
});

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ignoreFileOf,
  parseIgnore,
  readContext,
} from '../../../../../actions/build-and-push/src/builders/builtin/context';
import { exceptionsBelow } from '../../../../../actions/build-and-push/src/builders/builtin/tree/exceptions';
import { folderWith, removeFolder, socketAt } from './files';

describe('parseIgnore', () => {
  // The examples of Docker's documentation, and the order of rules.
  it.each([
    ['*/temp*', 'a/temporary.txt', true],
    ['*/temp*', 'temporary.txt', false],
    ['*/*/temp*', 'a/b/temporary', true],
    ['temp?', 'tempa', true],
    ['temp?', 'temp', false],
    ['**/*.go', 'a/b/c.go', true],
    ['**/*.go', 'c.go', true],
    ['*.md\n!README.md', 'README.md', false],
    ['*.md\n!README.md', 'a.md', true],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
    ['*.md\nREADME-secret.md\n!README*.md', 'README-secret.md', false],
    ['node_modules', 'node_modules/a/b', true],
    ['node_modules', 'x/node_modules', false],
    ['**/node_modules', 'x/node_modules/y', true],
    ['/dist/', 'dist/a', true],
    ['./dist', 'dist', true],
    ['# dist', 'dist', false],
    ['\\#a', '#a', true],
    ['dist\n!dist/keep', 'dist/keep', false],
    ['dist\n!dist/keep', 'dist/other', true],
    ['*\n!src', 'src/a', false],
    ['A', 'a', false],
    ['\uFEFFdist', 'dist', true],
    ['', 'a', false],
  ])('%j excludes %s: %s', (rules, path, excluded) => {
    expect(parseIgnore(rules).excludes(path)).toBe(excluded);
  });
});

describe('readContext', () => {
  let folder = '';
  afterEach(() => removeFolder(folder));

  it('reads names, kinds and permissions', async () => {
    folder = folderWith({ 'a/b': 'text', 'run.sh': 'x', 'empty/': '', link: '-> a/b' });
    chmodSync(join(folder, 'run.sh'), 0o777);
    chmodSync(join(folder, 'a/b'), 0o664);
    const tree = await readContext(folder, undefined);
    expect(tree.below('')).toEqual(['a', 'a/b', 'empty', 'link', 'run.sh']);
    expect(tree.get('a/b')).toEqual({
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 4,
      content: { file: join(folder, 'a/b') },
    });
    expect(tree.get('run.sh')).toMatchObject({ mode: 0o755 });
    expect(tree.get('link')).toMatchObject({ kind: 'symlink', target: 'a/b' });
    expect(tree.get('empty')).toMatchObject({ kind: 'directory' });
  });

  it('leaves out what is ignored, and keeps the folders of exceptions', async () => {
    folder = folderWith({
      '.dockerignore': 'dist\n!dist/deep/keep\n.env',
      '.env': 's',
      'dist/a': '',
      'dist/deep/keep': '',
      'dist/deep/no': '',
    });
    const tree = await readContext(folder, ignoreFileOf(folder, join(folder, 'Dockerfile')));
    expect(tree.below('')).toEqual(['.dockerignore', 'dist', 'dist/deep', 'dist/deep/keep']);
  });

  it('prefers the ignore file of the Dockerfile', () => {
    folder = folderWith({ '.dockerignore': 'a', 'web.Dockerfile.dockerignore': 'b' });
    expect(ignoreFileOf(folder, join(folder, 'web.Dockerfile'))).toBe(join(folder, 'web.Dockerfile.dockerignore'));
    expect(ignoreFileOf(folder, join(folder, 'Dockerfile'))).toBe(join(folder, '.dockerignore'));
    expect(ignoreFileOf(join(folder, 'none'), join(folder, 'none/Dockerfile'))).toBeUndefined();
  });

  it('does not look into excluded folders without exceptions', async () => {
    folder = folderWith({ '.dockerignore': 'a\n!b/c\n', 'a/pipe/': '', 'b/c': '' });
    execFileSync('mkfifo', [join(folder, 'a/p')]);
    const seen: string[] = [];
    // What is excluded is not told of either way; a folder that is looked into must be there.
    const tree = await readContext(folder, join(folder, '.dockerignore'), (path) => seen.push(path));
    expect([tree.below(''), seen]).toEqual([['.dockerignore', 'b', 'b/c'], []]);
  });

  it('leaves out sockets, and reports a folder that has vanished since', async () => {
    folder = folderWith({ 'b/c': '' });
    const close = await socketAt(join(folder, 'a'));
    const reading = readContext(folder, undefined, () => rmSync(join(folder, 'b'), { recursive: true }));
    await expect(reading.finally(close)).rejects.toMatchObject({
      exit: 1,
      message: 'cannot read "b" of the context: it no longer exists; run again when nothing changes it',
    });
  });

  it.each([
    ['is a folder', () => mkdirSync(join(folder, 'ignore')), 'is a directory'],
    ['is a pipe', () => execFileSync('mkfifo', [join(folder, 'ignore')]), 'is a pipe'],
    ['is of the system', () => symlinkSync('/proc/version', join(folder, 'ignore')), 'a system file'],
  ])('reads no ignore file that %s', async (_, make, said) => {
    folder = folderWith({});
    make();
    await expect(readContext(folder, join(folder, 'ignore'))).rejects.toThrow(said);
  });

  // What the numbers of a device are is written in its number, in a way of each system's own.
  if (process.platform === 'linux') {
    it('has devices with their numbers', async () => {
      const devices = await readContext('/dev', undefined);
      const special = { type: 'character-device', major: 1, minor: 3 };
      expect(devices.get('null')).toMatchObject({ kind: 'special', special, uid: 0, gid: 0 });
    });
  }

  it('ends at a signal', async () => {
    folder = folderWith({ a: '', 'b/c': '' });
    const ending = new AbortController();
    const close = await socketAt(join(folder, 'socket'));
    const reason = new Error('interrupted');
    const reading = readContext(folder, undefined, () => ending.abort(reason), ending.signal);
    await expect(reading.finally(close)).rejects.toBe(reason);
  });
});

describe('exceptionsBelow', () => {
  it.each([
    ['data\n!data/keep', 'data', true],
    ['data\n!data/keep', 'data/keep', true],
    ['data\n!/data/deep/keep', 'data/deep', true],
    ['data\n!data/keep', 'data/other', false],
    ['data\n!other/keep', 'data', false],
    ['data\n! keep.log', 'data', false],
    ['data\n!**/keep', 'data', true],
    ['data\n!da?a/keep', 'data', true],
    ['data\n!x/../data/keep', 'data', true],
    ['data', 'data', false],
  ])('%j in %s: %s', (rules, path, may) => {
    expect(exceptionsBelow(rules)(path)).toBe(may);
  });

  it('takes no longer for a long path', () => {
    expect(exceptionsBelow(`!${'a/'.repeat(500_000)}`)('a/a')).toBe(true);
  });
});

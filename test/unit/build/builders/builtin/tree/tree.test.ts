import { describe, expect, it } from '@jest/globals';
import { addTar } from '../../../../../../actions/build-and-push/src/builders/builtin/tar';
import { ancestors, FileTree, treePath } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/tree';
import { fc } from '../../../../../support/properties';
import { tarOf, tarSource, treeOf } from '../files';

describe('FileTree', () => {
  const tree = treeOf(
    'usr/',
    'usr/bin/',
    'usr/bin/node',
    'bin -> usr/bin',
    'abs -> /usr',
    'up -> ../../usr/bin',
    'loop -> loop',
    'a -> b',
    'b -> bin',
  );

  it.each([
    ['bin/node', true, 'usr/bin/node'],
    ['bin', true, 'usr/bin'],
    ['bin', false, 'bin'],
    ['abs/bin/node', true, 'usr/bin/node'],
    ['up/node', true, 'usr/bin/node'],
    ['a/new', true, 'usr/bin/new'],
    ['nowhere/x', true, 'nowhere/x'],
    ['../../etc', true, 'etc'],
    ['loop/x', true, undefined],
    ['', true, ''],
  ])('resolves %s (links followed at the end: %s)', (path, follow, resolved) => {
    expect(tree.resolve(path, follow)).toBe(resolved);
  });

  it('lists what is below, sorted by bytes', () => {
    expect(treeOf('b/', 'b/z', 'b/a', 'B', 'bb', 'b/é').below('b')).toEqual(['b/a', 'b/z', 'b/é']);
    expect(treeOf('b/', 'b/c/', 'b/c/d', 'a').children('')).toEqual(['a', 'b']);
    expect(treeOf('b/', 'b/c/', 'b/c/d', 'a').children('b')).toEqual(['b/c']);
  });

  it('removes what is in a directory that becomes a file', () => {
    const changed = new FileTree(tree);
    changed.set('usr', { kind: 'symlink', mode: 0o777, uid: 0, gid: 0, target: 'x' });
    expect(changed.below('usr')).toEqual([]);
    expect(tree.get('usr/bin/node')).toBeDefined();
  });

  it('walks through itself only where there is something inside to remove', () => {
    let walks = 0;
    class Counting extends FileTree {
      override below(path: string): string[] {
        walks++;
        return super.below(path);
      }
    }
    const counted = new Counting(tree);
    for (const path of ['usr/bin/node', 'bin', 'nowhere']) counted.remove(path);
    expect(walks).toBe(0);
    counted.remove('usr');
    expect(counted.below('usr')).toEqual([]);
  });

  it('never leads out of itself', () => {
    const part = fc.constantFrom('..', '.', 'bin', 'abs', 'up', 'x', '');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(tree.resolve(treePath(parts.join('/')), true)?.split('/')).not.toContain('..');
        expect(tree.resolve(parts.join('/'), true)?.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('paths', () => {
  it('knows the directories above', () => {
    expect([ancestors('a/b/c'), ancestors('a')]).toEqual([['a', 'a/b'], []]);
  });

  it.each([
    ['/a/b/', 'a/b'],
    ['./a//b', 'a/b'],
    ['../../a', 'a'],
    ['.', ''],
    ['/', ''],
  ])('%s is %s', (path, expected) => {
    expect(treePath(path)).toBe(expected);
  });
});

describe('addTar', () => {
  const base = () => treeOf('etc/', 'etc/a', 'etc/b', 'opt/', 'opt/x', 'bin -> usr/bin', 'usr/', 'usr/bin/');

  it('adds files, links and hard links, and keeps owners', async () => {
    const tree = base();
    const tar = await tarOf(
      [{ name: './app/', type: 'directory', mode: 0o700, uid: 5, gid: 6 }],
      [{ name: 'app/file', mode: 0o4755, uid: 5 }, 'text'],
      [{ name: 'app/link', type: 'symlink', linkname: 'file' }],
      [{ name: 'app/hard', type: 'link', linkname: 'app/file', mode: 0o4755, uid: 5 }],
      [{ name: 'bin/tool' }, 'x'],
    );
    await addTar(tree, tarSource(tar), { whiteouts: true });
    expect(tree.get('app')).toEqual({ kind: 'directory', mode: 0o700, uid: 5, gid: 6 });
    expect(tree.get('app/file')).toMatchObject({ kind: 'file', mode: 0o4755, uid: 5, size: 4, content: { entry: 1 } });
    expect(tree.get('app/link')).toMatchObject({ kind: 'symlink', target: 'file' });
    expect(tree.get('app/hard')).toEqual(tree.get('app/file'));
    expect(tree.get('usr/bin/tool')).toMatchObject({ kind: 'file' });
  });

  it('gives a file the attributes of its last hard link, by all of its names', async () => {
    const tree = base();
    const tar = await tarOf(
      [{ name: 'one', mode: 0o600, uid: 5 }, '1'],
      [{ name: 'two', type: 'link', linkname: 'one', mode: 0o644 }],
      [{ name: 'three', type: 'link', linkname: 'two', mode: 0o711, gid: 7 }],
      [{ name: 'one', mode: 0o640 }, 'another'],
    );
    await addTar(tree, tarSource(tar), { whiteouts: true });
    for (const name of ['two', 'three']) expect(tree.get(name)).toMatchObject({ mode: 0o711, uid: 0, gid: 7, size: 1 });
    expect(tree.get('one')).toMatchObject({ mode: 0o640, size: 7 });
  });

  it('applies whiteouts to the layers below only', async () => {
    const tree = base();
    const tar = await tarOf(
      [{ name: 'etc/b' }, 'new'],
      [{ name: 'etc/.wh.a' }],
      [{ name: 'etc/.wh.b' }],
      [{ name: 'opt/y' }, 'y'],
      [{ name: 'opt/.wh..wh..opq' }],
    );
    await addTar(tree, tarSource(tar), { whiteouts: true });
    expect(tree.below('etc')).toEqual(['etc/b']);
    expect(tree.below('opt')).toEqual(['opt/y']);
  });

  it('keeps names that look like whiteouts in a plain archive', async () => {
    const tree = base();
    await addTar(tree, tarSource(await tarOf([{ name: 'etc/.wh.a' }])), { whiteouts: false });
    expect(tree.below('etc')).toEqual(['etc/.wh.a', 'etc/a', 'etc/b']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type CopyOrder, copyFiles } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/copy';
import { parseMode } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/mode';
import { expandSource } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/sources';
import { treePath } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/tree';
import { treeOf } from '../files';

const context = () =>
  treeOf(
    'a.js',
    'b.js',
    'c.txt',
    'dir/',
    'dir/x',
    'dir/sub/',
    'dir/sub/y',
    'dir/link -> x',
    'to-dir -> dir',
    'to-a -> a.js',
    'ab1/',
    'ab1/f',
    'ab2/',
    'ab2/f',
    'empty/',
  );

function copy(sources: string[], destination: string, to = treeOf(), more: Partial<CopyOrder> = {}) {
  const from = context();
  const found = sources.flatMap((source) => expandSource(from, treePath(source)));
  const paths = found.flatMap((path) => copyFiles({ from, path, to, destination, ...more }));
  return { paths: [...new Set(paths)].sort(), to };
}

describe('copyFiles', () => {
  it.each<[string[], string, string[]]>([
    [['a.js'], '/x', ['x']],
    [['a.js'], '/x/', ['x', 'x/a.js']],
    [['/a.js'], '/p/q/x', ['p', 'p/q', 'p/q/x']],
    [['../../a.js'], '/x', ['x']],
    [['a.js', 'b.js'], '/x', ['x']],
    [['*.js'], '/x', ['x']],
    [['a.js', 'b.js'], '/x/', ['x', 'x/a.js', 'x/b.js']],
    [['*.js'], '/x/', ['x', 'x/a.js', 'x/b.js']],
    [['dir'], '/x', ['x', 'x/link', 'x/sub', 'x/sub/y', 'x/x']],
    [['dir/'], '/x/', ['x', 'x/link', 'x/sub', 'x/sub/y', 'x/x']],
    [['dir/sub', 'a.js'], '/x/', ['x', 'x/a.js', 'x/y']],
    [['dir/*'], '/x/', ['x', 'x/link', 'x/x', 'x/y']],
    [['ab?/f'], '/x/', ['x', 'x/f']],
    [['ab[1-1]/*'], '/x', ['x']],
    [['to-dir'], '/x', ['x', 'x/link', 'x/sub', 'x/sub/y', 'x/x']],
    [['to-a'], '/x/', ['x', 'x/to-a']],
    [['no*match'], '/x/', []],
  ])('COPY %j %s', (sources, destination, paths) => {
    expect(copy(sources, destination).paths).toEqual(paths);
  });

  it('copies everything from the root', () => {
    expect(copy(['.'], '/').paths).toEqual(context().below(''));
  });

  it('copies into a directory that is there, also without a slash', () => {
    expect(copy(['a.js'], '/app', treeOf('app/')).paths).toEqual(['app', 'app/a.js']);
  });

  it('follows links of the image, so that /bin stays a link', () => {
    const { paths, to } = copy(['a.js'], '/bin/tool', treeOf('usr/', 'usr/bin/', 'bin -> usr/bin'));
    expect(paths).toEqual(['usr', 'usr/bin', 'usr/bin/tool']);
    expect(to.get('bin')?.kind).toBe('symlink');
  });

  it('replaces files and links, keeps links that it copies', () => {
    const { to } = copy(['dir'], '/x', treeOf('x/', 'x/x -> gone', 'x/kept'));
    expect(to.get('x/x')?.kind).toBe('file');
    expect(to.get('x/link')).toMatchObject({ kind: 'symlink', target: 'x' });
    expect(to.get('x/kept')).toBeDefined();
  });

  it('gives owner and mode to all that is copied and to the directories made for it', () => {
    const { to } = copy(['dir/sub'], '/p/q', treeOf('p/'), { owner: { uid: 7, gid: 8 }, chmod: parseMode('700')! });
    expect(to.get('p')).toMatchObject({ uid: 0, mode: 0o755 });
    expect(to.get('p/q')).toMatchObject({ uid: 7, gid: 8, mode: 0o700 });
    expect(to.get('p/q/y')).toMatchObject({ uid: 7, gid: 8, mode: 0o700 });
  });

  it.each([
    [['missing'], '/x', treeOf(), '"missing" does not exist'],
    [['[a'], '/x', treeOf(), 'malformed'],
    [['dir'], '/x', treeOf('x'), '/x is a file, not a directory'],
    [['a.js'], '/x/', treeOf('x/', 'x/a.js/'), '/x/a.js is a directory already'],
    [['dir'], '/x', treeOf('x/', 'x/sub'), '/x/sub is not a directory already'],
    [['empty'], `/${'d/'.repeat(2049)}`, treeOf(), 'cannot be in an image: the path "d/d/'],
    [['dir'], `/${'d/'.repeat(2047)}`, treeOf(), 'has more than 4096 bytes'],
    [['a.js'], `/${'n'.repeat(256)}`, treeOf(), 'has a name of more than 255 bytes'],
    [['a.js'], '/loop/x', treeOf('loop -> loop'), 'form a loop'],
  ])('refuses %j (%#)', (sources, destination, to, problem) => {
    expect(() => copy(sources, destination, to)).toThrow(problem);
  });
});

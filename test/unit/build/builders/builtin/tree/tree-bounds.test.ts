import { describe, expect, it } from '@jest/globals';
import { withAncestors } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/copy';
import { makeParents } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/make-directories';
import { expandSource } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/sources';
import { FileTree, type Node } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/tree';
import {
  byBytes,
  problemOfPath,
  sortedByBytes,
} from '../../../../../../actions/build-and-push/src/builders/builtin/tree/tree-path';
import { fc, tries } from '../../../../../support/properties';
import { treeOf } from '../files';

const owner = { uid: 0, gid: 0 };
const folder: Node = { ...owner, kind: 'directory', mode: 0o755 };
const file: Node = { ...owner, kind: 'file', mode: 0o644, size: 0, content: { file: '/x' } };
const link = (target: string): Node => ({ ...owner, kind: 'symlink', mode: 0o777, target });

/** The same by definition: a map from paths, looked through as a whole. */
class Slow {
  readonly nodes = new Map<string, Node>();

  removeInside(path: string): void {
    for (const inside of this.below(path)) this.nodes.delete(inside);
  }

  below(path: string): string[] {
    return [...this.nodes.keys()].filter((one) => path === '' || one.startsWith(`${path}/`)).sort(byBytes);
  }

  change(step: Step): void {
    const [act, path] = step;
    if (act === 'file' || act === 'link' || act === 'remove') this.removeInside(path);
    if (act === 'remove') this.nodes.delete(path);
    else if (act === 'empty') this.removeInside(path);
    else this.nodes.set(path, nodes[act]);
  }
}

const nodes = { file, folder, link: link('..') };
type Step = readonly [act: keyof typeof nodes | 'remove' | 'empty', path: string];

function change(tree: FileTree, [act, path]: Step): void {
  if (act === 'remove') tree.remove(path);
  else if (act === 'empty') tree.removeInside(path);
  else tree.set(path, nodes[act]);
}

const part = fc.constantFrom('a', 'b', 'a-b', 'é', '\uffee', '😀');
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const act = fc.constantFrom<Step[0]>('file', 'folder', 'folder', 'link', 'remove', 'empty');

describe('FileTree', () => {
  it('holds what a plain map of paths would hold, and copies stay apart', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(act, path), { maxLength: 12 }), path, (steps, asked) => {
        const [tree, slow] = [new FileTree(), new Slow()];
        for (const step of steps) {
          change(tree, step);
          slow.change(step);
        }
        const copy = new FileTree(tree);
        expect([copy.below(''), copy.size]).toEqual([slow.below(''), slow.nodes.size]);
        expect(tree.below(asked)).toEqual(slow.below(asked));
        expect(tree.children(asked)).toEqual(
          slow.below(asked).filter((one) => !one.slice(asked.length + 1).includes('/')),
        );
        expect(tree.get(asked)).toBe(slow.nodes.get(asked));
        tree.removeInside('');
        expect([tree.size, copy.below('')]).toEqual([0, slow.below('')]);
      }),
      tries(500),
    );
  });

  it('swaps files and folders in a large tree without looking at the rest of it', () => {
    const tree = new FileTree();
    for (let at = 0; at < 50_000; at++) tree.set(`d${at % 100}/f${at}`, file);
    // With a look at each path these would be five billion looks.
    for (let at = 0; at < 100_000; at++) {
      tree.set('swapped', at % 2 === 0 ? folder : file);
      if (at % 2 === 0) tree.set('swapped/inside', file);
    }
    expect([tree.size, tree.below('swapped')]).toEqual([50_001, []]);
  });

  it('is as deep as paths can be, and deeper', () => {
    const tree = new FileTree();
    const deep = Array.from({ length: 5_000 }, () => 'd').join('/');
    makeParents(tree, deep);
    tree.set(deep, file);
    expect(new FileTree(tree).size).toBe(5_000);
    expect(tree.below('')).toHaveLength(5_000);
    expect(withAncestors(tree, [deep])).toHaveLength(5_000);
    tree.remove('d');
    expect(tree.size).toBe(0);
  });

  it('follows no links beyond all measure, though they are no circle', () => {
    const tree = new FileTree();
    tree.set('d', folder);
    for (let at = 0; at < 30; at++) tree.set(`l${at}`, link(`${'d/../'.repeat(800)}l${at + 1}`));
    tree.set('l30', file);
    expect(tree.resolve('l28', true)).toBe('l30');
    expect(tree.resolve('l0', true)).toBeUndefined();
  });
});

it('orders paths by their bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (paths) => {
      expect(sortedByBytes([...paths])).toEqual([...paths].sort(byBytes));
    }),
  );
});

describe('expandSource', () => {
  it('does not multiply without end', () => {
    const names = Array.from({ length: 1_001 }, (_, at) => `d${at}/`);
    const tree = treeOf('a/', ...names, ...names.map((name) => `${name}f`));
    expect(expandSource(tree, '*/f')).toHaveLength(1_001);
    const wide = treeOf(...Array.from({ length: 1_001 }, (_, at) => `f${at}`));
    expect(expandSource(wide, '*')).toHaveLength(1_001);
  });

  it('follows links before the first wildcard, and none behind it', () => {
    const tree = treeOf('a/', 'a/b*/', 'a/b*/c', 'to-a -> a', 'to-a-c -> a/b*');
    expect(expandSource(tree, 'a/?\\*/c')).toEqual(['a/b*/c']);
    expect(expandSource(tree, 'to-a/*/c')).toEqual(['a/b*/c']);
    expect(expandSource(tree, 'to-?/b*/c')).toEqual([]);
    expect(expandSource(tree, '*/c')).toEqual([]);
    expect(expandSource(tree, 'a/x/*')).toEqual([]);
  });
});

describe('problemOfPath', () => {
  const name = 'é'.repeat(127);
  it.each<[string, string, string | undefined]>([
    ['a name of 255 bytes', `${name}e`, undefined],
    ['a name of 256 bytes', `a/${name}é`, 'has a name of more than 255 bytes'],
    ['4096 bytes', `${'d/'.repeat(2047)}dd`, undefined],
    ['4097 bytes', `${'d/'.repeat(2047)}ddd`, 'has more than 4096 bytes'],
    ['4096 bytes that are fewer characters', `${'é/'.repeat(1364)}éé`, undefined],
    ['4099 bytes that are fewer characters', `${'é/'.repeat(1365)}éé`, 'has more than 4096 bytes'],
    ['a zero byte', 'a\0b', 'contains a NUL byte'],
  ])('of %s', (_, path, problem) => {
    const shown = JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path);
    expect(problemOfPath(path)).toBe(problem && `the path ${shown} ${problem}`);
  });
});

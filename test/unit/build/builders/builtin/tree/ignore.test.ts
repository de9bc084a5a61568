import { describe, expect, it } from '@jest/globals';
import { checkIgnore, parseIgnore } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/ignore';
import { fc, tries } from '../../../../../support/properties';

// Compared with moby's patternmatcher 0.6.0, which only misreads stars in ranges, and letters behind a backslash.
describe('parseIgnore, as moby reads it', () => {
  it.each<[rules: string, excluded: string[], kept: string[]]>([
    ['**', ['f', 'd/f', 'd/e/f'], []],
    ['**/', ['f', 'd/f'], []],
    ['**/**', ['f', 'd/f'], []],
    ['d/**', ['d/f', 'd/e/f'], ['d', 'f', 'xd/f']],
    ['d/**/', ['d/f', 'd/e/f'], ['d']],
    ['**/d', ['d', 'd/f', 'x/d', 'x/d/f'], ['xd', 'dx/f']],
    ['**/d/*', ['d/f', 'x/d/f', 'd/f/g'], ['d', 'x/d']],
    ['**/d/**', ['x/d/f', 'd/e/f'], ['x/d']],
    ['**f', ['f', 'xf', 'd/f', 'd/xf'], ['fx']],
    ['**f?', ['fx', 'd/fx'], ['xfx', 'f']],
    ['**/f*', ['f', 'f.txt', 'd/e/f.txt'], ['xf', 'd/xf']],
    ['**/**/*.txt', ['a.txt', 'd/a.txt', 'd/e/a.txt'], ['a.txt2']],
    ['a**/*.txt', ['a/b.txt', 'a/d/b.txt', 'ab.txt'], ['xa/b.txt']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab']],
    ['a/*.txt', ['a/b.txt'], ['a/d/b.txt']],
    ['a/*', ['a/b', 'a/b/c'], ['a']],
    ['?', ['a', 'é', '😀', 'a/b'], ['ab', '']],
    ['[a-c]x', ['ax', 'cx/d'], ['dx', 'x']],
    ['[^a-c]x', ['dx', '-x'], ['ax']],
    ['a[^b]c', ['axc', 'a/c'], ['abc']],
    ['[\\]]', [']'], ['\\]']],
    ['[*?]', ['*', '?'], ['a']],
    ['\\*', ['*'], ['a']],
    ['a\\b', ['ab'], ['a\\b']],
    ['a/../b', ['b'], ['a', 'a/b']],
    ['./a//b/', ['a/b', 'a/b/c'], ['a']],
    ['/a', ['a', 'a/b'], ['b/a']],
    ['../a', [], ['a']],
    ['/', [], ['a']],
    ['.', [], ['a']],
    ['  a  ', ['a'], []],
    ['a\r\nb\r\n', ['a', 'b'], []],
    ['\uFEFF# a\nb', ['b'], ['a', '# a']],
    [' # a', ['# a'], ['a']],
    ['*\n!a', ['b'], ['a', 'a/b']],
    ['*\n! /a/ \na/b', ['a/b', 'c'], ['a', 'a/c']],
    ['a\n!a/b\na/b/c', ['a', 'a/x', 'a/b/c'], ['a/b', 'a/b/d']],
    ['!a\na', ['a'], []],
    ['*\n!!a', ['a', 'b'], ['!a']],
    ['*\n!\n!  ', ['a'], []],
    ['a.b$(c)|{d}+^', ['a.b$(c)|{d}+^'], ['aXb$(c)|{d}+^']],
  ])('%j', (rules, excluded, kept) => {
    const ignore = parseIgnore(rules);
    expect(excluded.filter((path) => !ignore.excludes(path))).toEqual([]);
    expect(kept.filter((path) => ignore.excludes(path))).toEqual([]);
  });

  it('does not depend on the order in which paths are asked for', () => {
    const part = fc.constantFrom('a', 'b', 'ab');
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const rule = fc.constantFrom('a', '!a', 'a/*', '!a/b', '**/b', '!**/ab', '*/a', 'a/**', '!b');
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), fc.array(path, { maxLength: 6 }), (rules, paths) => {
        const [one, again] = [parseIgnore(rules.join('\n')), () => parseIgnore(rules.join('\n'))];
        expect(paths.map((each) => one.excludes(each))).toEqual(paths.map((each) => again().excludes(each)));
      }),
      tries(500),
    );
  });

  it('knows whether there are exceptions', () => {
    expect(['a', 'a\n !b', '#!b', '\\!b'].map((rules) => parseIgnore(rules).hasExceptions)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('checkIgnore', () => {
  it('tells the first malformed patterns, each in one short line', () => {
    const text = `[${'x'.repeat(5000)}\n`.repeat(500);
    const findings = checkIgnore(text, '.dockerignore');
    expect(findings).toHaveLength(21);
    expect(findings[0]).toEqual({
      where: '.dockerignore:1',
      problem: `"[${'x'.repeat(79)}" (cut) is a malformed pattern`,
    });
    expect(findings[20]).toEqual({ where: '.dockerignore', problem: 'has 480 more malformed patterns' });
  });

  it('bounds the number of patterns', () => {
    expect(checkIgnore('a\n'.repeat(10_000), '.dockerignore')).toEqual([]);
    expect(checkIgnore('a\n'.repeat(10_001), '.dockerignore')).toEqual([
      { where: '.dockerignore', problem: 'has more than 10000 patterns; exclude whole folders instead' },
    ]);
  });
});

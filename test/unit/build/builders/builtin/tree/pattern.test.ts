import { describe, expect, it } from '@jest/globals';
import { compileName, hasWildcard } from '../../../../../../actions/build-and-push/src/builders/builtin/tree/pattern';

// The cases of Go's path/filepath documentation and tests that concern one name.
describe('compileName', () => {
  it.each([
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*c', 'abc', true],
    ['a*', 'a', true],
    ['a*', 'abc', true],
    ['a*b*c*d*e*', 'axbxcxdxe', true],
    ['a*b?c*x', 'abxbbxdbxebxczzx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzy', false],
    ['ab[c]', 'abc', true],
    ['ab[b-d]', 'abc', true],
    ['ab[e-g]', 'abc', false],
    ['ab[^c]', 'abc', false],
    ['ab[^b-d]', 'abc', false],
    ['ab[^e-g]', 'abc', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'ab', false],
    ['a?b', 'a☺b', true],
    ['a[^a]b', 'a☺b', true],
    ['[\\]a]', ']', true],
    ['[\\-]', '-', true],
    ['[x\\-]', '-', true],
    ['[a\\-z]', 'b', false],
    ['part-*', 'part-1', true],
    ['*.js', '.js', true],
    ['*.js', 'ajs', false],
    ['a.c', 'abc', false],
    ['(a|b)+', 'a', false],
    ['{a,b}', 'a', false],
    ['!(a)', 'b', false],
  ])('%s matches %s: %s', (pattern, name, matches) => {
    expect(compileName(pattern)?.test(name)).toBe(matches);
  });

  it.each(['[]a]', '[-]', '[x-]', '[-x]', '[', '[^', '[^bc', 'a[', 'a\\', '[a-'])('refuses %s', (pattern) => {
    expect(compileName(pattern)).toBeUndefined();
  });

  it('knows which paths are patterns', () => {
    expect(['a*', 'a?', '[a]', '\\a', 'a/b.c'].map(hasWildcard)).toEqual([true, true, true, false, false]);
  });
});

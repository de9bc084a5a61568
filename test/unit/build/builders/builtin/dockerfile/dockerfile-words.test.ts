import { describe, expect, it } from '@jest/globals';
import {
  jsonWords,
  nameValues,
  plainWords,
  quotedWords,
} from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/dockerfile-words';

describe('words of an instruction', () => {
  it.each([
    ['["a", "b c"]', ['a', 'b c']],
    [' [ "a" ] ', ['a']],
    ['[]', []],
    ["['a']", undefined],
    ['[a', undefined],
    ['a b', undefined],
  ])('JSON: %s', (text, words) => {
    expect(jsonWords(text)).toEqual(words);
  });

  it('JSON of something other than strings', () => {
    expect(() => jsonWords('["a", 1]')).toThrow('something other than strings');
  });

  it('plain: quotes are nothing special', () => {
    expect(plainWords('  a "b c"\td ')).toEqual(['a', '"b', 'c"', 'd']);
  });

  it.each([
    ['a b', ['a', 'b']],
    ['a="b c" d=e', ['a="b c"', 'd=e']],
    ["a='b  c'", ["a='b  c'"]],
    ['a=b\\ c d', ['a=b\\ c', 'd']],
    ['a="b\\" c"', ['a="b\\" c"']],
    ["a='b\\' c", ["a='b\\'", 'c']],
    ['', []],
  ])('quoted: %s', (text, words) => {
    expect(quotedWords(text, '\\')).toEqual(words);
  });

  it.each([
    [
      'A=1 B=2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['A=b=c', [['A', 'b=c']]],
    ['A=', [['A', '']]],
    ['A the rest "as it is"', [['A', 'the rest "as it is"']]],
    ['A=1 B', undefined],
    ['=1', undefined],
    ['A', undefined],
    ['', undefined],
  ])('names with values: %s', (text, pairs) => {
    expect(nameValues(text, '\\')).toEqual(pairs);
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { describe, expect, it } from '@jest/globals';
import {
  expandDocument,
  expandWord,
} from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/expand';
import { fc } from '../../../../../support/properties';

const variables: Record<string, string> = { A: 'one', B: 'two words', EMPTY: '', N1: 'x' };
const expand = (word: string, escaper = '\\') => expandWord(word, (name) => variables[name], escaper);

describe('expandWord', () => {
  it.each([
    ['plain', 'plain'],
    ['$A', 'one'],
    ['${A}', 'one'],
    ['a$A/b', 'aone/b'],
    ['$A$B', 'onetwo words'],
    ['$N1x', ''],
    ['${N1}x', 'xx'],
    ['$UNSET', ''],
    ['${UNSET:-x}', 'x'],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY-x}', ''],
    ['${UNSET-x}', 'x'],
    ['${A:-x}', 'one'],
    ['${A:+x}', 'x'],
    ['${EMPTY:+x}', ''],
    ['${EMPTY+x}', 'x'],
    ['${UNSET+x}', ''],
    ['${A:?must be set}', 'one'],
    ['${UNSET:-$A}', 'one'],
    ['${UNSET:-${EMPTY:-${B}}}', 'two words'],
    ['${UNSET:-"a}b"}', 'a}b'],
    ['\\$A', '$A'],
    ['\\\\', '\\'],
    ['a\\ b', 'a b'],
    ['"$A"', 'one'],
    ["'$A'", '$A'],
    ['"a\\"b"', 'a"b'],
    ['"a\\nb"', 'a\\nb'],
    ['"\\$A"', '$A'],
    ['a"b c"d', 'ab cd'],
    ['$', '$'],
    ['a$', 'a$'],
    ['$-x$$y$?', 'xy'],
    ['$1$12$@$*$#$!', ''],
    ['${1}.', '.'],
    ['${A#o}', 'ne'],
    ['${B#*w}', 'o words'],
    ['${B##*o}', 'rds'],
    ['${B%o*}', 'two w'],
    ['${B%%o*}', 'tw'],
    ['${A%x}', 'one'],
    ['${A#?}', 'ne'],
    ['${B/o/0}', 'tw0 words'],
    ['${B//o/0}', 'tw0 w0rds'],
    ['${B/w*o/_}', 't_rds'],
    ['${A/o/\\/}', '\\/ne'],
    ['${UNSET#x}', ''],
    ['"${B%% *}"', 'two'],
    ['trailing\\', 'trailing'],
  ])('%s', (word, expanded) => {
    expect(expand(word)).toBe(expanded);
  });

  it('takes the escape character of the file', () => {
    expect(expand('`$A', '`')).toBe('$A');
    expect(expand('C:\\dir', '`')).toBe('C:\\dir');
  });

  it.each([
    ["it's", "a ' has no closing '"],
    ['"open', 'a " has no closing "'],
    ["'open", "a ' has no closing '"],
    ['${A', 'has no closing }'],
    ['${', 'has no closing }'],
    ['${A:#x}', 'is an expansion that BuildKit does not support'],
    ['${A/x}', 'has no closing /'],
    ['${A#\\n}', 'has the unknown escape'],
    ['${A:-x', 'a ${ has no closing }'],
    ['${}', 'has no name'],
    ['${UNSET:?give it}', 'UNSET is not set: give it'],
    ['${EMPTY:?}', 'EMPTY is not set'],
  ])('refuses %s', (word, problem) => {
    expect(() => expand(word)).toThrow(problem);
  });

  it('leaves words without quotes, escapes and variables as they are', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'abcXYZ 019/._-=:{}') });
    fc.assert(fc.property(plain, (word) => expect(expand(word)).toBe(word)));
  });

  it('gives back the value of a quoted variable, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(expandWord('"${V}"', () => value, '\\')).toBe(value);
      }),
    );
  });
});

describe('what is expanded', () => {
  const long = 'x'.repeat(600_000);

  it.each(['$V$V', '"$V$V"', '${U:-$V$V}'])('is never longer than it may be: %s', (word) => {
    const problem = /becomes longer than 1048576 characters when its variables are expanded/;
    expect(() => expandWord(word, (name) => (name === 'V' ? long : undefined), '\\')).toThrow(problem);
    expect(expandWord('$V', () => long, '\\')).toHaveLength(600_000);
  });

  it('is never longer than it may be: a document', () => {
    expect(() => expandDocument('$V '.repeat(20), () => long)).toThrow('becomes longer than 8388608');
    expect(expandDocument('$V '.repeat(5), () => long)).toHaveLength(3_000_005);
  });

  it('may be nested a hundred times, one after the other as often as one likes', () => {
    const nested = (depth: number) => `${'${U:-'.repeat(depth)}x${'}'.repeat(depth)}`;
    expect(expand(nested(100))).toBe('x');
    expect(expand(nested(100).repeat(3))).toBe('xxx');
    expect(() => expand(nested(101))).toThrow('more than 100 variables within each other');
    expect(() => expandDocument(nested(100_000), () => undefined)).toThrow('more than 100 variables');
  });

  it('is quoted in part', () => {
    for (const word of ['${U:?', '${A!', "'", '"', '${-', '${U:?a\n']) {
      const call = () => expand(`${word}${'y'.repeat(500)}}`);
      expect(call).toThrow(/^[^\n]{1,250}$/);
    }
  });
});

describe('expandDocument', () => {
  it.each([
    ['$A ${A}', 'one one'],
    ['${UNSET:-${A}}.', 'one.'],
    ['${UNSET:-${EMPTY:-"${A}"}}', '"one"'],
    ["\"$A\" '$A' it's", "\"one\" 'one' it's"],
    ['\\$A \\.php \\\\ \\\n|\\', '$A .php \\ \n|'],
    ['$1 $@ $ $', '  $ $'],
    ['${A#o} "${B/two/$A}"', 'ne "one words"'],
    ['{"a": {"b": "$A"}}', '{"a": {"b": "one"}}'],
  ])('%s', (text, expanded) => {
    expect(expandDocument(text, (name) => variables[name])).toBe(expanded);
  });
});

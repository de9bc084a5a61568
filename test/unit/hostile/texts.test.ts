import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../shared/errors';
import { cut, excerpt, quoted, someOf } from '../../../shared/excerpt';
import { parseImageReference } from '../../../shared/image/reference';
import { assignments } from '../../../shared/manifest/assignments';
import { arns, list } from '../../../shared/manifest/types';
import { nearest } from '../../../shared/nearest';
import { splitWords } from '../../../shared/shell-split';
import { placeholderIn } from '../../../shared/task-definition/placeholder';
import { isSecretName, redactText } from '../../../shared/task-definition/redact';
import { cpuUnits, memoryMiB } from '../../../shared/task-definition/rules/task-size';
import { many, soon } from './time';

describe('a text of 250 KB is looked through in proportion to its length', () => {
  it.each(['${', '{{', '<', '%a', '$(', '${a', '{{a', '<a', '%a_'])('for placeholders: %s', (piece) => {
    // A file may hold many texts, each as long as is looked through.
    expect(soon(() => Array.from({ length: 300 }, () => placeholderIn(many(piece, 10_000))))).toHaveLength(300);
  });

  it.each(['a', 'a-', 'a.', 'a__', 'A.', 'a/', ':a', '@a', '[0:'])('as an image: %s', (piece) => {
    for (const end of ['', '!', '.!/a']) {
      expect(soon(() => parseImageReference(many(piece) + end))).toEqual({
        problem: expect.stringMatching(/^must have at most 600 characters, got \d+$/),
      });
    }
  });

  it.each(['1', '1.', ' ', '1 ', '.'])('as a size: %s', (piece) => {
    expect(soon(() => [cpuUnits(`${many(piece)}x`), memoryMiB(`1${many(piece)}x`)])).toEqual([undefined, undefined]);
  });

  it.each(['a', '\\a', "'", ' ', 'a" "', '\\"', '"a" ', "\\'"])('as words: %s', (piece) => {
    for (const text of [many(piece), `"${many(piece)}`, `"${many(piece)}"`, `'${many(piece)}`]) {
      const split = soon(() => splitWords(text));
      expect(split).not.toBeInstanceOf(Error);
    }
  });

  it.each(['A=1\n', 'A<<E\nE\n', 'A<<E\n', 'a<<', "- '", '- "a', '-A\n', '\n', '- A<<B\n'])(
    'as assignments: %j',
    (piece) => {
      for (const end of ['', ' x', '\nE']) {
        expect(soon(() => assignments({ removal: true }).parse(many(piece, 1_000_000) + end))).not.toBeInstanceOf(
          Error,
        );
      }
    },
  );

  it.each([',arn:', ', ', ',  arn', '\n', 'arn:a,'])('as lists: %j', (piece) => {
    expect(soon(() => [arns.parse(many(piece)), list().parse(many(piece))])).not.toBeInstanceOf(Error);
  });

  it.each(['a=', '://a:', '--a ', '"a":"', 'authorization ', '://a', 'aA', '"', ' '])('for secrets: %j', (piece) => {
    expect(soon(() => [redactText(many(piece)), isSecretName(many(piece))])).not.toBeInstanceOf(Error);
  });

  it.each(['\u001b[', '\u001b]0;', '\u001b', '\u009d', ' ', '\u0085'])('as foreign text: %j', (piece) => {
    expect(String(soon(() => excerpt(many(piece)))).length).toBeLessThanOrEqual(501);
  });

  it('for near names', () => {
    const known = Array.from({ length: 200 }, (_, at) => `image${at}`);
    const names = Array.from({ length: 5_000 }, (_, at) => `imagf${at}`);
    expect(soon(() => names.map((name) => nearest(name, known)))).not.toBeInstanceOf(Error);
  });
});

describe('what long forms mean stays the same', () => {
  it('for placeholders, which are not looked for beyond what a name or an ARN can have', () => {
    expect([placeholderIn(`${'a'.repeat(9_000)}<b>`), placeholderIn(`${'a'.repeat(10_000)}<b>`)]).toEqual([
      '<b>',
      undefined,
    ]);
  });

  it('for heredocs', () => {
    expect(assignments().parse('A<<END\n1\n2\nEND\nB<<A<<E\n3\nE')).toEqual({
      value: [
        { name: 'A', value: '1\n2' },
        { name: 'B<<A', value: '3' },
      ],
    });
    expect(assignments().parse('A=b<<END')).toEqual({ value: [{ name: 'A', value: 'b<<END' }] });
  });

  it('for quotes', () => {
    expect(splitWords('a "b \\" \\c"\'d\'e\\ f ""')).toEqual({ words: ['a', 'b " \\cde f', ''] });
    expect(splitWords('a "b\\')).toEqual({ problem: 'has a quote (") that is never closed at character 3' });
  });

  it('for the longest image that registries take', () => {
    const image = `${'h'.repeat(60)}.example.com/${'r'.repeat(180)}:${'t'.repeat(128)}@sha512:${'0'.repeat(128)}`;
    expect(parseImageReference(image)).toMatchObject({ tag: 't'.repeat(128) });
  });
});

describe('text of others', () => {
  it('is one line without what a terminal or a host obeys', () => {
    const text =
      '\u0085::stop-commands::x\r\n\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007\u202egnp\u2028.\u0000';
    expect(excerpt(text)).toBe('::stop-commands::x red linkgnp .');
  });

  it('keeps what people write', () => {
    expect(excerpt('(service web) größer 20 % → “fine” 👩‍💻')).toBe('(service web) größer 20 % → “fine” 👩‍💻');
  });

  it('is cut where it is long', () => {
    expect([excerpt(many('ab'), 10), cut('abcdef', 3), quoted(many('x'), 10), someOf(['a', 'b', 'c'], 2)]).toEqual([
      'ababababab…',
      'abc…',
      '"xxxxxxxxx…',
      'a, b and 1 more',
    ]);
  });

  it('does not fill an error: findings beyond the first 200 are counted', () => {
    const findings = Array.from({ length: 100_000 }, (_, at) => ({ where: `f${at}`, problem: 'is wrong' }));
    const { message, details } = new InputError(findings);
    expect(message.startsWith('100000 inputs are wrong: f0: is wrong | ')).toBe(true);
    expect([details.length, details[200]]).toEqual([201, 'and 99800 more']);
  });
});

import { expect, it } from '@jest/globals';
import { unifiedDiff } from '../../../local/migrate/unified-diff';
import { fc } from '../../../support/properties';

const numbers = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1}\n`).join('');

it('shows a change with three lines around it', () => {
  expect(unifiedDiff('w.yaml', numbers(10), numbers(10).replace('5\n', 'five\n'))).toBe(
    '--- a/w.yaml\n+++ b/w.yaml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
  );
});

it('parts changes that are far from each other, and joins those that are near', () => {
  const hunks = (...lines: number[]) =>
    unifiedDiff('w', numbers(30), numbers(30).replace(new RegExp(`^(${lines.join('|')})$`, 'gm'), 'x')).match(/^@@/gm);
  expect([hunks(5, 25)?.length, hunks(5, 11)?.length]).toEqual([2, 1]);
});

it('says nothing of equal files, and of a missing line break what diff says', () => {
  expect(unifiedDiff('w', 'a\n', 'a\n')).toBe('');
  expect(unifiedDiff('w', 'a', 'a\n')).toBe(
    '--- a/w\n+++ b/w\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n',
  );
});

it('takes no memory for long files, and shows long changes whole', () => {
  const long = numbers(40_000);
  expect(unifiedDiff('w', long, long.replace(/^20000$/m, 'x')).match(/^[-+ ].*$/gm)).toHaveLength(2 + 8);
  const lines = unifiedDiff('w', long, `first\n${long.replace(/40000\n$/, 'last\n')}`).split('\n');
  expect([lines.filter((line) => line[0] === '-').length, lines.filter((line) => line[0] === '+').length]).toEqual([
    40_001, 40_002,
  ]);
});

it('holds every line that goes and comes', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = unifiedDiff('w', before, after).split('\n').slice(2);
      const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
      const length = (one: string) => one.split('\n').length - 1;
      expect(count('+') - count('-')).toBe(length(after) - length(before));
    }),
  );
});

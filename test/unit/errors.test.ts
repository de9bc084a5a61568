import { describe, expect, it } from '@jest/globals';
import { mergeFindings, refuse } from '../../shared/errors';

const finding = (where: string, problem: string) => ({ where, problem });

describe('mergeFindings', () => {
  it('keeps the order, tells each finding once, and leaves an input to the first step that finds it wrong', () => {
    const read = [finding('name', 'is required but not set')];
    const checked = [finding('name', 'is empty'), finding('tags', 'a is odd'), finding('tags', 'b is odd')];
    const found = [
      finding('tags', 'does not exist'),
      finding('file', 'does not exist'),
      finding('file', 'does not exist'),
    ];
    expect(mergeFindings(read, checked, found)).toEqual([
      ...read,
      finding('tags', 'a is odd'),
      finding('tags', 'b is odd'),
      finding('file', 'does not exist'),
    ]);
  });
});

describe('refuse', () => {
  it('tells the findings of all steps together', () => {
    const attempt = () => refuse([finding('a', 'is wrong')], [finding('b', 'is gone')]);
    expect(attempt).toThrow('2 inputs are wrong: a: is wrong | b: is gone');
  });

  it('refuses nothing where nothing was found', () => {
    expect(() => refuse([], [])).not.toThrow();
  });
});

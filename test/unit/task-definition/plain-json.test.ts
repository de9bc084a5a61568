import { describe, expect, it } from '@jest/globals';
import { readPlainJson } from '../../../shared/task-definition/plain-json';
import { readJson } from '../../../shared/task-definition/read-json';
import { buildValue } from '../../../shared/task-definition/tree';
import { corpus } from '../../support/corpus';
import { fc } from '../../support/properties';

/** The value by the quick reader; undefined where it leaves the text to the other one. */
function quick(text: string): unknown {
  const node = readPlainJson(text);
  return node && buildValue(node, undefined);
}

const placed = (text: string) =>
  buildValue(
    readJson(text, 'a.json', () => {}),
    undefined,
  );

describe('plain JSON', () => {
  it('is what the reader that knows places makes of it', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'medium' }), (text) => {
        const value = quick(text);
        if (value !== undefined) expect(JSON.stringify(value)).toBe(JSON.stringify(placed(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('is what most files are', () => {
    const plain = corpus.filter(({ name, text }) => name.endsWith('.json') && quick(text) !== undefined);
    expect(plain.length).toBeGreaterThan(200);
    for (const { text } of plain) expect(JSON.stringify(quick(text))).toBe(JSON.stringify(placed(text)));
  });

  it.each([
    ['a field given twice', '{"a":1,"a":2}'],
    ['a field given twice, far down', '{"a":[{"b":{"c":1 ,"c" : 2}}]}'],
    ['a field given twice in another spelling', '{"a":1,"\\u0061":2}'],
    ['JSON in a text, which looks like it', '{"a":"{\\"b\\":1}"}'],
    ['a comment', '{"a":1 /* one */}'],
    ['a trailing comma', '{"a":1,}'],
    ['no JSON', 'family: a'],
    ['too deep', `${'['.repeat(200)}${']'.repeat(200)}`],
  ])('leaves %s to the other reader', (_what, text) => {
    expect(quick(text)).toBeUndefined();
  });
});

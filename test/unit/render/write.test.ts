import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeTaskDefinition } from '../../../actions/render-task-definition/src/write';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writeTaskDefinition', () => {
  it('writes a new file of its own name, and leaves nothing else', () => {
    const first = writeTaskDefinition(folder, 'one\n');
    const second = writeTaskDefinition(folder, 'two\n');
    expect(first.name).toMatch(/^task-definition-[0-9a-z]{12}\.json$/);
    expect(first.path).toBe(join(folder, first.name));
    expect(readdirSync(folder).sort()).toEqual([first.name, second.name].sort());
    expect([readFileSync(first.path, 'utf8'), readFileSync(second.path, 'utf8')]).toEqual(['one\n', 'two\n']);
  });

  it.each<[where: () => string, reason: string]>([
    [() => join(folder, 'gone'), 'does not exist; give the action its source as an input'],
    [() => join(folder, 'file'), 'is not a folder; give the action its source as an input'],
    // Where not even root may create a file.
    [() => '/sys', 'on CodeCatalyst with Compute Type EC2 (Lambda compute writes only below /tmp)'],
  ])('says why it cannot, and what to do', (where, reason) => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeTaskDefinition(where(), 'x')).toThrow(reason);
    expect(readdirSync(folder)).toEqual(['file']);
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
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
    [() => join(folder, 'gone'), 'does not exist; pass the source to the action as an input'],
    [() => join(folder, 'file'), 'is not a directory; pass the source to the action as an input'],
    // Where not even root may create a file.
    [() => '/sys', 'on CodeCatalyst with Compute Type EC2 (Lambda compute writes only below /tmp)'],
  ])('says why it cannot, and what to do', (where, reason) => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeTaskDefinition(where(), 'x')).toThrow(reason);
    expect(readdirSync(folder)).toEqual(['file']);
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });

  describe('where the name is taken', () => {
    // The name that comes out where chance always says one half.
    const name = 'task-definition-i00000000000.json';
    beforeEach(() => {
      jest.spyOn(Math, 'random').mockReturnValue(0.5);
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('writes over no file', () => {
      expect(writeTaskDefinition(folder, 'one\n').name).toBe(name);
      expect(() => writeTaskDefinition(folder, 'two\n')).toThrow(`cannot write ${name}: EEXIST`);
      expect(readdirSync(folder)).toEqual([name]);
      expect(readFileSync(join(folder, name), 'utf8')).toBe('one\n');
    });

    it('follows no link', () => {
      symlinkSync('elsewhere', join(folder, name));
      expect(() => writeTaskDefinition(folder, 'two\n')).toThrow(`cannot write ${name}: EEXIST`);
      expect(readdirSync(folder)).toEqual([name]);
    });
  });

  it('shows no other name that task-definition* matches, so that no draft is collected', async () => {
    const seen: (string | null)[] = [];
    const watcher = watch(folder, (_event, name) => seen.push(name));
    const { name } = writeTaskDefinition(folder, 'one\n');
    while (!seen.includes(name)) await new Promise((resolve) => setImmediate(resolve));
    watcher.close();
    expect(new Set(seen.filter((other) => other?.startsWith('task-definition')))).toEqual(new Set([name]));
  });
});

import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { emptyProgram } from '../../../../../actions/build-and-push/src/builders/containers/empty-program';
import { folderWith } from '../builtin/files';

describe('emptyProgram', () => {
  const own = platform() === 'linux' ? emptyProgram(arch()) : undefined;
  (own ? it : it.skip)('runs on this machine and ends well', () => {
    const folder = folderWith({});
    const path = join(folder, 'program');
    writeFileSync(path, own!, { mode: 0o755 });
    expect(execFileSync(path).toString()).toBe('');
    rmSync(folder, { recursive: true });
  });

  it('is a program of the processor, as large as it says', () => {
    const sizes = ['x64', 'arm64'].map((processor) => {
      const file = emptyProgram(processor)!;
      return [file.readUInt16LE(18), file.length - Number(file.readBigUInt64LE(96))];
    });
    expect(sizes).toEqual([
      [62, 0],
      [183, 0],
    ]);
    expect(emptyProgram('mips')).toBeUndefined();
  });
});

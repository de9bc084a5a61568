import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createUnzstd } from '../../actions/build-and-push/src/builders/builtin/zstd';
import { missing } from './build-servers';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zstd-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function digestOf(file: string, unpacker?: Duplex): Promise<string> {
  const hash = createHash('sha256');
  const content = createReadStream(file);
  await (unpacker ? pipeline(content, unpacker, hash) : pipeline(content, hash));
  return hash.digest('hex');
}

describe('zstd by its authors', () => {
  const reason = missing('zstd', 'tar');
  if (reason) {
    it.todo(`is left out: ${reason}`);
    return;
  }
  const levels = ['-1', '-3', '-9', '-19', '--fast=5', '--ultra -22', '-3 --long=27', '-3 --no-check', '-3 -T2'];
  it.each(levels)('is unpacked as packed with %s', async (words) => {
    const [tar, packed] = [join(folder, 'all.tar'), join(folder, 'all.zst')];
    execFileSync('tar', ['cf', tar, '-C', join(__dirname, '../../node_modules'), '@smithy']);
    execFileSync('zstd', ['-qf', ...words.split(' '), tar, '-o', packed]);
    expect(await digestOf(packed, createUnzstd())).toBe(await digestOf(tar));
  });
});

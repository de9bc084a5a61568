import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { isRunning, keepKnown, ownerOf } from '../../../shared/host/owner';

const folder = mkdtempSync(join(tmpdir(), 'owner-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Field 3 and field 22 of `/proc/<pid>/stat`. */
const stat = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

describe('the owner of a private folder', () => {
  const isLinux = process.platform === 'linux';

  it('runs as long as its process does', () => {
    keepKnown(folder);
    const owner = ownerOf(folder);
    // Elsewhere there is no record, and the age of a folder decides.
    expect(owner?.pid).toBe(isLinux ? process.pid : undefined);
    if (owner) expect(isRunning(owner)).toBe(true);
  });

  it('does not run any more as a zombie, nor when another process has its number', async () => {
    if (!isLinux) return;
    const { system } = ownerOf(folder)!;
    // What the shell has started ends once the shell has become a program that waits for nobody.
    const script = '{ cat <&3 >/dev/null & } 3<&0; echo $!; exec sleep 60';
    const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [text] = (await new Promise((resolve) => parent.stdout.once('data', (...all) => resolve(all)))) as [Buffer];
    const pid = Number(text.toString());
    while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') await sleep(10);
    parent.stdin.end();
    while (stat(pid)[0] !== 'Z') await sleep(10);
    const found = { pid, started: stat(pid)[19]!, system };
    const ofParent = { pid: parent.pid!, started: stat(parent.pid!)[19]!, system };
    expect([found, ofParent, { ...ofParent, started: '1' }].map(isRunning)).toEqual([false, true, false]);
    parent.kill('SIGKILL');
  });

  it('is not known of another start of the system, or another namespace', () => {
    expect(isRunning({ pid: process.pid, started: '1', system: 'another' })).toBeUndefined();
  });
});

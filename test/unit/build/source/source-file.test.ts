import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findSourceFile, readSourceFile } from '../../../../actions/build-and-push/src/source/source-file';
import { folderWith, removeFolder } from '../builders/builtin/files';

let source: string;
let context: string;
beforeEach(() => {
  source = folderWith({ secret: 'hidden', 'app/real': 'inside', 'docker/Dockerfile': 'FROM scratch' });
  context = join(source, 'app');
});
afterEach(() => removeFolder(source));

const find = (path: string, named = false) =>
  findSourceFile(path, { context, roots: [source], limit: 100, named }) as { real?: string; problem?: string };
const link = (target: string, name: string) => {
  symlinkSync(target, join(source, name));
  return join(source, name);
};
const last = (...made: string[]) => made[made.length - 1]!;

describe('findSourceFile', () => {
  it('takes a file inside the context, and links that stay in it', () => {
    const real = join(context, 'real');
    mkdirSync(join(context, 'folder'));
    link('../real', 'app/folder/one');
    link('folder', 'app/short');
    expect(find(real)).toEqual({ real });
    expect(find(link('real', 'app/direct'))).toEqual({ real });
    expect(find(link('short/one', 'app/chain'))).toEqual({ real });
    // Out of the context and in again.
    expect(find(link('../app/real', 'app/round'))).toEqual({ real });
  });

  it.each<[string, () => string]>([
    ['a file of the source', () => link('../secret', 'app/f')],
    ['a file of the machine', () => link('/etc/passwd', 'app/f')],
    ['a chain', () => last(link('../secret', 'app/a'), link('a', 'app/b'), link('b', 'app/f'))],
    ['a folder that is a link', () => last(link('..', 'app/up'), join(context, 'up/secret'))],
    ['a link to a folder that is a link', () => last(link('..', 'app/up'), link('up/secret', 'app/f'))],
  ])('refuses what leads out of the context: %s', (_, make) => {
    const path = make();
    expect(find(path).problem).toContain('is a link that leads out of the context');
    expect(find(path, true).problem).toContain('is reached by a link of the source that leads out of the context');
  });

  it.each(existsSync('/proc/self/environ') ? ['/proc/self/environ', '/proc/self/root/proc/version', '/dev/null'] : [])(
    'refuses %s, however it is named',
    (file) => {
      for (const named of [true, false]) {
        expect(find(file, named).problem).toContain('leads to a system file');
        expect(find(link(file, `app/${named}`), named).problem).toContain('leads to a system file');
        const everything = { context: '/', roots: [source], limit: 100, named };
        expect(findSourceFile(file, everything)).toEqual({ problem: expect.stringContaining('a system file') });
      }
    },
  );

  it('takes a file outside of the context that the user named, also below a link of the machine', () => {
    const real = join(source, 'docker/Dockerfile');
    expect(find(real, true)).toEqual({ real });
    expect(find(real).problem).toContain('leads out of the context');
    const elsewhere = folderWith({});
    symlinkSync(source, join(elsewhere, 'work'));
    expect(find(join(elsewhere, 'work/docker/Dockerfile'), true)).toEqual({ real });
    removeFolder(elsewhere);
  });

  it('says what is there instead of a file', async () => {
    execFileSync('mkfifo', [join(context, 'pipe')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(context, 'socket'), resolve));
    expect(find(join(context, 'pipe')).problem).toBe('is a pipe; it must be a regular file');
    expect(find(link('pipe', 'app/to-pipe')).problem).toBe('is a pipe; it must be a regular file');
    expect(find(join(context, 'socket')).problem).toBe('is a socket; it must be a regular file');
    expect(find(context).problem).toBe('is a directory; it must be a regular file');
    server.close();
  });

  it('knows what does not exist, and links that form a loop', () => {
    expect(find(join(context, 'none'))).toEqual({ absent: true });
    expect(find(join(context, 'real/none'))).toEqual({ absent: true });
    expect(find(link('nowhere', 'app/dangling'))).toEqual({ absent: true });
    link('b', 'app/a');
    expect(find(link('a', 'app/b')).problem).toBe('cannot be read: its links form a loop; put the file itself there');
    expect(find(join(context, 'x'.repeat(300))).problem).toBe(
      'cannot be read: its path is too long; use a shorter path',
    );
  });

  it('refuses one that is too large before it is read', () => {
    truncateSync(join(context, 'real'), 101);
    expect(find(join(context, 'real')).problem).toContain('is larger than');
  });
});

describe('readSourceFile', () => {
  it('reads a file up to its limit', () => {
    const file = join(context, 'real');
    expect(readSourceFile(file, 6)).toEqual({ text: 'inside' });
    expect(readSourceFile(file, 5)).toEqual({ problem: expect.stringContaining('is larger than'), tooLarge: true });
    writeFileSync(file, 'é'.repeat(100_000));
    expect(readSourceFile(file, 200_000)).toEqual({ text: 'é'.repeat(100_000) });
  });

  it('reads no pipe and nothing of the system, whatever was found before', () => {
    execFileSync('mkfifo', [join(context, 'pipe')]);
    expect(readSourceFile(join(context, 'pipe'), 9)).toEqual({ problem: expect.stringContaining('is a pipe') });
    if (!existsSync('/proc/self/environ')) return;
    expect(readSourceFile('/proc/self/environ', 9)).toEqual({ problem: expect.stringContaining('a system file') });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSecrets } from '../../../../actions/build-and-push/src/source/secrets';
import { foldersOf } from '../../../../shared/host/folders';
import { createLog } from '../../../../shared/host/log';
import { folderWith } from '../builders/builtin/files';

let folder: string;
beforeEach(() => {
  folder = folderWith({ '.npmrc': 'token=from-a-file\nsecond-line\n' });
  mkdirSync(join(folder, 'folder'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const assignments = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

function read(envs: Record<string, string>, files: Record<string, string>) {
  const log = createLog({ colour: false, debug: false, write: () => {}, mark: (_, line) => line });
  const inputs = { 'secret-envs': assignments(envs), 'secret-files': assignments(files), secrets: undefined };
  return { ...readSecrets(inputs, foldersOf({}, folder), { TOKEN: 'from-a-variable', EMPTY: '' }, log), log };
}

describe('readSecrets', () => {
  it('finds them and hides what they hold', () => {
    const { secrets, findings, log } = read({ npm: ' TOKEN', none: 'EMPTY' }, { rc: '.npmrc' });
    expect([secrets, findings]).toEqual([
      [
        { id: 'npm', env: 'TOKEN' },
        { id: 'none', env: 'EMPTY' },
        { id: 'rc', file: join(folder, '.npmrc') },
      ],
      [],
    ]);
    expect(log.masked('a from-a-variable, token=from-a-file and second-line')).toBe('a ***, *** and ***');
  });

  it('takes several of secret-envs in one line, as docker/build-push-action does', () => {
    const { secrets, findings } = read({ a: 'TOKEN, b=EMPTY,c = TOKEN' }, {});
    expect([secrets.map((one) => ('env' in one ? `${one.id}=${one.env}` : one)), findings]).toEqual([
      ['a=TOKEN', 'b=EMPTY', 'c=TOKEN'],
      [],
    ]);
  });

  it.each<[Record<string, string>, Record<string, string>, string, string]>([
    [{ a: 'TOKEN,b' }, {}, 'secret-envs', 'a: there is no environment variable "TOKEN,b"'],
    [{ a: 'MISSING' }, {}, 'secret-envs', 'a: there is no environment variable "MISSING"'],
    [{ 'a,src=/etc/shadow': 'TOKEN' }, {}, 'secret-envs', 'which builders refuse'],
    [{}, { a: 'nowhere' }, 'secret-files', 'a: there is no file "nowhere"; looked in'],
    [{}, { a: 'folder' }, 'secret-files', 'a: "folder" is a directory; it must be a regular file'],
    [{ a: 'TOKEN' }, { a: '.npmrc' }, 'secret-files', 'has "a" twice'],
  ])('refuses %j and %j', (envs, files, where, problem) => {
    expect(read(envs, files).findings).toEqual([{ where, problem: expect.stringContaining(problem) }]);
  });

  it('reads no pipe, no file of the system, and nothing of one that is too large to be shown', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('/proc/self/environ', join(folder, 'link'));
    writeFileSync(join(folder, 'large'), 'x'.repeat(64 * 1024 + 1));
    const { secrets, findings, log } = read({}, { a: 'pipe', b: 'link', c: '/dev/null', d: 'large' });
    expect(findings.map(({ problem }) => problem)).toEqual([
      'a: "pipe" is a pipe; it must be a regular file',
      expect.stringMatching(/^b: "link" leads to a system file/),
      expect.stringMatching(/^c: "\/dev\/null" (is a device|leads to)/),
    ]);
    expect(secrets).toEqual([{ id: 'd', file: join(folder, 'large') }]);
    expect(log.masked('xxxxx')).toBe('xxxxx');
  });

  it('refuses an id that one input gives twice', () => {
    const log = createLog({ colour: false, debug: false, write: () => {}, mark: (_, line) => line });
    const twice = ['TOKEN', 'EMPTY'].map((value) => ({ name: 'a', value }));
    const env = { TOKEN: 'from-a-variable', EMPTY: '' };
    const { findings } = readSecrets(
      { 'secret-envs': twice, 'secret-files': undefined, secrets: undefined },
      foldersOf({}, folder),
      env,
      log,
    );
    expect(findings).toEqual([{ where: 'secret-envs', problem: 'has "a" twice' }]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  askAbout as about,
  askGit as ask,
  withoutCredentials,
} from '../../../../actions/build-and-push/src/source/git';
import { withoutHook } from '../../../../shared/host/git-environment';

describe('withoutCredentials', () => {
  it.each([
    ['https://example.com/a/b.git', 'https://example.com/a/b.git'],
    ['https://user:token@example.com/a/b.git', 'https://example.com/a/b.git'],
    ['https://token@example.com:8443/a/b?private=1', 'https://example.com:8443/a/b'],
    ['ssh://git@example.com/a/b.git', 'ssh://example.com/a/b.git'],
    ['git@example.com:a/b.git', 'example.com:a/b.git'],
    ['file:///srv/a', undefined],
    ['/srv/a', undefined],
    ['../a', undefined],
  ])('%s', (remote, address) => {
    expect(withoutCredentials(remote)).toBe(address);
  });
});

const { signal } = new AbortController();
const askGit = (folder: string) => ask(folder, signal);
const askAbout = (folders: string[], env: NodeJS.ProcessEnv) => about(folders, env, signal);

describe('askGit', () => {
  let folder: string;
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      cwd: folder,
      env: withoutHook(process.env),
      encoding: 'utf8',
    });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'git-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('knows commit and address', async () => {
    git('init', '-q');
    writeFileSync(join(folder, 'a'), 'a');
    git('add', 'a');
    git('commit', '-qm', 'a');
    git('remote', 'add', 'origin', 'https://me:secret@example.com/a.git');
    expect(await askGit(folder)).toEqual({
      commit: git('rev-parse', 'HEAD').trim(),
      address: 'https://example.com/a.git',
    });
  });

  it('knows its own folder, although a hook of another repository is running', async () => {
    process.env['GIT_DIR'] = join(__dirname, '../../../../.git');
    try {
      expect(await askGit(folder)).toEqual({ why: expect.stringContaining('not a git repository') });
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it('is asked about the first folder that is in a repository, then GitHub', async () => {
    const none = mkdtempSync(join(tmpdir(), 'git-test-none-'));
    const github = { GITHUB_ACTIONS: 'true', GITHUB_SHA: 'f00d'.repeat(10) };
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'a');
    const commit = git('rev-parse', 'HEAD').trim();
    expect(await askAbout([none, folder], github)).toEqual({ commit });
    expect(await askAbout([none], github)).toEqual({ commit: 'f00d'.repeat(10) });
    expect(await askAbout([none], { GITHUB_SHA: 'f00d'.repeat(10) })).toEqual({ why: expect.any(String) });
    rmSync(none, { recursive: true });
  });

  it('says why there is none', async () => {
    expect(await askGit(folder)).toEqual({ why: expect.stringContaining('not a git repository') });
    git('init', '-q');
    expect(await askGit(folder)).toEqual({ why: expect.any(String) });
  });

  it('takes no file for a commit', async () => {
    git('init', '-q');
    writeFileSync(join(folder, 'HEAD'), 'x');
    expect(await askGit(folder)).toEqual({ why: 'the repository has no commit' });
  });

  it.each(['', 'main', 'f00d', `${'f'.repeat(40)}\n`, '--help'])(
    'takes no id from GitHub that is none: %j',
    async (sha) => {
      const github = { GITHUB_ACTIONS: 'true', GITHUB_SHA: sha };
      expect(await askAbout([folder], github)).toEqual({ why: expect.stringContaining('not a git repository') });
    },
  );

  it('keeps strange addresses out of the label', async () => {
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'a');
    for (const url of ['host:a\nb', 'https://example.com/\u0007', `https://example.com/${'x'.repeat(3000)}`]) {
      git('config', 'remote.origin.url', url);
      expect(await askGit(folder)).toEqual({ commit: expect.any(String) });
    }
    git('config', 'remote.origin.url', `host:${'x'.repeat(70_000)}`);
    expect(await askGit(folder)).toEqual({ commit: expect.any(String) });
  });

  it('cuts what git says, and takes what steers a terminal out of it', async () => {
    writeFileSync(join(folder, '.git'), `gitdir: \u0085::\u202e${'x'.repeat(500)}\n`);
    const { why } = await askGit(folder);
    expect(why).toMatch(/^[\x20-\x7e]{20,120}…$/);
  });

  it('gives git up that waits for a pipe', async () => {
    git('init', '-q');
    rmSync(join(folder, '.git/HEAD'));
    execFileSync('mkfifo', [join(folder, '.git/HEAD')]);
    expect(await ask(folder, signal, 50)).toEqual({ why: 'git does not answer within 0.05 s' });
    const ending = new AbortController();
    const reason = new Error('interrupted');
    // Long after the test would have failed.
    const asking = ask(folder, ending.signal, 600_000);
    ending.abort(reason);
    await expect(asking).rejects.toBe(reason);
    await expect(async () => ask(folder, ending.signal)).rejects.toBe(reason);
  });
});

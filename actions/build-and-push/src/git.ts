import { spawnSync } from 'node:child_process';
import { withoutHook } from '../../../shared/host/git-environment';

/** What git knows of the source. */
export interface SourceFacts {
  /** 40 (or 64) hex digits. */
  readonly commit?: string;
  /** Address of the repository, without credentials. */
  readonly address?: string;
  /** Why there is no commit. */
  readonly why?: string;
}

const patience = 10_000;

/** What git knows of the first of the folders that is in a repository; else the commit that GitHub names. */
export function askAbout(folders: readonly string[], env: Readonly<NodeJS.ProcessEnv>): SourceFacts {
  const all = folders.map(askGit);
  const known = all.find(({ commit }) => commit !== undefined);
  const ofGithub = env['GITHUB_ACTIONS'] === 'true' ? env['GITHUB_SHA'] : undefined;
  return known ?? (ofGithub ? { commit: ofGithub } : all[0]!);
}

/** Asks git about the folder. A missing git or repository is an answer, not an error. */
export function askGit(folder: string): SourceFacts {
  const head = git(folder, ['rev-parse', 'HEAD']);
  if ('why' in head) return { why: head.why };
  const remote = git(folder, ['config', '--get', 'remote.origin.url']);
  const address = 'said' in remote ? withoutCredentials(remote.said) : undefined;
  return { commit: head.said, ...(address && { address }) };
}

function git(folder: string, words: readonly string[]): { said: string } | { why: string } {
  // In a build container the source often belongs to another user, which git would refuse to read.
  const { error, status, stdout, stderr } = spawnSync('git', ['-c', 'safe.directory=*', ...words], {
    cwd: folder,
    env: withoutHook(process.env),
    encoding: 'utf8',
    timeout: patience,
  });
  if (error)
    return { why: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'git is not installed' : error.message };
  const said = stdout.trim();
  if (status !== 0 || said === '')
    return {
      why:
        stderr
          .trim()
          .split('\n')[0]
          ?.replace(/^fatal: /, '') || 'git failed',
    };
  return { said };
}

/** The address for a label that everybody may read; undefined for one on this machine. Pure. */
export function withoutCredentials(remote: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(remote)) {
    try {
      const url = new URL(remote);
      if (url.protocol === 'file:') return undefined;
      url.username = '';
      url.password = '';
      url.search = '';
      return url.href;
    } catch {
      return undefined;
    }
  }
  // user@host:path, as ssh writes it; a path on this machine says nothing to others.
  const [, host, path] = /^(?:[^@/]+@)?([^:/]+):(.+)$/.exec(remote) ?? [];
  return host && path ? `${host}:${path}` : undefined;
}

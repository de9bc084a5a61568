import { type ExecFileException, execFile } from 'node:child_process';
import { withoutHook } from '../../../../shared/host/git-environment';

/** What git knows of the source. */
export interface SourceFacts {
  /** 40 (or 64) hex digits. */
  readonly commit?: string;
  /** Address of the repository, without credentials. */
  readonly address?: string;
  /** Why there is no commit. */
  readonly why?: string;
}

/** A question takes some milliseconds; a repository whose files are pipes never answers. */
const patienceMs = 5_000;

/** Far more than an id or an address. */
const longestAnswer = 64 * 1024;

const longestReason = 120;

/** The id of a commit: SHA-1, or SHA-256 where the repository uses it. */
const commitForm = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** What git knows of the first of the folders that is in a repository; else the commit that GitHub names. */
export async function askAbout(
  folders: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<SourceFacts> {
  let first: SourceFacts | undefined;
  for (const folder of new Set(folders)) {
    const facts = await askGit(folder, signal);
    if (facts.commit !== undefined) return facts;
    first ??= facts;
  }
  const ofGithub = env['GITHUB_ACTIONS'] === 'true' ? env['GITHUB_SHA'] : undefined;
  return ofGithub && commitForm.test(ofGithub) ? { commit: ofGithub } : (first ?? { why: 'there is no source' });
}

/**
 * Asks git about the folder. A missing git or repository is an answer, not an error; a signal ends it with its reason.
 *
 * @param patience milliseconds for each question
 */
export async function askGit(folder: string, signal: AbortSignal, patience = patienceMs): Promise<SourceFacts> {
  const [head, remote] = await Promise.all([
    // A file named HEAD is not a commit.
    git(folder, ['rev-parse', '--verify', 'HEAD^{commit}'], signal, patience),
    git(folder, ['config', '--get', 'remote.origin.url'], signal, patience),
  ]);
  if ('why' in head) return { why: head.why };
  if (!commitForm.test(head.said)) return { why: 'git did not print a commit id' };
  const address = 'said' in remote ? withoutCredentials(remote.said) : undefined;
  return { commit: head.said, ...(address && { address }) };
}

/**
 * In a build container the source often belongs to another user, which git would refuse to read. So its settings are
 * believed, but for those that run programs.
 */
const settings = {
  'safe.directory': '*',
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'credential.helper': '',
};

/** Nothing is asked of a person, written, or fetched: a partial clone would fetch what is missing, with the programs it names. */
const quiet = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  LC_ALL: 'C',
};

function git(
  folder: string,
  words: readonly string[],
  signal: AbortSignal,
  patience: number,
): Promise<{ said: string } | { why: string }> {
  if (signal.aborted) throw signal.reason;
  const own = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const options = {
    cwd: folder,
    env: { ...withoutHook(process.env), ...quiet },
    timeout: patience,
    killSignal: 'SIGKILL',
    maxBuffer: longestAnswer,
    signal,
  } as const;
  return new Promise((resolve, reject) => {
    execFile('git', [...own, ...words], options, (error, stdout, stderr) => {
      if (signal.aborted) reject(signal.reason);
      else if (error) resolve({ why: whyNot(error, stderr, patience) });
      else resolve(stdout.trim() === '' ? { why: 'git does not answer' } : { said: stdout.trim() });
    });
  });
}

function whyNot(error: Omit<ExecFileException, 'code'> & { code?: unknown }, stderr: string, patience: number): string {
  if (error.code === 'ENOENT') return 'git is not installed';
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'git printed too much';
  if (error.killed) return `git does not answer within ${patience / 1000} s`;
  const [line = ''] = stderr.trim().split('\n', 1);
  if (line.includes('Needed a single revision')) return 'the repository has no commit';
  const said = line.replace(/^fatal: /, '').replace(/[^\x20-\x7e]/g, '?');
  return (said.length > longestReason ? `${said.slice(0, longestReason)}…` : said) || 'git failed';
}

/** Browsers and registries take no longer ones either. */
const longestAddress = 2_000;

/** The address for a label that everybody may read; undefined for one on this machine. */
export function withoutCredentials(remote: string): string | undefined {
  if (remote.length > longestAddress || /\p{Cc}/u.test(remote)) return undefined;
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

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ActionError } from '../../../shared/errors';
import { withoutHook } from '../../../shared/host/git-environment';

/** A git repository with the sample application, as its team would have it. */
export interface Repository {
  readonly folder: string;
  /** Replaces a text wherever it is in a file. Throws an ActionError where it is not. */
  edit(file: string, from: string | RegExp, to: string | ((...found: string[]) => string)): void;
  /** Commits everything. */
  commit(message: string): void;
}

export const sample = 'test/local/sample';
export const workflow = '.codecatalyst/workflows/blue-green.yaml';

/** Nothing of the user's git (hooks, signing, templates) has any effect. */
const gitEnvironment = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
const identity = ['-c', 'user.name=Sample', '-c', 'user.email=sample@example.com'];

/** A new repository with the sample application of this project and its workflow file. */
export function createRepository(folder: string, project: string): Repository {
  cpSync(join(project, sample), folder, { recursive: true });
  mkdirSync(dirname(join(folder, workflow)), { recursive: true });
  cpSync(join(project, workflow), join(folder, workflow));
  git(folder, ['init', '--quiet']);
  git(folder, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  return {
    folder,
    edit(file, from, to) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      const edited = typeof to === 'string' ? text.split(from).join(to) : text.replace(from, to);
      if (edited === text) throw new ActionError(`cannot edit ${file}: it does not hold ${from}; restore the sample`);
      writeFileSync(path, edited);
    },
    commit(message) {
      git(folder, ['add', '--all']);
      git(folder, [...identity, 'commit', '--quiet', '--message', message]);
    },
  };
}

function git(folder: string, args: readonly string[]): void {
  const env = { ...withoutHook(process.env), ...gitEnvironment };
  const { status, stderr, error } = spawnSync('git', args, { cwd: folder, env, encoding: 'utf8' });
  if (error) throw new ActionError(`cannot start git: ${error.message}; install git`);
  if (status !== 0) throw new ActionError(`cannot run git ${args.at(-1)}: ${stderr.trim()}`);
}

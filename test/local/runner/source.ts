import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../../shared/errors';
import { withoutHook } from '../../../shared/host/git-environment';
import { makeFolders } from './make-folders';

/** The workflow's repository. */
export interface Source {
  readonly root: string;
  /** Its files, relative to the root; undefined where git does not know them. */
  readonly files: readonly string[] | undefined;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  /** Whether the files are not those of the commit. */
  readonly changed: boolean;
  /** Whether the root is that of the repository, so that a copy is a checkout. */
  readonly checkout: boolean;
}

/** Reads a folder's state from git: its tracked files and the new ones that .gitignore does not leave out. @throws InputError */
export function readSource(folder: string): Source {
  if (!lstatSync(folder, { throwIfNoEntry: false })) {
    throw new InputError([{ where: 'source', problem: `${folder} is not a directory` }]);
  }
  const root = realpathSync(folder);
  const listed = git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return {
    root,
    files: listed?.split('\0').filter((file) => file !== '' && exists(join(root, file))),
    commit: git(root, ['rev-parse', '--verify', '--quiet', 'HEAD']),
    branch: git(root, ['symbolic-ref', '--short', '--quiet', 'HEAD']),
    changed: Boolean(git(root, ['status', '--porcelain', '--', '.'])),
    checkout: git(root, ['rev-parse', '--show-toplevel']) === root,
  };
}

/** Copies the source, with its history where it is a whole repository: an action may ask git for the commit. */
export function copySource({ root, files, commit, checkout }: Source, to: string): void {
  if (!files) {
    cpSync(root, to, { recursive: true, verbatimSymlinks: true, filter: isCopied });
    return;
  }
  if (checkout && commit) {
    git(root, ['clone', '--quiet', '--local', '--no-checkout', root, to]);
    git(to, ['reset', '--quiet']);
  }
  copyFiles(root, files, to);
}

/** Pipes, sockets and devices stay where they are. */
function isCopied(path: string): boolean {
  const stats = lstatSync(path);
  return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
}

/** Copies files by their relative names; symbolic links stay links, and none is written through. */
export function copyFiles(from: string, files: readonly string[], to: string): void {
  for (const file of files) {
    makeFolder(to, dirname(file));
    const source = join(from, file);
    // A link is replaced, never written through.
    rmSync(join(to, file), { force: true });
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), join(to, file));
    else copyFileSync(source, join(to, file));
  }
}

/** Makes a folder below another one; a link in its path is replaced by a folder. */
function makeFolder(base: string, inside: string): void {
  makeFolders(base);
  let folder = base;
  for (const part of inside.split('/').filter((one) => one !== '.')) {
    folder = join(folder, part);
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(folder);
    mkdirSync(folder, { recursive: true });
  }
}

/** What git says, or undefined where it fails or does not exist. */
function git(folder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, {
    cwd: folder,
    env: withoutHook(process.env),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** A submodule is listed as a file, but is a folder. */
const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false;

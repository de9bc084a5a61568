import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, type Stats } from 'node:fs';
import { relative, sep } from 'node:path';
import { isOfKernel } from '../../../../shared/host/user-file';
import { followLinks } from './links';

/** A generated Dockerfile of thousands of lines has some 100 KiB. */
export const largestDockerfile = 2 * 1024 * 1024;
/** Some ten thousand patterns. */
export const largestIgnoreFile = 1024 * 1024;

/** Where a file of the source may be. */
export interface Bounds {
  /** The folder that is sent to the build. */
  readonly context: string;
  /** The folders of the source and of artifacts, whose links were made by whoever wrote their content. */
  readonly roots: readonly string[];
  /** Bytes. */
  readonly limit: number;
  /** Whether the user gave the path: only then may the file be outside of the context. */
  readonly named: boolean;
}

/** `absent` where there is nothing, `problem` where there is something that is not read. */
export type Found = { readonly real: string } | { readonly absent: true } | { readonly problem: string };

/**
 * Looks at a file of the source that steers the build, before anything of it is read. It must be a regular file inside the
 * context when all links are resolved. Where the user named it, it may also be outside, as for `docker build -f`, but then
 * no link that lies in the source or in the context may lead to it: such a link is the repository's word, not the user's.
 * Never is it a file of /proc, /sys or /dev, where credentials and devices are.
 */
export function findSourceFile(path: string, { context, roots, limit, named }: Bounds): Found {
  try {
    const { real, links } = followLinks(path);
    const facts = lstatSync(real);
    const inside = realpathSync(context);
    if (isOfKernel(real)) return { problem: 'leads to a system file, which is not part of the source' };
    if (!isWithin(inside, real)) {
      if (!named) return { problem: 'is a link that leads out of the context; put the file itself there' };
      const owned = [context, ...roots].flatMap((root) => realOf(root));
      if (links.some((link) => owned.some((root) => isWithin(root, link)))) {
        return { problem: 'is reached by a link of the source that leads out of the context; name the file itself' };
      }
    }
    if (!facts.isFile()) return { problem: `is ${kindOf(facts)}; it must be a regular file` };
    return facts.size > limit ? { problem: tooLarge(limit) } : { real };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { absent: true } : { problem: unreadable(error) };
  }
}

/** What was read, or why not. */
export type ReadText = { readonly text: string } | { readonly problem: string; readonly tooLarge?: true };

/**
 * Reads a regular file, whose links were looked at before. What takes its place between the look and the opening is
 * refused, and nothing that blocks is waited for.
 */
export function readSourceFile(path: string, limit: number): ReadText {
  let file: number | undefined;
  try {
    const real = realpathSync(path);
    const before = lstatSync(real);
    if (!before.isFile()) return { problem: `is ${kindOf(before)}; it must be a regular file` };
    if (isOfKernel(real)) return { problem: 'leads to a system file, which is not part of the source' };
    file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const facts = fstatSync(file);
    if (facts.ino !== before.ino || facts.dev !== before.dev) return { problem: 'changes while it is read; run again' };
    const bytes = readUpTo(file, limit + 1);
    return bytes.length > limit ? { problem: tooLarge(limit), tooLarge: true } : { text: bytes.toString('utf8') };
  } catch (error) {
    return { problem: unreadable(error) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The size that was told is not believed: it is 0 for files that a kernel makes up. */
function readUpTo(file: number, most: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < most) {
    const part = Buffer.alloc(Math.min(64 * 1024, most - length));
    const count = readSync(file, part, 0, part.length, null);
    if (count === 0) break;
    parts.push(part.subarray(0, count));
    length += count;
  }
  return Buffer.concat(parts);
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** None for a folder that does not exist. */
function realOf(folder: string): string[] {
  try {
    return [realpathSync(folder)];
  } catch {
    return [];
  }
}

/** What kind of thing something is that is not a regular file. */
export function kindOf(facts: Pick<Stats, 'isDirectory' | 'isFIFO' | 'isSocket'>): string {
  if (facts.isDirectory()) return 'a directory';
  if (facts.isFIFO()) return 'a pipe';
  return facts.isSocket() ? 'a socket' : 'a device';
}

const tooLarge = (limit: number) => `is larger than ${limit / 1024} KiB, the most that is read`;

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its links form a loop',
  ENAMETOOLONG: 'its path is too long',
  ENOENT: 'it no longer exists',
  ENOTDIR: 'it no longer exists',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENXIO: 'it is a pipe or a socket',
};

/** What a user can do about it, by the error; what else fails is the disk or its file system. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'let this user read it',
  EPERM: 'let this user read it',
  ELOOP: 'put the file itself there',
  ENAMETOOLONG: 'use a shorter path',
  ENOENT: 'run again when nothing changes it',
  ENOTDIR: 'run again when nothing changes it',
  ESTALE: 'run again when nothing changes it',
  EMFILE: 'raise the limit of open files (ulimit -n)',
  ENFILE: 'raise the limit of open files of this machine',
  ENXIO: 'put a regular file there',
};

const unreadable = (error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException;
  return `cannot be read: ${reasonOf(error)}; ${remedies[code] ?? 'check the disk, and run again'}`;
};

/** Why the system refuses a file, without its path. */
export function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === '') throw error;
  return reasons[code] ?? `the system reports ${code}`;
}

import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { Folders } from './folders';

/** Folders of the kernel: what a link leads to there may be the environment, with its credentials, or be without end. */
const kernelFolders = ['/proc', '/sys', '/dev'];
/** Files in memory, where some runners have their folders. */
const sharedMemory = '/dev/shm';

/** What a shell passes as a file: its standard input, and the pipe of `<(…)`. */
const ofShell = /^(?:\/dev\/stdin|(?:\/dev|\/proc\/self)\/fd\/\d+)$/;

/**
 * Why a path that the user gave may not be read: a link that a repository holds could lead to any file of this machine. A
 * path that is outright outside of the source is the user's own wish. Undefined where it may be.
 */
export function strayLink(path: string, folders: Folders): string | undefined {
  if (ofShell.test(path)) return undefined;
  const real = realOf(path);
  if (real === undefined) return undefined;
  if (isOfKernel(real)) return 'is a device or a file of the kernel; name a file';
  const roots = rootsOf(folders);
  const isNamedOutside = !roots.some((root) => isBelow(resolve(path), root));
  if (isNamedOutside || roots.some((root) => isBelow(real, realOf(root) ?? root))) return undefined;
  return 'is a link to a file outside of the source and its artifacts; put the file itself there, or specify its absolute path';
}

/** Whether a path without links is of the kernel: its state, its settings, or a device. */
export const isOfKernel = (real: string): boolean =>
  kernelFolders.some((folder) => isBelow(real, folder)) && !isBelow(real, sharedMemory);

const isBelow = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // What cannot be followed cannot be read either; the reading tells why.
    return undefined;
  }
}

/** The source, the artifacts, and the whole repository where the action works in a folder of one. */
function rootsOf({ roots, inputs, working }: Folders): string[] {
  const repository = repositoryOf(working);
  return [...roots, ...Object.values(inputs), ...(repository === undefined ? [] : [repository])];
}

function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
}

/** Whether the path is a pipe, which can be read only once. */
export const isPipe = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false;

/** How large a file may be, and what to say of one that is larger. */
export interface SizeLimit {
  readonly bytes: number;
  readonly problem: string;
}

/** Why a file could not be read, or the bytes of it. */
export type FileRead = { readonly bytes: Buffer } | { readonly problem: string };

/**
 * Reads a regular file within a limit. Nothing else is opened: a pipe would wait for its writer, a device may have no end.
 */
export function readFile(path: string, limit: SizeLimit): FileRead {
  return opened(path, (file) => {
    const problem = problemOf(fstatSync(file));
    if (problem !== undefined) return { problem };
    const collected = new Collected(limit);
    while (collected.take(file)) {}
    return collected.end();
  });
}

/** Milliseconds without a byte after which a pipe is given up; what fills it may be a command that asks a network. */
export const pipePatience = 60_000;

/**
 * Reads a pipe within a limit, looking for more every few milliseconds: a blocking read would hold up the whole
 * process, signals included.
 *
 * @param signal ends the waiting; what it is aborted with is thrown
 */
export async function readPipe(
  path: string,
  limit: SizeLimit,
  signal: AbortSignal,
  patience = pipePatience,
): Promise<FileRead> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return { problem: whyUnread(error) };
  }
  try {
    const collected = new Collected(limit);
    let last = Date.now();
    for (;;) {
      if (signal.aborted) throw signal.reason;
      const got = takeNow(collected, file);
      if (collected.isFull) return collected.end();
      if (got === 'bytes') last = Date.now();
      // Before its first writer has come, a named pipe looks as if it had ended.
      else if (got === 'end' && (collected.length > 0 || ofShell.test(path))) return collected.end();
      else if (Date.now() - last > patience)
        return { problem: `is a pipe that delivered nothing for ${patience / 1000} seconds` };
      if (got !== 'bytes') await new Promise((resume) => setTimeout(resume, 20));
    }
  } finally {
    closeSync(file);
  }
}

function takeNow(collected: Collected, file: number): 'bytes' | 'end' | 'nothing' {
  try {
    return collected.take(file) ? 'bytes' : 'end';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'nothing';
    throw error;
  }
}

function opened(path: string, read: (file: number) => FileRead): FileRead {
  let file: number | undefined;
  try {
    const problem = problemOf(statSync(path));
    if (problem !== undefined) return { problem };
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return read(file);
  } catch (error) {
    return { problem: whyUnread(error) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function problemOf(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'is a directory; name the file in it';
  return stats.isFile() ? undefined : 'is not a file';
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its links form a loop',
  ENXIO: 'it is a socket or a device',
};

function whyUnread(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return `cannot be read: ${reasons[code] ?? (code || message)}`;
}

/** The bytes of a file as they come, one more than are allowed at most. */
class Collected {
  readonly #chunks: Buffer[] = [];
  length = 0;
  constructor(readonly limit: SizeLimit) {}
  get isFull(): boolean {
    return this.length > this.limit.bytes;
  }
  /** Whether there was more. */
  take(file: number): boolean {
    const chunk = Buffer.alloc(Math.min(65_536, this.limit.bytes + 1 - this.length));
    const count = chunk.length === 0 ? 0 : readSync(file, chunk, 0, chunk.length, null);
    if (count > 0) this.#chunks.push(chunk.subarray(0, count));
    this.length += count;
    return count > 0;
  }
  end(): FileRead {
    if (this.isFull) return { problem: this.limit.problem };
    // Most files are one chunk, which need not be copied.
    const [first, ...others] = this.#chunks;
    return { bytes: first && others.length === 0 ? first : Buffer.concat(this.#chunks) };
  }
}

/** A file system that fails: each call of the system may be refused in every way. */

import fs from 'node:fs';
import promises from 'node:fs/promises';
import { fc } from '../properties';

/** The calls that may fail, by the name of the call of the system that Node tells. */
const calls = {
  open: 'open',
  openSync: 'open',
  read: 'read',
  readSync: 'read',
  write: 'write',
  writeSync: 'write',
  writeFileSync: 'open',
  readFileSync: 'open',
  fstatSync: 'fstat',
  lstatSync: 'lstat',
  statSync: 'stat',
  realpathSync: 'lstat',
  readlinkSync: 'readlink',
  readdirSync: 'scandir',
  mkdtempSync: 'mkdtemp',
  mkdirSync: 'mkdir',
  closeSync: 'close',
} as const;
type Call = keyof typeof calls;

/** Those of `node:fs/promises`, and of its open files. */
const promised = {
  open: 'open',
  readdir: 'scandir',
  'handle.read': 'read',
  'handle.write': 'write',
  'handle.stat': 'fstat',
} as const;
type Promised = keyof typeof promised;

const texts: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EIO: 'i/o error',
  EMFILE: 'too many open files',
  ENFILE: 'file table overflow',
  ELOOP: 'too many symbolic links encountered',
  ENAMETOOLONG: 'name too long',
  ENOTDIR: 'not a directory',
  EISDIR: 'illegal operation on a directory',
  EROFS: 'read-only file system',
  ESTALE: 'stale file handle',
  EBUSY: 'resource busy or locked',
  EFBIG: 'file too large',
  ENXIO: 'no such device or address',
  EOVERFLOW: 'value too large for defined data type',
  ENOMEM: 'not enough memory',
};

export interface FileFault {
  readonly on: Call | `${Promised} promised`;
  /** Calls that go well before. */
  readonly after: number;
  readonly times: number;
  /** The error; for reading also fewer bytes, or none, as of a file that shrinks. */
  readonly code: string;
}

export const fileFault: fc.Arbitrary<FileFault> = fc.record({
  on: fc.constantFrom(
    ...(Object.keys(calls) as Call[]),
    ...(Object.keys(promised) as Promised[]).map((name) => `${name} promised` as const),
  ),
  after: fc.oneof(fc.nat(3), fc.nat(40)),
  times: fc.constantFrom(1, 1, 1000),
  code: fc.constantFrom(...Object.keys(texts), 'short', 'short', 'end'),
});

/** An error as Node makes it of what the system answers. */
function errorOf(code: string, syscall: string, path: unknown): NodeJS.ErrnoException {
  const where = typeof path === 'string' ? ` '${path}'` : '';
  const error = new Error(`${code}: ${texts[code]}, ${syscall}${where}`);
  return Object.assign(error, { code, syscall, errno: -1, ...(typeof path === 'string' && { path }) });
}

type Callable = (...words: unknown[]) => unknown;
type Holder = Record<string, Callable>;

/**
 * Does a job while calls fail. What other parts of the process do with files elsewhere goes well.
 *
 * @param folder where calls with a path fail; those with a number are of files that were opened there
 */
export async function withFileFaults<T>(
  faults: readonly FileFault[],
  folder: string,
  job: () => Promise<T>,
): Promise<T> {
  const met = new Map<string, number>();
  const opened = new Set<unknown>();
  const giveBack: (() => void)[] = [];
  const due = (on: FileFault['on']): FileFault | undefined => {
    const count = (met.get(on) ?? 0) + 1;
    met.set(on, count);
    return faults.find((one) => one.on === on && count > one.after && count <= one.after + one.times);
  };
  const isOurs = (first: unknown) => (typeof first === 'string' ? first.startsWith(folder) : opened.has(first));
  const replace = (holder: Holder, name: string, make: (real: Callable) => Callable) => {
    const real = holder[name]!;
    holder[name] = Object.assign(make(real), real);
    giveBack.push(() => {
      holder[name] = real;
    });
  };
  for (const [name, syscall] of Object.entries(calls)) {
    if (!faults.some(({ on }) => on === name) && !name.startsWith('open')) continue;
    replace(fs as unknown as Holder, name, (real) => (...words) => {
      const fault = isOurs(words[0]) ? due(name as Call) : undefined;
      const callback = name.endsWith('Sync') ? undefined : (words[words.length - 1] as Callable);
      if (fault && fault.code in texts) {
        const error = errorOf(fault.code, syscall, words[0]);
        if (!callback) throw error;
        return void setImmediate(() => callback(error));
      }
      if (fault && name === 'readSync')
        return fault.code === 'end' ? 0 : real(...words.slice(0, 3), Math.min(1, Number(words[3])), words[4]);
      if (!name.startsWith('open')) return real(...words);
      if (!callback) return keep(real(...words), isOurs(words[0]));
      return real(...words.slice(0, -1), (error: unknown, file: unknown) =>
        callback(error, keep(file, isOurs(words[0]))),
      );
    });
  }
  const keep = <V>(file: V, ours: boolean): V => {
    if (ours) opened.add(file);
    return file;
  };
  for (const name of ['open', 'readdir'] as const) {
    replace(promises as unknown as Holder, name, (real) => async (...words) => {
      const fault = isOurs(words[0]) ? due(`${name} promised`) : undefined;
      if (fault && fault.code in texts) throw errorOf(fault.code, promised[name], words[0]);
      const answer = await real(...words);
      if (name !== 'open' || !isOurs(words[0])) return answer;
      for (const method of ['read', 'write', 'stat'] as const) {
        const own = (answer as Holder)[method]!.bind(answer);
        (answer as Holder)[method] = async (...args: unknown[]) => {
          const failing = due(`handle.${method} promised`);
          if (failing && failing.code in texts) throw errorOf(failing.code, promised[`handle.${method}`], undefined);
          if (failing?.code === 'end' && method === 'read') return { bytesRead: 0, buffer: args[0] };
          return own(...args);
        };
      }
      return answer;
    });
  }
  try {
    return await job();
  } finally {
    for (const back of giveBack) back();
  }
}

import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The process that a private folder belongs to, as the next run can tell whether it still lives. */
export interface Owner {
  readonly pid: number;
  /** When it started, in the system's ticks: another process may have its number later. */
  readonly started: string;
  /** Which start of the system, and which namespaces, the numbers are of. */
  readonly system: string;
}

const recordName = 'owner.json';
/** A record is a hundred bytes; what is larger is none of ours. */
const largestRecord = 4096;
/** Milliseconds between two signs of life, for runs that cannot see this process. */
const signEvery = 60 * 60 * 1000;

/** Writes into a folder of this process whose it is, and touches it every hour. Best effort. */
export function keepKnown(folder: string): void {
  try {
    const [system, own] = [thisSystem(), processOf(process.pid)];
    if (system !== undefined && own) {
      const owner: Owner = { pid: process.pid, started: own.started, system };
      writeFileSync(join(folder, recordName), JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
    }
  } catch {
    // Without a record, the age of the folder decides.
  }
  const touch = () => {
    try {
      utimesSync(folder, new Date(), new Date());
    } catch {
      // It may be gone.
    }
  };
  setInterval(touch, signEvery).unref();
}

/** Undefined where the folder has no record. */
export function ownerOf(folder: string): Owner | undefined {
  let file: number | undefined;
  try {
    // Neither a link nor a pipe, which would lead elsewhere or hold us up.
    file = openSync(join(folder, recordName), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const facts = fstatSync(file);
    if (!facts.isFile() || facts.size > largestRecord) return undefined;
    const { pid, started, system } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Owner>;
    const isWhole = Number.isSafeInteger(pid) && typeof started === 'string' && typeof system === 'string';
    return isWhole ? { pid: pid!, started: started!, system: system! } : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Whether the process of a record still runs; undefined where this process cannot know that. */
export function isRunning({ pid, started, system }: Owner): boolean | undefined {
  if (system !== thisSystem()) return undefined;
  const found = processOf(pid);
  // A process that has ended but has not been waited for is still listed, as a zombie.
  return found !== undefined && found.started === started && !/[ZX]/.test(found.state);
}

/** This start of the system and the namespaces of this process; undefined where the system does not tell, or `/proc` is another's. */
function thisSystem(): string | undefined {
  try {
    if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return [boot, readlinkSync('/proc/self/ns/pid'), timeNamespace()].join(' ');
  } catch {
    return undefined;
  }
}

/** Ticks since the start of the system are counted anew in one. Older kernels have none. */
function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return '';
  }
}

/** Undefined where there is no such process. @throws Error where that cannot be known */
function processOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    // The name of the program, in brackets, may hold anything. Source: proc(5), fields 3 and 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state: fields[0]!, started: fields[19]! };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Paths within a tree of files: no leading slash, parts parted by slashes. The root is the empty path. */

import { posix } from 'node:path';

/** The parts of any path that say something. */
export const partsOf = (path: string) => path.split('/').filter((part) => part !== '' && part !== '.');

export const joined = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);

/** The order of the bytes, which does not depend on a machine's language. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Sorts in place. The units of UTF-16 have the order of the bytes of UTF-8, but for pairs of surrogates. */
export function sortedByBytes(paths: string[]): string[] {
  return paths.some((path) => /[\ud800-\udfff]/.test(path)) ? paths.sort(byBytes) : paths.sort();
}

/** The directory of a path; that of the root is the root. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The directories above a path, outermost first, without the root. */
export function ancestors(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** A path as the trees know it: no leading slash, no dots. `..` stops at the root. */
export const treePath = (path: string): string => posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, '');

/** As Linux takes them (PATH_MAX, NAME_MAX), in bytes: what is longer can be in no image. */
export const longestPath = 4096;
const longestName = 255;

/** What no file of an image can be called; undefined where a path is fine. */
export function problemOfPath(path: string): string | undefined {
  // No character takes more than three bytes for each of its units.
  if (path.length * 3 > longestPath && Buffer.byteLength(path) > longestPath) {
    return `the path ${shownPath(path)} has more than ${longestPath} bytes`;
  }
  if (path.includes('\0')) return `the path ${shownPath(path)} contains a NUL byte`;
  if (path.length * 3 <= longestName) return undefined;
  const isLong = (name: string) => name.length * 3 > longestName && Buffer.byteLength(name) > longestName;
  return path.split('/').some(isLong)
    ? `the path ${shownPath(path)} has a name of more than ${longestName} bytes`
    : undefined;
}

const shownLength = 80;

const cut = (text: string) => (text.length > shownLength ? `${text.slice(0, shownLength)}…` : text);

/** A path of foreign origin for a message: one line, not too long. */
export const shownPath = (path: string): string => JSON.stringify(cut(path));

/** The same for a path of a tree, with its slash and without quotes. */
export const shownInRoot = (path: string): string => shownPath(`/${path}`).slice(1, -1);

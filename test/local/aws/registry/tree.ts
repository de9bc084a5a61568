import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Symbolic links one after the other that are followed, as Linux does. */
const mostLinks = 40;

/**
 * The place in a folder that a path of an image means, as if the folder were the root of the file system: `..` ends there,
 * links are followed in it. The last part itself is not followed.
 * @throws Error for a chain of links without an end
 */
export async function placeIn(root: string, path: string): Promise<string> {
  const done: string[] = [];
  const left = path.split('/');
  for (let links = 0; left.length > 0; ) {
    const part = left.shift() as string;
    if (part === '..') done.pop();
    if (part === '' || part === '.' || part === '..') continue;
    const target = left.some((next) => next !== '') ? await linkAt(join(root, ...done, part)) : undefined;
    if (target === undefined) done.push(part);
    else {
      if (++links > mostLinks) throw new Error(`cannot unpack ${path}: too many symbolic links`);
      if (target.startsWith('/')) done.length = 0;
      left.unshift(...target.split('/'));
    }
  }
  return join(root, ...done);
}

async function linkAt(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() ? readlink(path) : undefined;
}

/** What a link in the folder has to say so that it stays in it: relative, and never above the root. */
export async function linkTextIn(root: string, place: string, target: string): Promise<string> {
  const inside = target.startsWith('/') ? target : join('/', relative(root, dirname(place)), target);
  return relative(dirname(place), await placeIn(root, inside)) || '.';
}

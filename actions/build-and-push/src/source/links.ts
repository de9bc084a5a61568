import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** As many as Linux follows. */
const mostLinks = 40;

/**
 * The path without symbolic links, and the links on the way to it, each where it really is. What is there at last need not
 * be a file, and is not opened.
 *
 * @throws an error of the system, such as ENOENT where something on the way is missing, or ELOOP
 */
export function followLinks(path: string): { real: string; links: string[] } {
  const links: string[] = [];
  const { root } = parse(resolve(path));
  let real = root;
  let todo = partsOf(resolve(path).slice(root.length));
  while (todo.length > 0) {
    const [part = '', ...rest] = todo;
    todo = rest;
    if (part === '..') {
      real = dirname(real);
      continue;
    }
    const next = join(real, part);
    if (!lstatSync(next).isSymbolicLink()) {
      real = next;
      continue;
    }
    links.push(next);
    if (links.length > mostLinks) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
    const target = readlinkSync(next);
    if (target.startsWith(sep)) real = root;
    todo = [...partsOf(target), ...todo];
  }
  return { real, links };
}

const partsOf = (path: string) => path.split(sep).filter((part) => part !== '' && part !== '.');

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` tries forever where the system answers ENOENT
 * although the folder above exists, as in /proc.
 *
 * @throws what the system answers, such as ENOENT or EACCES; EEXIST where something else has the name
 */
export function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolders(above);
  mkdirSync(path);
}

import { constants, copyFileSync, linkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ActionError } from '../../../shared/errors';

/** A file that was written. */
export interface Written {
  readonly name: string;
  readonly path: string;
}

/**
 * Writes the text into a new file `task-definition-<random>.json` of the folder. The file is there whole or not at all,
 * and never over another one.
 *
 * @throws ActionError that tells what to do where the folder cannot be written.
 */
export function writeTaskDefinition(folder: string, text: string): Written {
  const name = `task-definition-${randomName()}.json`;
  const path = resolve(folder, name);
  // Not matched by task-definition*, should the run end here.
  const draft = join(folder, `.${name}.draft`);
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    publish(draft, path);
  } catch (error) {
    throw unwritable(name, folder, error as NodeJS.ErrnoException);
  } finally {
    discard(draft);
  }
  return { name, path };
}

/** No secret, so it needs no cryptography, whose loading would take longer than the rendering. */
const randomName = () => Math.random().toString(36).slice(2, 14).padEnd(12, '0');

function discard(draft: string): void {
  try {
    unlinkSync(draft);
  } catch {
    // It was not written, or cannot be removed either; the first error tells.
  }
}

/** Gives the draft its name. A link, unlike a rename, fails where the name is taken. */
function publish(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // Some file systems (FAT, some network shares) have no links.
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
  }
}

function unwritable(name: string, folder: string, error: NodeJS.ErrnoException): ActionError {
  const alternative =
    'run the action where its source folder can be written: on CodeCatalyst with Compute Type EC2 (Lambda compute writes ' +
    'only below /tmp), elsewhere with a writable working folder';
  const reasons: Readonly<Record<string, string>> = {
    EROFS: `${folder} is on a read-only file system; ${alternative}`,
    EACCES: `this user may not write into ${folder}; ${alternative}`,
    EPERM: `this user may not write into ${folder}; ${alternative}`,
    ENOENT: `the folder ${folder} does not exist; pass the source to the action as an input`,
    ENOTDIR: `${folder} is not a directory; pass the source to the action as an input`,
    ENOSPC: `the disk of ${folder} is full; make room, or choose a larger machine`,
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new ActionError(`cannot write ${name}: ${reason}`, { cause: error });
}

/**
 * Reads the files that an image is made of. They were listed before, and may be something else by now: nothing is read
 * but a regular file of the size that it had, and neither a link is followed nor a pipe waited for.
 */

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ActionError } from '../../../../../shared/errors';
import { BuildProblem } from './dockerfile/problem';
import { shownPath } from './tree/tree-path';

/** A file on disk, and what messages call it. */
export interface ListedFile {
  readonly file: string;
  readonly shown: string;
  /** In bytes, as it was listed; undefined where any will do. */
  readonly size?: number;
}

/** Windows has neither. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** @throws BuildProblem where it cannot be read, ActionError where it is not what it was */
export async function openListed(listed: ListedFile): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(listed.file, flags);
    const stats = await handle.stat();
    if (stats.isFile() && stats.size === (listed.size ?? stats.size)) return handle;
  } catch (error) {
    await handle?.close();
    throw explained(error as NodeJS.ErrnoException, listed);
  }
  await handle.close();
  throw changed(listed);
}

/** The bytes of a file, without any that were added since it was listed. */
export async function readListed(listed: ListedFile & { readonly size: number }): Promise<Buffer> {
  const handle = await openListed(listed);
  try {
    const content = Buffer.allocUnsafe(listed.size);
    for (let filled = 0; filled < content.length; ) {
      const { bytesRead } = await handle.read(content, filled, content.length - filled, filled);
      if (bytesRead === 0) throw changed(listed);
      filled += bytesRead;
    }
    return content;
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, listed);
  } finally {
    await handle.close();
  }
}

/** The same as `openListed`, at once: thirty thousand small files are not worth a promise each. */
export function openListedSync(listed: ListedFile): number {
  let handle: number | undefined;
  try {
    handle = openSync(listed.file, flags);
    const stats = fstatSync(handle);
    if (stats.isFile() && stats.size === (listed.size ?? stats.size)) return handle;
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    throw explained(error as NodeJS.ErrnoException, listed);
  }
  closeSync(handle);
  throw changed(listed);
}

/** Reads into a part of a buffer; as much as there is room for, and at least one byte. */
export function readPart(handle: number, into: Uint8Array, at: number, listed: ListedFile): number {
  let read = 0;
  try {
    read = readSync(handle, into, 0, into.length, at);
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, listed);
  }
  if (read === 0) throw changed(listed);
  return read;
}

/** The same as a stream, which closes the file. It may be shorter than promised, but not longer. */
export async function streamListed(listed: ListedFile): Promise<Readable> {
  const handle = await openListed(listed);
  return handle.createReadStream(listed.size === undefined ? {} : { start: 0, end: listed.size - 1 });
}

/** What open says of something that was a regular file, or in a directory, when it was listed. */
const nowOther = new Set(['ELOOP', 'ENXIO', 'ENOTDIR', 'EMLINK', 'EOPNOTSUPP']);

function explained(error: NodeJS.ErrnoException, listed: ListedFile): Error {
  const { code = '', message } = error;
  const name = shownPath(listed.shown);
  if (code === 'ENOENT' || nowOther.has(code)) return changed(listed, code === 'ENOENT' ? 'vanished' : undefined);
  if (code === 'EACCES' || code === 'EPERM') {
    return new BuildProblem(
      `cannot read ${name}: permission denied; let this user read it, or exclude it in .dockerignore`,
    );
  }
  if (error instanceof ActionError || code === '') return error;
  return new ActionError(`cannot read ${name}: ${message}; check the disk, and run again`, { cause: error });
}

export function changed({ shown }: ListedFile, how = 'changed'): ActionError {
  const next = 'build when nothing else writes to the context';
  return new ActionError(`cannot pack ${shownPath(shown)}: it ${how} while the image was built; ${next}`);
}

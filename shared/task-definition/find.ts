import { existsSync, readFileSync, type Stats, statSync } from 'node:fs';
import { InputError } from '../errors';
import { type Folders, placesOf } from '../host/folders';
import type { TaskDefinitionDocument } from './document';
import { largestFile, readTaskDefinition, tooLarge } from './read';

/** What a value of the input `task-definition` may name. */
export type Source =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'arn' | 'family'; readonly name: string };

const familyForm = /^[A-Za-z0-9_-]{1,255}(:\d+)?$/;

/**
 * Decides what a value names. An existing file wins over a family of the same name; a value with a slash or a `.json`,
 * `.yaml`, `.yml` ending is a file only, one that begins with `arn:` never.
 *
 * @throws InputError that lists the places looked in.
 */
export function findTaskDefinition(given: string, folders: Folders): Source {
  if (given.startsWith('arn:')) return { kind: 'arn', name: given };
  const places = placesOf(given, folders);
  const isFile = /[/\\]|\.(json|ya?ml)$/i.test(given);
  const isFamily = !isFile && familyForm.test(given);
  // A folder may well be named as the family is.
  const path =
    places.find((place) => isThere(place) && !isFolder(place)) ?? (isFamily ? undefined : places.find(isThere));
  if (path !== undefined) return { kind: 'file', path };
  if (isFamily) return { kind: 'family', name: given };
  const also = isFile ? '' : ', and it is neither an ARN nor a family';
  throw fault(`there is no file ${given}${also}; looked for ${places.join(', ')}`);
}

const isThere = (path: string) => existsSync(path);

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const fault = (problem: string) => new InputError([{ where: 'task-definition', problem }]);

/**
 * Reads the file of a task definition. `name` is what the user calls it.
 *
 * @throws InputError when it is a folder, too large, not UTF-8, or not readable as a task definition.
 */
export function readTaskDefinitionFile(path: string, name: string): TaskDefinitionDocument {
  let bytes: Buffer;
  try {
    const problem = problemOf(statSync(path));
    if (problem) throw fault(`${name} ${problem}`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fault(`cannot read ${path}: ${(error as Error).message}`);
  }
  return readTaskDefinition(decode(bytes, name), name);
}

function problemOf(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'is a folder; name the file in it';
  // A pipe is what a shell's <(…) gives; a device may never end.
  if (!stats.isFile() && !stats.isFIFO()) return 'is not a file';
  return stats.size > largestFile ? tooLarge : undefined;
}

function decode(bytes: Buffer, name: string): string {
  const [first, second] = bytes;
  // What PowerShell's > writes.
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) throw fault(`${name} is written in UTF-16; save it as UTF-8`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fault(`${name} is not UTF-8 text`);
  }
}

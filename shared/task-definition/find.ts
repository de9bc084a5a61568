import { existsSync, statSync } from 'node:fs';
import { InputError } from '../errors';
import { cut } from '../excerpt';
import { type Folders, placesOf } from '../host/folders';
import { type FileRead, isPipe, readFile, readPipe, type SizeLimit, strayLink } from '../host/user-file';
import type { TaskDefinitionDocument } from './document';
import { largestFile, readTaskDefinition, tooLarge } from './read';

/** What a value of the input `task-definition` may name. */
export type Source =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'arn' | 'family'; readonly name: string };

/** Why a value names nothing, with the places looked in. */
export interface Unfound {
  readonly problem: string;
}

const familyForm = /^[A-Za-z0-9_-]{1,255}(:\d+)?$/;

/**
 * Decides what a value names. An existing file wins over a family of the same name; a value with a slash or a `.json`,
 * `.yaml`, `.yml` ending is a file only, one that begins with `arn:` never.
 */
export function findTaskDefinition(given: string, folders: Folders): Source | Unfound {
  if (given.startsWith('arn:')) return { kind: 'arn', name: given };
  const places = placesOf(given, folders);
  const isFile = /[/\\]|\.(json|ya?ml)$/i.test(given);
  const isFamily = !isFile && familyForm.test(given);
  // A folder may well be named as the family is.
  const path =
    places.find((place) => isThere(place) && !isFolder(place)) ?? (isFamily ? undefined : places.find(isThere));
  const stray = path && strayLink(path, folders);
  if (stray) return { problem: `${cut(given, 200)} ${stray}` };
  if (path !== undefined) return { kind: 'file', path };
  if (isFamily) return { kind: 'family', name: given };
  const also = isFile ? '' : ', and it is neither an ARN nor a family';
  return { problem: `there is no file ${cut(given, 200)}${also}; looked for ${cut(places.join(', '), 1000)}` };
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
  return documentOf(readFile(path, limit), name);
}

/**
 * Reads the file of a task definition, which may also be a pipe, as a shell's `<(…)` is.
 *
 * @throws InputError as readTaskDefinitionFile
 */
export async function readTaskDefinitionSource(
  path: string,
  name: string,
  ending: { readonly signal: AbortSignal },
): Promise<TaskDefinitionDocument> {
  if (!isPipe(path)) return readTaskDefinitionFile(path, name);
  // Asked for here: Node loads what aborts only where something asks for the signal.
  return documentOf(await readPipe(path, limit, ending.signal), name);
}

const limit: SizeLimit = { bytes: largestFile, problem: tooLarge };

function documentOf(read: FileRead, name: string): TaskDefinitionDocument {
  if ('problem' in read) throw fault(`${cut(name, 200)} ${read.problem}`);
  return readTaskDefinition(decode(read.bytes, name), name);
}

function decode(bytes: Buffer, name: string): string {
  const [first, second] = bytes;
  // What PowerShell's > writes.
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) throw fault(`${name} is written in UTF-16; save it as UTF-8`);
  const text = bytes.toString('utf8');
  // What is not UTF-8 becomes this character, which a text may also hold; only then is the strict decoder worth its loading.
  if (!text.includes('\ufffd')) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fault(`${name} is not UTF-8 text`);
  }
}

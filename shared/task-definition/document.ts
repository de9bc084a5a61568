/** A task definition as the user wrote it, with the way back to the line of each of its parts. */

import type { Finding } from '../errors';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** The input of RegisterTaskDefinition. Its parts have the right types only once it has been checked. */
export type TaskDefinition = JsonObject;

/** The way to a part: names of fields and indexes of lists, such as `['containerDefinitions', 0, 'image']`. */
export type Path = readonly (string | number)[];

/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TaskDefinitionDocument {
  /** What the user calls it: the path as given, an ARN or a family. */
  readonly name: string;
  readonly value: TaskDefinition;
  /** Where a part is written, else the nearest part around it; undefined where the document has no text. */
  locate(path: Path): Place | undefined;
  /** What the reader should know of how it was read. */
  readonly notices: readonly string[];
  /** What most likely is not meant in how it is written. */
  readonly warnings: readonly Finding[];
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: unknown): value is readonly JsonValue[] => Array.isArray(value);

/** A path as text: `containerDefinitions[0].environment[2].value`. */
export function showPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `["${part}"]`))
    .join('')
    .replace(/^\./, '');
}

/** The part at a path; undefined where there is none. */
export function partAt(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((part, step) => {
    if (isList(part) && typeof step === 'number') return part[step];
    return isObject(part) && typeof step === 'string' ? part[step] : undefined;
  }, value);
}

/** Where a part of a document is, for a Finding: `task.json:4:7 containerDefinitions[0].Image`. */
export function showWhere({ name, locate }: Pick<TaskDefinitionDocument, 'name' | 'locate'>, path: Path): string {
  const place = locate(path);
  return `${name}${place ? `:${place.line}:${place.column}` : ''} ${showPath(path)}`.trim();
}

/** The containers of a task definition that are objects, whatever else is wrong with it. */
export function containersOf(taskDefinition: TaskDefinition): readonly JsonObject[] {
  const containers = taskDefinition['containerDefinitions'];
  return isList(containers) ? containers.filter(isObject) : [];
}

import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { suggestion } from '../nearest';
import { once } from '../once';
import { isList, isObject, type JsonObject, type JsonValue, type Path, type TaskDefinition } from './document';
import { api, ecs, impossible, model, type Rules } from './evidence';
import {
  type FieldName,
  type FieldType,
  fieldsOf,
  fieldType,
  isRequiredByModel,
  requiredOf,
  taskDefinitionType,
} from './fields';
import { broken, type Problem, quote } from './problem';
import { likeOf, typoOf } from './typo';

export const schemaRules = once(
  () =>
    ({
      misspelt: model('A field has the name of one that is known.', 'the members of each structure'),
      newer: api('A field that is like none is newer than this version, or a mistake.', 'RegisterTaskDefinition'),
      type: ecs('A value has the type of its field.', 'STRING_VALUE cannot be converted to Integer'),
      word: model('A value is one of the words of its field.', 'the enumerations'),
      newerWord: api('A word is of a version that is known.', 'RuntimePlatform'),
      required: model('What is required is there.', 'the required members of each structure'),
      requiredByEcs: ecs('What ECS requires beyond the model is there.', 'Container.name should not be null or empty.'),
      name: impossible('No name is __proto__.', 'the SDK builds requests from plain objects'),
    }) satisfies Rules,
);

/** A field of a structure that was met, such as `ContainerDefinition.image`. */
export interface Visit {
  readonly field: FieldName;
  readonly path: Path;
  readonly value: JsonValue;
}

/** Every part of the type of the SDK may be missing, because unsound parts are left out. */
type Deep<T> = T extends readonly (infer Item)[]
  ? readonly Deep<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]?: Deep<T[Name]> }
    : T;

/** A task definition in which every part that is there has its type. */
export type Sound = Deep<RegisterTaskDefinitionRequest>;
export type SoundContainer = NonNullable<Sound['containerDefinitions']>[number];

export interface Walk {
  /** The task definition as it was given. */
  readonly source: TaskDefinition;
  readonly problems: readonly Problem[];
  readonly visits: readonly Visit[];
  /** The task definition without its unsound parts; positions in lists are kept. */
  readonly sound: Sound;
}

interface Notes {
  readonly problems: Problem[];
  readonly visits: Visit[];
}

/**
 * Compares a task definition with the SDK's schemas. Wrong types the SDK sends as given, and ECS refuses them; a field that
 * is nearly a known one ECS would pass over; one that is like none may be newer than this version.
 */
export function walkTaskDefinition(taskDefinition: TaskDefinition): Walk {
  const notes: Notes = { problems: [], visits: [] };
  const sound = walk(taskDefinition, taskDefinitionType, [], notes) as Sound;
  return { ...notes, sound, source: taskDefinition };
}

/** Answers the sound part of the value; undefined where its type is wrong. */
function walk(value: JsonValue, type: FieldType, path: Path, notes: Notes): unknown {
  switch (type.kind) {
    case 'structure':
      return isObject(value) ? walkStructure(value, type.name, path, notes) : wrong(value, 'an object', path, notes);
    case 'map':
      return isObject(value) ? walkMap(value, type.of, path, notes) : wrong(value, 'an object', path, notes);
    case 'list':
      return isList(value) ? walkList(value, type.of, path, notes) : wrong(value, 'a list', path, notes);
    case 'enum':
      return typeof value === 'string' && type.words.includes(value)
        ? value
        : wrongWord(value, type.words, path, notes);
    case 'string':
      return typeof value === 'string' ? value : wrong(value, 'a string', path, notes);
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(value, 'true or false', path, notes);
    case 'integer':
      return isInteger(value) ? value : wrong(value, 'a whole number', path, notes);
  }
}

/** AWS's integers have 32 bits. */
const isInteger = (value: JsonValue) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;

/** Unknown fields of one structure that are compared with the known ones; each costs a comparison with all of them. */
const mostSuggested = 1_000;

const notAName = 'cannot be a name; remove it';

function walkStructure(value: JsonObject, name: string, path: Path, notes: Notes): JsonObject {
  const sound: Record<string, unknown> = {};
  const misspelt = new Set<string | undefined>();
  let unknown = 0;
  for (const [field, part] of Object.entries(value)) {
    const type = fieldType(name, field);
    if (part === undefined) continue;
    if (field === '__proto__') {
      notes.problems.push(broken(schemaRules().name, [...path, field], notAName));
      continue;
    }
    if (!type) {
      // This many cannot be fields of a newer version.
      const isBeyond = ++unknown > mostSuggested;
      const known = isBeyond ? [] : fieldsOf(name);
      const problem = isBeyond ? broken(schemaRules().misspelt, [...path, field], 'unknown field') : undefined;
      notes.problems.push(problem ?? unknownField([...path, field], field, known));
      misspelt.add(typoOf(field, known));
      continue;
    }
    notes.visits.push({ field: `${name}.${field}` as FieldName, path: [...path, field], value: part });
    sound[field] = walk(part, type, [...path, field], notes);
  }
  for (const field of requiredOf(name)) {
    const isMissing = value[field] === undefined && !misspelt.has(field);
    const rule = isRequiredByModel(name, field) ? schemaRules().required : schemaRules().requiredByEcs;
    if (isMissing) notes.problems.push(broken(rule, path, `${field} is required but missing`));
  }
  return sound as JsonObject;
}

function unknownField(path: Path, field: string, known: readonly string[]): Problem {
  const meant = typoOf(field, known);
  if (meant !== undefined) return broken(schemaRules().misspelt, path, `unknown field, did you mean ${meant}?`);
  const like = likeOf(field, known);
  const hint = like === undefined ? '' : ` (it knows ${like})`;
  return broken(
    schemaRules().newer,
    path,
    `is not known to this version${hint}; it is kept, and sent to ECS unchanged`,
  );
}

function walkMap(value: JsonObject, type: FieldType, path: Path, notes: Notes): object {
  const given = Object.entries(value).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  // The SDK builds the request from plain objects, in which this name cannot be set.
  if (Object.hasOwn(value, '__proto__'))
    notes.problems.push(broken(schemaRules().name, [...path, '__proto__'], notAName));
  const parts = given.map(([key, part]) => [key, walk(part, type, [...path, key], notes)]);
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
}

function walkList(value: readonly JsonValue[], type: FieldType, path: Path, notes: Notes): unknown[] {
  const items = value.map((item, at) => walk(item, type, [...path, at], notes));
  // Structures keep their positions, so that the paths of later findings are right.
  return type.kind === 'structure' ? items.map((item) => item ?? {}) : items.filter((item) => item !== undefined);
}

function wrong(value: JsonValue, expected: string, path: Path, notes: Notes): undefined {
  notes.problems.push(
    broken(schemaRules().type, path, `must be ${expected}, got ${kindOf(value)}${hintFor(value, expected)}`),
  );
}

function wrongWord(value: JsonValue, words: readonly string[], path: Path, notes: Notes): undefined {
  if (typeof value === 'string' && isOtherVersion(value, words)) {
    const problem = `is not known to this version; it is kept, got ${quote(value)}`;
    notes.problems.push(broken(schemaRules().newerWord, path, problem));
    return;
  }
  const near = typeof value === 'string' ? suggestion(value, words) : '';
  // What is like none may be a word that ECS has learnt since.
  const like = near || (typeof value === 'string' ? '; other values are not known to this version' : '');
  const got = typeof value === 'string' ? quote(value) : kindOf(value);
  notes.problems.push(broken(schemaRules().word, path, `must be one of ${words.join(', ')}; got ${got}${like}`));
}

/** Whether only numbers tell the word from a known one: `WINDOWS_SERVER_2031_CORE` will be one some day. */
function isOtherVersion(word: string, known: readonly string[]): boolean {
  const plain = (text: string) => text.replace(/\d{4}/, '0000');
  return word.length < 100 && known.some((one) => plain(one) === plain(word));
}

/** The kind of a value, not the value: it may be a secret. */
function kindOf(value: JsonValue): string {
  if (value === null) return 'null; remove the field, or give it a value';
  if (isList(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function hintFor(value: JsonValue, expected: string): string {
  if (expected === 'a string' && (typeof value === 'number' || typeof value === 'boolean'))
    return '; write it in quotes';
  if (expected === 'a list' && value !== null && !isList(value)) return '; write it in [ ]';
  const unquoted = expected === 'a whole number' ? /^-?\d+$/ : /^(true|false)$/i;
  const isQuoted = typeof value === 'string' && ['a whole number', 'true or false'].includes(expected);
  if (isQuoted && unquoted.test(value)) return `; write ${value.toLowerCase()} without quotes`;
  return typeof value === 'number' && expected === 'a whole number'
    ? ' that is not whole or has more than 32 bits'
    : '';
}

import type { Assignment } from '../../../../shared/manifest/assignments';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../../shared/task-definition/document';

type Value = JsonValue | undefined;

/** How the items of a list are named and what holds their value: variables, secrets, tags. */
export interface Pairs {
  readonly name: string;
  readonly value: string;
}

/**
 * Merges assignments into a list such as `environment`: items keep their places, new ones follow, removed ones go. What
 * is not a list is left for the check to report.
 */
export function mergePairs(list: Value, assignments: readonly Assignment[], pairs: Pairs): Value {
  if (assignments.length === 0 || (list !== undefined && !isList(list))) return list;
  const named = new Map(assignments.map((assignment) => [assignment.name, assignment]));
  const items = list ?? [];
  const kept = items.filter((item) => !isRemoved(named.get(nameOf(item, pairs) ?? '')));
  const set = kept.map((item) => withValue(item, named.get(nameOf(item, pairs) ?? ''), pairs));
  const known = new Set(items.map((item) => nameOf(item, pairs)));
  const added = assignments.filter(({ name }) => !known.has(name)).flatMap((assignment) => asItem(assignment, pairs));
  return list === undefined && added.length === 0 ? undefined : [...set, ...added];
}

/** The list with these assignments only; lines that remove a name have nothing to remove. */
export function replacePairs(assignments: readonly Assignment[], pairs: Pairs): JsonValue {
  return assignments.flatMap((assignment) => asItem(assignment, pairs));
}

const isRemoved = (assignment: Assignment | undefined) => assignment !== undefined && 'remove' in assignment;

function nameOf(item: JsonValue, { name }: Pairs): string | undefined {
  const found = isObject(item) ? item[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function withValue(item: JsonValue, assignment: Assignment | undefined, { value }: Pairs): JsonValue {
  const isSame = !assignment || !('value' in assignment) || !isObject(item) || item[value] === assignment.value;
  return isSame ? item : { ...(item as JsonObject), [value]: assignment.value };
}

const asItem = (assignment: Assignment, { name, value }: Pairs): JsonObject[] =>
  'value' in assignment ? [{ [name]: assignment.name, [value]: assignment.value }] : [];

/** Merges assignments into an object such as `dockerLabels`. */
export function mergeMap(map: Value, assignments: readonly Assignment[]): Value {
  if (assignments.length === 0 || (map !== undefined && !isObject(map))) return map;
  const merged = new Map<string, Value>(Object.entries(map ?? {}));
  for (const assignment of assignments) {
    if ('value' in assignment) merged.set(assignment.name, assignment.value);
    else merged.delete(assignment.name);
  }
  return map === undefined && merged.size === 0 ? undefined : (Object.fromEntries(merged) as JsonObject);
}

import { someOf } from '../../../../shared/excerpt';
import {
  containersOf,
  isList,
  isObject,
  type JsonObject,
  type JsonValue,
  type TaskDefinition,
} from '../../../../shared/task-definition/document';
import type { Inputs } from '../definition';

/** Where each input that can remove names has them. */
const places = {
  'environment-variables': (container: JsonObject) => namesOf(container['environment']),
  secrets: (container: JsonObject) => namesOf(container['secrets']),
  'docker-labels': (container: JsonObject) => namesOf(container['dockerLabels']),
  'log-configuration-options': ({ logConfiguration: log }: JsonObject) =>
    namesOf(isObject(log) ? log['options'] : undefined),
} as const satisfies Partial<Record<keyof Inputs, (container: JsonObject) => readonly unknown[]>>;

/** Tells of names that were to be removed and are not there: a typing mistake, or the second run of the same. Pure. */
export function uselessRemovals(inputs: Inputs, before: TaskDefinition, targets: ReadonlySet<string>): string[] {
  const containers = containersOf(before).filter(({ name }) => typeof name === 'string' && targets.has(name));
  return Object.entries(places).flatMap(([input, namesIn]) => {
    const removed = (inputs[input as keyof typeof places] ?? []).filter((assignment) => 'remove' in assignment);
    const present = new Set(containers.flatMap((container) => namesIn(container)));
    const absent = removed.map(({ name }) => name).filter((name) => !present.has(name));
    return absent.length === 0 ? [] : [`${input}: ${someOf(absent)} cannot be removed, because nothing has that name.`];
  });
}

function namesOf(part: JsonValue | undefined): readonly unknown[] {
  if (isList(part)) return part.map((item) => (isObject(item) ? item['name'] : undefined));
  return isObject(part) ? Object.keys(part) : [];
}

import { someOf } from '../../../../shared/excerpt';
import {
  containersOf,
  isList,
  isObject,
  type JsonValue,
  partAt,
  type TaskDefinition,
} from '../../../../shared/task-definition/document';
import type { Request } from '../inputs';
import { givenSettings, removedNames } from './settings';

/** Tells of names that were to be removed and are not there: a typing mistake, or the second run of the same. */
export function uselessRemovals(request: Request, before: TaskDefinition, targets: ReadonlySet<string>): string[] {
  const containers = containersOf(before).filter(({ name }) => typeof name === 'string' && targets.has(name));
  const ofContainers = givenSettings(request).filter(({ of }) => of === 'containers');
  return ofContainers.flatMap(({ name, field }) => {
    const present = new Set(containers.flatMap((container) => namesOf(partAt(container, field))));
    const absent = removedNames(request.inputs[name]).filter((removed) => !present.has(removed));
    return absent.length === 0 ? [] : [`${name}: ${someOf(absent)} cannot be removed, because nothing has that name.`];
  });
}

function namesOf(part: JsonValue | undefined): readonly unknown[] {
  if (isList(part)) return part.map((item) => (isObject(item) ? item['name'] : undefined));
  return isObject(part) ? Object.keys(part) : [];
}

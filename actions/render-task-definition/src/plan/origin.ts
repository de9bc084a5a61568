import {
  isList,
  isObject,
  type JsonValue,
  type Path,
  partAt,
  type TaskDefinition,
  type TaskDefinitionDocument,
} from '../../../../shared/task-definition/document';

/** A rendered task definition that still knows the lines of the text that it was made from. */
export function rendered(source: TaskDefinitionDocument, value: TaskDefinition): TaskDefinitionDocument {
  return { ...source, value, locate: (path) => source.locate(originalPath(source.value, value, path)) };
}

/** Whether the part is not as it was written, so that an input has set it. */
export function isSet(before: TaskDefinition, after: TaskDefinition, path: Path): boolean {
  const original = partAt(before, originalPath(before, after, path));
  return JSON.stringify(original) !== JSON.stringify(partAt(after, path));
}

/**
 * Where a part was before the settings were filled in. Only items of variables and secrets move, when others are
 * removed; they are found again by their names.
 */
function originalPath(before: TaskDefinition, after: TaskDefinition, path: Path): Path {
  const [containers, index, field, at, ...rest] = path;
  const isMoving = containers === 'containerDefinitions' && (field === 'environment' || field === 'secrets');
  if (!isMoving || typeof at !== 'number' || index === undefined) return path;
  const list = [containers, index, field];
  const part = partAt(after, [...list, at]);
  const name = nameOf(part);
  const items = partAt(before, list);
  if (!isList(items)) return list;
  // An item that no input has touched is the same object; its name may be missing, or be there twice.
  const same = part === undefined ? -1 : items.indexOf(part);
  const original = same >= 0 || name === undefined ? same : items.findIndex((item) => nameOf(item) === name);
  return original < 0 ? list : [...list, original, ...rest];
}

const nameOf = (item: JsonValue | undefined) => (isObject(item) ? item['name'] : undefined);

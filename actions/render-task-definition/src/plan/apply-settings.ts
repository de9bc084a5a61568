import {
  isList,
  isObject,
  type JsonObject,
  type JsonValue,
  type TaskDefinition,
} from '../../../../shared/task-definition/document';
import type { Request } from '../inputs';
import { givenSettings, type Setting } from './settings';

/** The task definition with the settings filled in. What they do not name stays the same object. */
export function applySettings(before: TaskDefinition, request: Request, targets: ReadonlySet<string>): TaskDefinition {
  const given = givenSettings(request);
  const task = fill(before, withScope(given, 'task'), request, '');
  const containers = task['containerDefinitions'];
  if (!isList(containers)) return task;
  const filled = containers.map((container) => applyToContainer(container, given, request, targets));
  return filled.every((item, at) => item === containers[at]) ? task : { ...task, containerDefinitions: filled };
}

const withScope = (given: readonly Setting[], scope: Setting['of']) => given.filter(({ of }) => of === scope);

function applyToContainer(
  container: JsonValue,
  given: readonly Setting[],
  request: Request,
  targets: ReadonlySet<string>,
): JsonValue {
  if (!isObject(container) || typeof container['name'] !== 'string') return container;
  const { name } = container;
  const target = targets.has(name) ? fill(container, withScope(given, 'containers'), request, name) : container;
  return fill(target, withScope(given, 'named containers'), request, name);
}

const fill = (object: JsonObject, given: readonly Setting[], request: Request, container: string): JsonObject =>
  given.reduce(
    (filled, { field, value }) => setField(filled, field, (before) => value(before, request, container)),
    object,
  );

/**
 * The object with a field set; the same object where nothing differs. New fields come last. What blocks the path of the
 * field and is not an object is left for the check to report.
 */
function setField(
  object: JsonObject,
  [name, inner]: Setting['field'],
  change: (before: JsonValue | undefined) => JsonValue | undefined,
): JsonObject {
  const before = object[name];
  if (inner === undefined) return assign(object, name, change(before));
  if (before !== undefined && !isObject(before)) return object;
  const around = before ?? {};
  const after = setField(around, [inner], change);
  return after === around ? object : assign(object, name, after);
}

/** Objects that are equal are the same, so that untouched parts keep their place in the user's text. */
const assign = (object: JsonObject, name: string, value: JsonValue | undefined): JsonObject =>
  value === undefined || isSame(object[name], value) ? object : { ...object, [name]: value };

const isSame = (before: JsonValue | undefined, after: JsonValue) =>
  before === after || JSON.stringify(before) === JSON.stringify(after);

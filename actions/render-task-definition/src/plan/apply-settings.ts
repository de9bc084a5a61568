import {
  isList,
  isObject,
  type JsonObject,
  type JsonValue,
  type TaskDefinition,
} from '../../../../shared/task-definition/document';
import type { Inputs } from '../definition';
import type { Request } from '../inputs';
import { mergeMap, mergePairs, type Pairs, replacePairs } from './merge-lists';

const variables: Pairs = { name: 'name', value: 'value' };
const secrets: Pairs = { name: 'name', value: 'valueFrom' };
const tags: Pairs = { name: 'key', value: 'value' };

/** The task definition with the settings filled in. What they do not name stays the same object. Pure. */
export function applySettings(before: TaskDefinition, request: Request, targets: ReadonlySet<string>): TaskDefinition {
  const { inputs } = request;
  const containers = before['containerDefinitions'];
  return assign(before, {
    family: inputs.family,
    containerDefinitions: isList(containers)
      ? unlessSame(
          containers,
          containers.map((container) => applyToContainer(container, request, targets)),
        )
      : undefined,
    taskRoleArn: inputs['task-role-arn'],
    executionRoleArn: inputs['execution-role-arn'],
    cpu: inputs.cpu,
    memory: inputs.memory,
    tags: mergePairs(before['tags'], inputs.tags ?? [], tags),
  });
}

function applyToContainer(container: JsonValue, request: Request, targets: ReadonlySet<string>): JsonValue {
  if (!isObject(container) || typeof container['name'] !== 'string') return container;
  const named = request.images.get(container['name']);
  const pictured = assign(container, { image: named });
  return targets.has(container['name']) ? applyToTarget(pictured, request, named) : pictured;
}

function applyToTarget(container: JsonObject, { inputs, command }: Request, named: string | undefined): JsonObject {
  return assign(container, {
    image: named ?? inputs.image,
    command,
    environment: pairsOf(container['environment'], inputs, 'environment-variables', variables),
    environmentFiles: inputs['env-files']?.map((value) => ({ value, type: 's3' })),
    secrets: pairsOf(container['secrets'], inputs, 'secrets', secrets),
    dockerLabels: mergeMap(container['dockerLabels'], inputs['docker-labels'] ?? []),
    logConfiguration: logConfigurationOf(container['logConfiguration'], inputs),
  });
}

function pairsOf(list: JsonValue | undefined, inputs: Inputs, name: 'environment-variables' | 'secrets', pairs: Pairs) {
  const assignments = inputs[name];
  if (assignments === undefined) return list;
  return inputs['environment-mode'] === 'replace'
    ? replacePairs(assignments, pairs)
    : mergePairs(list, assignments, pairs);
}

function logConfigurationOf(before: JsonValue | undefined, inputs: Inputs): JsonValue | undefined {
  if (before !== undefined && !isObject(before)) return before;
  const options = mergeMap(before?.['options'], inputs['log-configuration-options'] ?? []);
  const after = assign(before ?? {}, { logDriver: inputs['log-configuration-log-driver'], options });
  return before === undefined && Object.keys(after).length === 0 ? undefined : after;
}

/** The object with the fields that are set; the same object where nothing differs. New fields come last. */
function assign(object: JsonObject, fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const changed = Object.entries(fields).filter(([name, value]) => value !== undefined && !same(object[name], value));
  return changed.length === 0 ? object : { ...object, ...Object.fromEntries(changed) };
}

/** Objects that are equal are the same, so that untouched parts keep their place in the user's text. */
const same = (before: JsonValue | undefined, after: JsonValue | undefined) =>
  before === after || JSON.stringify(before) === JSON.stringify(after);

const unlessSame = (before: readonly JsonValue[], after: readonly JsonValue[]) =>
  after.every((item, at) => item === before[at]) ? before : after;

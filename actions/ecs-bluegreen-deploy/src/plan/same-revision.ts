import type { RegisterTaskDefinitionRequest, Tag } from '@aws-sdk/client-ecs';
import { withoutReadOnlyFields } from '../../../../shared/task-definition/read-only-fields';
import type { Revision } from './current-state';

/**
 * Whether registering a task definition would give what this revision already is. What ECS fills in by itself is no
 * difference, and neither is the order of lists whose order means nothing.
 */
export function isSameRevision(request: RegisterTaskDefinitionRequest, revision: Revision): boolean {
  const { tags: desiredTags, ...desired } = request;
  const registered = withoutReadOnlyFields(revision.taskDefinition as unknown as Record<string, unknown>);
  return text(canonicalTask(desired)) === text(canonicalTask(registered)) && hasTags(desiredTags ?? [], revision.tags);
}

/** A task definition in the one form of all that mean the same: what ECS fills in is left out. For comparing only. */
export const comparable = (taskDefinition: object): Readonly<Record<string, unknown>> =>
  (canonicalTask(withoutReadOnlyFields(taskDefinition) as Record<string, Value>) ?? {}) as Record<string, unknown>;

/** Where tasks have a network of their own or the host's, a port is its own host port; else 0 or none is any free one. */
function canonicalTask(taskDefinition: Record<string, Value>): Value {
  const { networkMode, containerDefinitions } = taskDefinition;
  const isOwn = networkMode === 'awsvpc' || networkMode === 'host';
  const implied = (mapping: Record<string, Value>) => (isOwn ? mapping['containerPort'] : 0);
  const withPorts = (container: Value): Value => {
    const mappings = isObject(container) ? container['portMappings'] : undefined;
    if (!Array.isArray(mappings)) return container;
    const named = mappings.map((mapping: Value) =>
      isObject(mapping) && mapping['hostPort'] === implied(mapping) ? { ...mapping, hostPort: undefined } : mapping,
    );
    return { ...(container as object), portMappings: named };
  };
  const containers = Array.isArray(containerDefinitions) ? containerDefinitions.map(withPorts) : containerDefinitions;
  return canonicalObject({ ...taskDefinition, containerDefinitions: containers });
}

/** Tags that a user or AWS added to the revision are no reason to register it again. */
const hasTags = (desired: readonly Tag[], present: readonly Tag[]) =>
  desired.every(({ key, value = '' }) => present.some((tag) => tag.key === key && (tag.value ?? '') === value));

type Value = unknown;

/** What ECS writes into a member that was left out. */
const defaults: Readonly<Record<string, Value>> = {
  essential: true,
  protocol: 'tcp',
  cpu: 0,
  interval: 30,
  timeout: 5,
  retries: 3,
  versionConsistency: 'enabled',
  transitEncryption: 'DISABLED',
  iam: 'DISABLED',
  rootDirectory: '/',
};

/** Lists that are sets, by what tells their members apart. */
const sets: Readonly<Record<string, string>> = {
  containerDefinitions: 'name',
  environment: 'name',
  secrets: 'name',
  secretOptions: 'name',
  systemControls: 'namespace',
  ulimits: 'name',
  volumes: 'name',
};

/** Maps whose names and values are the user's own: nothing in them is a default. */
const free = new Set(['dockerLabels', 'options', 'driverOpts', 'labels']);

/** One form for all that means the same; undefined for what is as if it were not there. */
function canonical(value: Value, key: string): Value {
  if (Array.isArray(value)) return canonicalList(value, key);
  if (isObject(value)) return free.has(key) ? sorted(value, (item) => item) : canonicalObject(value);
  if (key === 'taskRoleArn' || key === 'executionRoleArn') return roleName(String(value));
  // ECS keeps 1 GB as 1024 and .25 vCPU as 256.
  if ((key === 'cpu' || key === 'memory') && typeof value === 'string') return units(value);
  const isDefault = value === defaults[key] || value === '' || (value === false && key !== 'essential');
  return isDefault ? undefined : (value ?? undefined);
}

function canonicalList(list: readonly Value[], key: string): Value {
  // A word of a command counts even when it is empty, so only objects are looked into.
  const items = list.map((item) => (isObject(item) ? (canonicalObject(item) ?? {}) : item));
  const name = sets[key];
  if (name) items.sort((a, b) => order((a as Record<string, string>)[name], (b as Record<string, string>)[name]));
  if (key === 'requiresCompatibilities') items.sort((a, b) => order(a as string, b as string));
  return items.length > 0 ? items : undefined;
}

function canonicalObject(object: Record<string, Value>): Value {
  // The value of an environment variable counts even when it is empty.
  const isVariable = typeof object['name'] === 'string' && typeof object['value'] === 'string';
  return sorted(object, (item, key) => (isVariable ? item : canonical(item, key)));
}

/** The members by name, without those that come to nothing; undefined where none is left. */
function sorted(object: Record<string, Value>, of: (item: Value, key: string) => Value): Value {
  const entries = Object.keys(object)
    .sort()
    .map((key) => [key, of(object[key], key)] as const)
    .filter(([, value]) => value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

const isObject = (value: Value): value is Record<string, Value> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A role may be given by its name; ECS keeps the ARN. */
const roleName = (role: string) => role.replace(/^arn:[^/]*:role\//, '') || undefined;
const order = (a = '', b = '') => (a < b ? -1 : a > b ? 1 : 0);
const text = (value: Value) => JSON.stringify(value);

/** CPU units and MiB: `1 vCPU` is 1024, `.5 GB` is 512. */
function units(value: string): string {
  const [, amount, unit] = /^\s*(\d*\.?\d+)\s*(vcpu|gb)?\s*$/i.exec(value) ?? [];
  return amount === undefined ? value : String(Math.round(Number(amount) * (unit ? 1024 : 1)));
}

import { app, ec2, type Parts } from './examples';

/** Where a field is, and a task with a value in it. */
export type Place<Value> = readonly [path: string, task: (value: Value) => object];

export const inTask = <Value>(field: string): Place<Value> => [field, (value) => ec2({ [field]: value })];
export const inContainer = <Value>(field: string, also: Parts = {}): Place<Value> => [
  `${app}.${field}`,
  (value) => ec2({}, { ...also, [field]: value }),
];
export const inPart = <Value>(part: string, field: string, also: Parts = {}): Place<Value> => [
  `${app}.${part}.${field}`,
  (value) => ec2({}, { [part]: { ...also, [field]: value } }),
];
export const inItem = <Value>(list: string, field: string, also: Parts = {}, task: Parts = {}): Place<Value> => [
  `${app}.${list}[0].${field}`,
  (value) => ec2(task, { [list]: [{ ...also, [field]: value }] }),
];
export const mounted = { mountPoints: [{ sourceVolume: 'v', containerPath: '/v' }] };
export const inVolume = <Value>(kind: string, field: string, also: Parts): Place<Value> => [
  `volumes[0].${kind}.${field}`,
  (value) => ec2({ volumes: [{ name: 'v', [kind]: { ...also, [field]: value } }] }, mounted),
];

/** The fields whose bounds ECS or its model are known to enforce; those of all others are advice of the documentation. */
const enforced = new Set([
  'PortMapping.containerPort',
  'PortMapping.hostPort',
  'RegisterTaskDefinitionRequest.family',
  'ContainerDefinition.name',
  'Volume.name',
  'Tag.key',
  'Tag.value',
  'EnvironmentFile.value',
  'KeyValuePair.name',
  'RegisterTaskDefinitionRequest.containerDefinitions',
  'RegisterTaskDefinitionRequest.tags',
]);
export const levelOf = (field: string) => (enforced.has(field) ? 'error' : 'warning');

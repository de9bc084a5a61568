import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { generateFieldTable } from '../../../shared/dev/field-table';
import { nearest } from '../../../shared/nearest';
import { type FieldType, fieldType, requiredOf } from '../../../shared/task-definition/fields';
import { required, structures } from '../../../shared/task-definition/fields.generated';
import { withoutReadOnlyFields } from '../../../shared/task-definition/read-only-fields';

describe('the table of fields', () => {
  it('is what the bundled SDK says', () => {
    const path = join(__dirname, '../../../shared/task-definition/fields.generated.ts');
    expect(readFileSync(path, 'utf8')).toBe(generateFieldTable());
  });

  it('knows every enum that the SDK gives for these fields', () => {
    const type = fieldType('RegisterTaskDefinitionRequest', 'networkMode');
    expect(type).toEqual({ kind: 'enum', words: Object.values(sdk.NetworkMode) });
    const drivers = fieldType('LogConfiguration', 'logDriver');
    expect(drivers).toEqual({ kind: 'enum', words: Object.values(sdk.LogDriver) });
  });

  it.each<[structure: string, field: string, type: FieldType | undefined]>([
    ['ContainerDefinition', 'image', { kind: 'string' }],
    ['ContainerDefinition', 'cpu', { kind: 'integer' }],
    ['ContainerDefinition', 'command', { kind: 'list', of: { kind: 'string' } }],
    ['ContainerDefinition', 'dockerLabels', { kind: 'map', of: { kind: 'string' } }],
    ['Device', 'permissions', { kind: 'list', of: { kind: 'enum', words: ['mknod', 'read', 'write'] } }],
    ['ContainerDefinition', 'healthCheck', { kind: 'structure', name: 'HealthCheck' }],
    ['ContainerDefinition', 'Image', undefined],
    ['ContainerDefinition', 'constructor', undefined],
    ['Nothing', 'name', undefined],
  ])('%s.%s', (structure, field, type) => {
    expect(fieldType(structure, field)).toEqual(type);
  });

  it('tells what is required, by the schemas and by ECS', () => {
    expect(requiredOf('ContainerDependency')).toEqual(['containerName', 'condition']);
    expect(requiredOf('ContainerDefinition')).toEqual(['name', 'image']);
  });

  it('tells what ECS requires beyond the schemas', () => {
    const bySchemas: Readonly<Record<string, readonly string[]>> = required;
    const beyond = Object.keys(structures).flatMap((structure) =>
      requiredOf(structure)
        .filter((field) => !bySchemas[structure]?.includes(field))
        .map((field) => `${structure}.${field}`),
    );
    expect(beyond.sort()).toEqual([
      'ContainerDefinition.image',
      'ContainerDefinition.name',
      'KeyValuePair.name',
      'MountPoint.containerPath',
      'MountPoint.sourceVolume',
      'Tag.key',
      'Volume.name',
    ]);
  });
});

describe('withoutReadOnlyFields', () => {
  it('removes what only Describe returns, and nothing else', () => {
    const asked = { family: 'a', cpu: '', volumes: [], tags: [] };
    const described = {
      taskDefinitionArn: 'x',
      revision: 1,
      status: 'ACTIVE',
      requiresAttributes: [],
      compatibilities: [],
    };
    const registered = { registeredAt: 'x', registeredBy: 'x', deregisteredAt: 'x', deleteRequestedAt: 'x' };
    expect(withoutReadOnlyFields({ ...described, ...asked, ...registered })).toEqual(asked);
    expect(withoutReadOnlyFields(asked)).toBe(asked);
  });
});

describe('nearest', () => {
  const known = ['image', 'memory', 'memoryReservation', 'dockerLabels', 'environment'];

  it.each([
    ['Image', 'image'],
    ['imge', 'image'],
    ['memorry', 'memory'],
    ['MemoryReservations', 'memoryReservation'],
    ['docker_labels', 'dockerLabels'],
    ['xyz', undefined],
    ['env', undefined],
    ['', undefined],
    ['i'.repeat(10_000), undefined],
  ])('%j is near to %j', (given, word) => {
    expect(nearest(given, known)).toBe(word);
  });
});

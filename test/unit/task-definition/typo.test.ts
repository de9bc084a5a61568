import { describe, expect, it } from '@jest/globals';
import { fieldsOf } from '../../../shared/task-definition/fields';
import { likeOf, typoOf } from '../../../shared/task-definition/typo';
import { fc } from '../../support/properties';

const container = fieldsOf('ContainerDefinition');
const volume = fieldsOf('Volume');

describe('a name that is not known', () => {
  it.each([
    ['Image', 'image'],
    ['port_mappings', 'portMappings'],
    ['enviroment', 'environment'],
    ['logconfiguration', 'logConfiguration'],
    ['healthChecks', 'healthCheck'],
    ['cpus', 'cpu'],
    ['comand', 'command'],
  ])('%s is a mistake for %s', (name, meant) => {
    expect(typoOf(name, container)).toBe(meant);
  });

  it.each([
    [container, 'gpu', 'cpu'],
    [container, 'environmentVariables', 'environment'],
    [container, 'trustedExecution', undefined],
    [volume, 'ebsVolumeConfiguration', 'efsVolumeConfiguration'],
    [volume, 'nfsVolumeConfiguration', 'efsVolumeConfiguration'],
    [volume, 'fsxOntapVolumeConfiguration', 'dockerVolumeConfiguration'],
  ])('may be newer: %#', (known, name, like) => {
    expect([typoOf(name, known), likeOf(name, known)]).toEqual([undefined, like]);
  });

  it('of any form ends soon', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (name) => {
        for (const word of [typoOf(name, container), likeOf(name, container)])
          expect([undefined, ...container]).toContain(word);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { counts } from '../../../../shared/task-definition/limits';
import { found } from './examples';
import { inContainer, inPart, inTask, levelOf, type Place } from './places';

const list = <Item>(item: (at: number) => Item, place: Place<readonly Item[]>): Place<number> => [
  place[0],
  (count) => place[1](Array.from({ length: count }, (_, at) => item(at))),
];
const container = (at: number) => ({ name: `c${at}`, image: 'app:1', memory: 64 });
const constraint = (at: number) => ({ type: 'memberOf', expression: `attribute:a == ${at}` });
const envFile = (at: number) => ({ type: 's3', value: `arn:aws:s3:::b/${at}.env` });
const credentials = (at: number) => `credentialspec:arn:aws:s3:::b/${at}`;

const lists: readonly [field: string, place: Place<number>, most: number][] = [
  ['RegisterTaskDefinitionRequest.containerDefinitions', list(container, inTask('containerDefinitions')), 10],
  ['RegisterTaskDefinitionRequest.placementConstraints', list(constraint, inTask('placementConstraints')), 10],
  ['RegisterTaskDefinitionRequest.tags', list((at) => ({ key: `k${at}`, value: '' }), inTask('tags')), 50],
  ['ContainerDefinition.environmentFiles', list(envFile, inContainer('environmentFiles')), 10],
  ['ContainerDefinition.credentialSpecs', list(credentials, inContainer('credentialSpecs')), 1],
  [
    'ContainerRestartPolicy.ignoredExitCodes',
    list((at) => at, inPart('restartPolicy', 'ignoredExitCodes', { enabled: true })),
    50,
  ],
];

describe('the length of a list', () => {
  it.each(lists)('%s', (field, [path, task], most) => {
    expect(found(task(most))).toEqual([]);
    expect(found(task(most + 1))).toEqual([`${levelOf(field)}: ${path}: must be at most ${most}, got ${most + 1}`]);
  });

  it('has an example for each list that has one', () => {
    expect(lists.map(([field]) => field).sort()).toEqual(Object.keys(counts).sort());
  });
});

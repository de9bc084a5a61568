// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.
import { describe, expect, it } from '@jest/globals';
import { fillReferences, ownerId, referencesIn } from '../../local/runner/references';

describe('referencesIn', () => {
  it.each([
    ['${Build.IMAGE}', [['Build', 'IMAGE']]],
    ['${Group.Build.task-definition}', [['Group.Build', 'task-definition']]],
    [
      'a ${WorkflowSource.CommitId} b ${Secrets.TOKEN}',
      [
        ['WorkflowSource', 'CommitId'],
        ['Secrets', 'TOKEN'],
      ],
    ],
    // A step's own variables, and what the shell would make of them.
    ['${region} $IMAGE $(id) ${IMAGE:-x.y}', []],
    ['${}', []],
  ])('reads %j', (text, expected) => {
    expect(referencesIn(text).map(({ owner, name }) => [owner, name])).toEqual(expected);
  });
});

describe('fillReferences', () => {
  it('puts values in as they are and never reads them again', () => {
    const values: Record<string, string> = { 'A.x': '${A.y} $& $1', 'A.y': 'no' };
    expect(fillReferences('<${A.x}>', ({ owner, name }) => values[`${owner}.${name}`]!)).toBe('<${A.y} $& $1>');
  });
});

describe('ownerId', () => {
  it.each([
    ['Build', undefined, 'Build'],
    ['Group.Build', undefined, 'Group.Build'],
    ['Test', 'Group', 'Group.Test'],
    ['Test', undefined, undefined],
  ])('%s seen from group %s is %s', (owner, group, id) => {
    expect(ownerId(owner, group, ['Build', 'Group.Build', 'Group.Test'])).toBe(id);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readInputs } from '../../../actions/render-task-definition/src/inputs';
import { sourceName, unusedNames } from '../../../actions/render-task-definition/src/source-name';
import type { HostName } from '../../../shared/manifest/definition';

const read = (inputs: Record<string, string>, host: HostName = 'github') => {
  const { request, findings } = readInputs((name) => inputs[name], host);
  return { inputs: request.inputs, problems: findings.map(({ where, problem }) => `${where} ${problem}`) };
};

const arn = 'arn:aws:ecs:us-west-2:123456789012:task-definition/web:7';

describe('what is rendered', () => {
  it.each<[inputs: Record<string, string>, where: string, name: string, unused: string | undefined]>([
    [{ 'task-definition': 't.json' }, 'task-definition', 't.json', undefined],
    [{ 'task-definition-arn': arn }, 'task-definition-arn', arn, undefined],
    [{ 'task-definition-family': 'web' }, 'task-definition-family', 'web', undefined],
    [
      { 'task-definition-family': 'web', 'task-definition-revision': '7' },
      'task-definition-family',
      'web:7',
      undefined,
    ],
    [
      { 'task-definition-arn': arn, 'task-definition-family': 'web' },
      'task-definition-arn',
      arn,
      'task-definition-family: not used, as task-definition-arn is set',
    ],
    [
      // As in the README of aws-actions: whatever else is given, the file is taken.
      {
        'task-definition': 't.json',
        'task-definition-arn': 'task-definition-arn',
        'task-definition-family': 'a family',
        'task-definition-revision': '3',
      },
      'task-definition',
      't.json',
      'task-definition-arn, task-definition-family, task-definition-revision: not used, as task-definition is set',
    ],
  ])('of %j is %s %s', (given, where, name, unused) => {
    const { inputs, problems } = read(given);
    expect(problems).toEqual([]);
    expect(sourceName(inputs)).toEqual({ where, name });
    expect(unusedNames(inputs)).toBe(unused);
  });

  it.each<[inputs: Record<string, string>, problems: string[]]>([
    [{}, ['task-definition is required but not set; set it, or task-definition-arn or task-definition-family']],
    [
      { 'task-definition-revision': '7' },
      [
        'task-definition is required but not set; set it, or task-definition-arn or task-definition-family',
        'task-definition-revision requires task-definition-family beside it',
      ],
    ],
    [{ 'task-definition-arn': 'web' }, ['task-definition-arn must be the ARN of a task definition, got "web"']],
    [
      { 'task-definition-family': 'web:7' },
      ['task-definition-family must be up to 255 letters, digits, hyphens and underscores, got "web:7"'],
    ],
  ])('is refused of %j', (given, problems) => {
    expect(read(given).problems).toEqual(problems);
  });

  it('is task-definition alone on CodeCatalyst', () => {
    expect(read({}, 'codecatalyst').problems).toEqual(['task-definition is required but not set']);
  });
});

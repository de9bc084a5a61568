import { describe, expect, it } from '@jest/globals';
import { ruleExamples } from '../../../shared/dev/task-definition-rules/examples';
import { type JsonObject, showPath } from '../../../shared/task-definition/document';
import { readTaskDefinition } from '../../../shared/task-definition/read';
import { ruleGroups } from '../../../shared/task-definition/rules';
import { checkTaskDefinition, concerns, problemsOf } from '../../../shared/task-definition/rules/check';
import { walkTaskDefinition } from '../../../shared/task-definition/walk';
import { corpus } from '../../support/corpus';
import { soon } from '../hostile/time';
import { ec2, fargate, found } from './rules/examples';

describe('checkTaskDefinition', () => {
  const text =
    '{\n  "family": "a b",\n  "containerDefinitions": [\n    { "Image": "x", "name": "app", "cpu": "1" }\n  ]\n}\n';

  it('reports everything together, in the order of the text, with places', () => {
    const { errors } = checkTaskDefinition(readTaskDefinition(text, 'task.json'));
    expect(errors.map(({ where, problem }) => `${where}: ${problem.split(/[,;]/)[0]}`)).toEqual([
      'task.json:2:3 family: must be 1 to 255 letters',
      'task.json:4:5 containerDefinitions[0]: memory or memoryReservation is required where the task has no memory',
      'task.json:4:7 containerDefinitions[0].Image: unknown field',
      'task.json:4:36 containerDefinitions[0].cpu: must be a whole number',
    ]);
  });

  it('ignores what only Describe returns', () => {
    expect(found({ ...ec2(), revision: 3, status: 'ACTIVE', registeredAt: 'x', compatibilities: [] })).toEqual([]);
  });

  it('tells each mistake once', () => {
    const wrong = { cpu: 256, memory: 512, networkMode: 'vpc' };
    const found = problemsOf({ ...fargate(wrong, { memory: '1', essential: 'no', healthCheck: 'x' }) } as never);
    expect(found.map(({ path }) => showPath(path))).toEqual([
      'containerDefinitions[0].memory',
      'containerDefinitions[0].essential',
      'containerDefinitions[0].healthCheck',
      'networkMode',
      'cpu',
      'memory',
    ]);
    expect(problemsOf(fargate({ cpu: undefined, memory: undefined }, { memory: undefined }) as never)).toHaveLength(1);
  });

  it('ends soon however much is wrong', () => {
    const containers = Array.from({ length: 15_000 }, (_, at) => ({
      name: `c${at}`,
      dependsOn: [{ containerName: `c${at + 1}` }],
    }));
    const text = JSON.stringify({ family: 'a', containerDefinitions: containers }, null, 0);
    const { errors } = soon(() => checkTaskDefinition(readTaskDefinition(text, 'a.json'))) as ReturnType<
      typeof checkTaskDefinition
    >;
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toEqual({
      where: 'a.json',
      problem: expect.stringMatching(/^has \d{5} more errors; fix these first$/),
    });
  });

  it('shows no value of a tag: its key may say that it is secret', () => {
    const shown = found(ec2({ tags: [{ key: 'db-password', value: 'p#ss' }] })).join('\n');
    expect(shown).toMatch(/tags\[0\]\.value/);
    expect(shown).not.toContain('p#ss');
  });

  it('shows no value of a variable, and no reference of a secret', () => {
    const task = ec2(
      {},
      {
        environment: [{ name: 'PASSWORD', value: 987_654_321 }],
        secrets: [
          { name: 'A', valueFrom: 'arn:aws:bogus:hidden-reference' },
          { name: 'B', valueFrom: 'arn:<x>:hidden-reference' },
        ],
      },
    );
    expect(found(task).join('\n')).toMatch(/environment\[0\]\.value.*\n(.*\n)*.*secrets\[0\]\.valueFrom/);
    expect(found(task).join('\n')).not.toMatch(/987654321|hidden-reference/);
  });
});

describe('a group of rules that a task definition does not concern', () => {
  const examples = Object.values(ruleExamples).flatMap((topic) => Object.values(topic));
  const files = corpus.flatMap(({ name, text, expected }) =>
    expected.errors ? [] : [readTaskDefinition(text, name).value],
  );
  const tasks = [...examples, ...files];

  it('would find nothing in it', () => {
    const missed = tasks.flatMap((task) => {
      const walk = walkTaskDefinition(task);
      return ruleGroups.filter((group) => !concerns(group, walk)).flatMap(({ check }) => check(walk));
    });
    expect(missed).toEqual([]);
  });

  it('is most of them for a small one', () => {
    const walk = walkTaskDefinition(ec2() as JsonObject);
    expect(ruleGroups.filter((group) => concerns(group, walk)).length).toBeLessThan(ruleGroups.length / 2);
  });
});

import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { ruleExamples } from '../../../../shared/dev/task-definition-rules/examples';
import { allRules } from '../../../../shared/task-definition/rules/all';
import { refuseUnsound } from '../../../local/aws/compute/ecs/register/refuse';

function refusalOf(task: object): string | undefined {
  try {
    refuseUnsound(task as RegisterTaskDefinitionRequest);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const rules = Object.entries(allRules).flatMap(([topic, all]) =>
  Object.entries(all).map(([name, { evidence }]) => ({
    name: `${topic}: ${name}`,
    evidence,
    task: ruleExamples[topic]![name]!,
  })),
);

/** What every answer has of a text that was quoted: its longest part without names and numbers of its own. */
const partsOf = (text: string) =>
  text.split(' · ').map((one) =>
    one
      .replace(/\.$/, '')
      .split(/NAME|^X |'\d+'|Container\.name/)
      .reduce((a, b) => (b.length > a.length ? b : a)),
  );

describe('the embedded ECS', () => {
  // A value of the wrong type does not get so far.
  it.each(rules.filter(({ evidence, name }) => 'ecs' in evidence && name !== 'Fields: type'))(
    'refuses in the words of ECS: $name',
    ({ evidence, task }) => {
      const refusal = refusalOf(task);
      expect(partsOf((evidence as { ecs: string }).ecs).filter((part) => refusal?.includes(part))).not.toEqual([]);
    },
  );

  it.each(rules.filter(({ evidence }) => 'documentation' in evidence))(
    'registers what only the documentation advises against: $name',
    ({ task }) => {
      expect(refusalOf(task)).toBeUndefined();
    },
  );

  it.each([
    ['a required member', { proxyConfiguration: {} }, "Value null at 'proxyConfiguration.containerName'"],
    ['a word', { networkMode: 'Bridge' }, "Value 'Bridge' at 'networkMode' failed to satisfy constraint"],
  ])('refuses by the model: %s', (_what, parts, text) => {
    const task = { family: 'web', containerDefinitions: [{ name: 'app', image: 'app:1', memory: 128 }], ...parts };
    expect(refusalOf(task)).toContain(text);
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so.

import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { InputError } from '../../../shared/errors';
import { readTaskDefinition } from '../../../shared/task-definition/read';
import { fc, tries } from '../../support/properties';
import { soon } from '../hostile/time';

const value = (text: string, name = 'task.json') => readTaskDefinition(text, name).value;

function problem(text: string, name = 'task.json'): string {
  try {
    readTaskDefinition(text, name);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'none';
}

describe('JSON', () => {
  it.each<[what: string, text: string]>([
    ['plain', '{"family":"a","cpu":"1"}'],
    ['with a byte order mark', '\uFEFF{"family":"a","cpu":"1"}'],
    ['with CRLF', '{\r\n"family":"a",\r\n"cpu":"1"\r\n}\r\n'],
    ['with trailing commas', '{"family":"a","cpu":"1",}'],
    ['with a comment after a field', '{"family":"a", // the family\n"cpu":"1"}'],
    ['with a comment on a line of its own', '{\n// "cpu" is next\n"family":"a",\n/* and\nmore */"cpu":"1"}'],
  ])('%s', (_what, text) => {
    expect(value(text)).toEqual({ family: 'a', cpu: '1' });
  });

  it('keeps an address, which looks like a comment', () => {
    expect(value('{"a":"https://example.com/*x*/"}')).toEqual({ a: 'https://example.com/*x*/' });
  });

  it('keeps the order of the fields, and names that objects have themselves', () => {
    const text = '{"b":1,"a":2,"__proto__":{"x":1},"constructor":3}';
    expect(JSON.stringify(value(text))).toBe(text);
  });

  it.each([
    ['', 'task.json: is empty; it should hold a task definition'],
    [' \n\uFEFF', 'task.json: is empty; it should hold a task definition'],
    ['[]', 'task.json: must hold one object, the task definition; got a list'],
    ['"x"', 'task.json: must hold one object, the task definition; got a single value'],
    ['{"a":1}\n{"b":1}', 'task.json:2:1: is not JSON: the file should end here; more follows its first value'],
    ['{"a" 1}', 'task.json:1:6: is not JSON: a colon is missing'],
    ['{"a":1\n"b":2}', 'task.json:2:1: is not JSON: a comma is missing before this'],
    ['{"a":', 'task.json:1:6: is not JSON: a value is missing'],
    ['{"a":"x', 'task.json:1:6: is not JSON: a string that is never closed'],
    ['{"cpu": CPU}', 'task.json:1:9: is not JSON: a word that is not a JSON value; strings go in double quotes'],
    ['{"cpu": $CPU}', 'task.json:1:9: is still a template, with $CPU; fill it in first'],
    ['{"cpu": ${var.cpu}}', 'task.json:1:9: is still a template, with ${var.cpu}; fill it in first'],
    ['{"cpu": {{ cpu }}}', 'task.json:1:10: is still a template, with {{ cpu }}; fill it in first'],
    ['{"a": 1 {% if b %}, "b": 2{% endif %}}', 'task.json:1:9: is still a template, with {% if b %}; fill it in first'],
    ['// nothing', 'task.json:1:11: is not JSON: a value is missing'],
    ['family: a', 'task.json:1:1: is not JSON: a word that is not a JSON value; strings go in double quotes'],
  ])('refuses %j', (text, message) => {
    expect(problem(text)).toBe(message);
  });

  it.each([
    [
      '{"services":{"web":{"image":"a"}}}',
      'is a Compose file, not a task definition; write its services as containerDefinitions',
    ],
    ['{"on":"push","jobs":{}}', 'is a GitHub workflow, not a task definition'],
    ['{"runs":{"using":"composite"}}', 'is the manifest of a GitHub action, not a task definition'],
    ['{"SchemaVersion":"1.0","Actions":{}}', 'is a CodeCatalyst workflow, not a task definition'],
    [
      '{"Resources":{"T":{"Type":"AWS::ECS::TaskDefinition"}}}',
      'is a CloudFormation template, not a task definition; write the properties of its AWS::ECS::TaskDefinition into a file, with names such as containerDefinitions',
    ],
    ['{"version":0.0,"Resources":[{"TargetService":{}}]}', 'is an AppSpec, not a task definition'],
    [
      '{"services":[{"serviceName":"web"}]}',
      'is a service of ECS, not a task definition; aws ecs describe-task-definition prints one',
    ],
    [
      '[{"name":"a","image":"b"}]',
      'must hold one object, the task definition; got a list of containers; put it under containerDefinitions, beside family',
    ],
    [
      '[{"name":"a","imageUri":"b"}]',
      'must hold one object, the task definition; got a list, as imagedefinitions.json of CodePipeline has it',
    ],
  ])('tells what else %s is', (text, message) => {
    expect(problem(text)).toBe(`task.json: ${message}`);
  });

  it('takes a field of another file for an unknown one where the file is a task definition', () => {
    expect(value('{"family":"a","services":{}}')).toEqual({ family: 'a', services: {} });
  });

  it('tells of a string that is never closed at once, however many quotes it has', () => {
    const text = `{"a":"${'\\"'.repeat(250_000)}`;
    expect(soon(() => problem(text))).toBe('task.json:1:6: is not JSON: a string that is never closed');
  });

  it.each([
    ['task.json', `{"family": /* ' */ ${'['.repeat(20_000)}${']'.repeat(20_000)} /* ' */}`],
    ['task.yaml', `[a', ${'['.repeat(20_000)}${']'.repeat(20_000)}, b']`],
  ])('refuses what is nested too deeply in %s, though quotes hide it', (name, text) => {
    expect(problem(text, name)).toMatch(/nested too deeply|nested more than 100 levels deep/);
  });
});

describe('an answer of the AWS CLI', () => {
  const own = { key: 'team', value: 'a' };
  const ofAws = { key: 'aws:cloudformation:stack-name', value: 'stack' };
  const answer = (tags: object[]) => JSON.stringify({ taskDefinition: { family: 'a' }, tags }, null, 1);

  it('drops the tags of AWS, which nobody else may set, and keeps the others with their lines', () => {
    const { value, locate } = readTaskDefinition(answer([ofAws, own]), 'answer.json');
    expect(value).toEqual({ family: 'a', tags: [own] });
    expect(locate(['tags', 0, 'key'])).toEqual({ line: 11, column: 4 });
  });

  it('has no tags where all are of AWS', () => {
    expect(value(answer([ofAws]))).toEqual({ family: 'a' });
  });
});

describe('YAML', () => {
  it('keeps the text that was written where a field is a string', () => {
    const text = [
      'family: 012345678901',
      'cpu: 0.5 # a comment',
      'memory: 1e3',
      'containerDefinitions:',
      '  - name: on',
      '    essential: true',
      '    memory: 0x40',
      '    command: [1.10, true, ~x, null-ish]',
      '    environment:',
      '      - { name: A, value: 007 }',
      '      - { name: B, value: }',
      '    dockerLabels: { v: 1.0, "quoted": "1.0" }',
    ].join('\r\n');
    expect(value(text, 'task.yaml')).toEqual({
      family: '012345678901',
      cpu: '0.5',
      memory: '1e3',
      containerDefinitions: [
        {
          name: 'on',
          essential: true,
          memory: 64,
          command: ['1.10', 'true', '~x', 'null-ish'],
          environment: [
            { name: 'A', value: '007' },
            { name: 'B', value: '' },
          ],
          dockerLabels: { v: '1.0', quoted: '1.0' },
        },
      ],
    });
  });

  it('follows aliases', () => {
    const text = 'containerDefinitions:\n- &a {name: a, image: x}\n- *a\n';
    expect(value(text, 'a.yml')).toEqual({ containerDefinitions: Array(2).fill({ name: 'a', image: 'x' }) });
  });

  it.each<[string, unknown]>([
    ['a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n', { a: { x: 1, y: 2 }, b: { y: 3, x: 1 } }],
    ['<<: {x: 1}\ny: 2\n', { y: 2, x: 1 }],
    ['a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: [*b, {x: 9, z: 3}]}\n', { c: { x: 1, y: 2, z: 3 } }],
    ['a: &a {x: 1, x: 2}\nb: {<<: *a}\n', { b: { x: 2 } }],
    ['a: &a\n  <<: *a\n  x: 1\n', { a: { x: 1 } }],
    ['"<<": {x: 1}\n', { '<<': { x: 1 } }],
  ])('merges mappings as YAML 1.1 does: %j', (text, expected) => {
    expect(value(text, 'a.yml')).toMatchObject(expected as object);
  });

  it('reads YAML in a file that is called JSON, and says so', () => {
    const text = 'family: web\ncontainerDefinitions:\n- name: app\n';
    const { value, warnings } = readTaskDefinition(text, 'a.json');
    expect(value).toEqual({ family: 'web', containerDefinitions: [{ name: 'app' }] });
    expect(warnings).toEqual([{ where: 'a.json', problem: 'holds YAML, not JSON; it is read as YAML' }]);
  });

  it.each(['<html>\n', 'family: web\n', 'containerDefinitions: [\n'])('does not take %j for it', (text) => {
    expect(problem(text, 'a.json')).toMatch(/^a.json:1:\d+: is not JSON: /);
  });

  it('refuses mappings that merge each other without end, soon', () => {
    const lines = Array.from(
      { length: 2_000 },
      (_, at) => `k${at}: &a${at} {${at ? `<<: *a${at - 1}, ` : ''}x${at}: 1}`,
    );
    expect(problem(lines.join('\n'), 'a.yaml')).toMatch(/holds too many values; aliases multiply them$/);
  });

  it.each([
    ['a: 1\n---\nb: 2\n', 'a.yaml:2:1: a second YAML document begins here; a file holds one task definition'],
    [
      'a: !Sub x',
      'a.yaml:1:4: has a tag (!), which has no meaning here, as those of CloudFormation; write a string that begins with ! in quotes',
    ],
    ['<<: [1]', 'a.yaml:1:1: a merge key (<<) must name a mapping by its alias, or a list of such'],
    ['? [a]\n: 1', 'a.yaml:1:3: the name of a field must be a string'],
    ['image: {{ image }}', 'a.yaml:1:9: is still a template, with {{ image }}; fill it in first'],
    ['a: 1\n{% if b %}\nb: 2', 'a.yaml:2:2: is still a template, with {% if b %}; fill it in first'],
    ['a: &x [*x]', 'a.yaml:1:7: is nested more than 100 levels deep'],
    ['a: *.txt', 'a.yaml:1:4: is an alias (*) without its anchor; write a string that begins with * in quotes'],
    ['just words', 'a.yaml: must hold one object, the task definition; got a single value'],
    ['# nothing', 'a.yaml: must hold one object, the task definition; got a single value'],
  ])('refuses %j', (text, message) => {
    expect(problem(text, 'a.yaml')).toBe(message);
  });

  it('refuses aliases that multiply each other, soon', () => {
    const lines = Array.from({ length: 12 }, (_, at) => `k${at}: &a${at} [${`*a${at - 1}, `.repeat(at ? 9 : 0)}x]`);
    expect(problem(lines.join('\n'), 'a.yaml')).toMatch(/holds too many values; aliases multiply them$/);
  });

  it('means the same as JSON for any task definition', () => {
    const text = fc.string();
    const variable = fc.record({ name: text, value: text });
    const container = fc.record({
      name: text,
      memory: fc.integer(),
      environment: fc.array(variable),
      essential: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.record({ family: text, containerDefinitions: fc.array(container) }), (task) => {
        expect(value(stringify(task), 'a.yaml')).toEqual(value(JSON.stringify(task)));
      }),
    );
  });
});

describe('any file', () => {
  it('is told apart by its ending, else by its first character', () => {
    expect(value('{"cpu": 1}', 'a')).toEqual({ cpu: 1 });
    expect(value('cpu: 1', 'a')).toEqual({ cpu: '1' });
    expect(value('{cpu: 1}', 'a.YML')).toEqual({ cpu: '1' });
    expect(value('// x\n{"cpu": 1}', 'a')).toEqual({ cpu: 1 });
  });

  it('may hold an answer of the AWS CLI', () => {
    const text = '{\n"taskDefinition": {\n"family": "a"\n},\n"tags": [\n{"key": "k"}], "x": 1}';
    const document = readTaskDefinition(text, 'task.json');
    expect(document.value).toEqual({ family: 'a', tags: [{ key: 'k' }] });
    expect(document.notices).toEqual([
      'task.json holds an answer of the AWS CLI: its taskDefinition is used; x beside it is left out',
    ]);
    expect(document.locate(['family'])).toEqual({ line: 3, column: 1 });
    expect(document.locate(['tags', 0, 'key'])).toEqual({ line: 6, column: 2 });
  });

  it('keeps the text of tags next to the task definition', () => {
    const text = 'taskDefinition: {family: a}\ntags: [{key: 1, value: 007}]';
    expect(value(text, 'a.yaml')).toEqual({ family: 'a', tags: [{ key: '1', value: '007' }] });
  });

  it('loses an empty list of tags with the answer around it, because AWS refuses one', () => {
    expect(value('{"taskDefinition": {"volumes": []}, "tags": []}')).toEqual({ volumes: [] });
  });

  it('may have texts full of brackets', () => {
    for (const text of ['{"a": "BRACKETS"}', "a: 'BRACKETS'\n"]) {
      const many = text.replace('BRACKETS', '['.repeat(1_000));
      expect(readTaskDefinition(many, 'a.yaml').value).toEqual({ a: '['.repeat(1_000) });
    }
  });

  it('is at most 1 MiB large', () => {
    const text = JSON.stringify({ family: 'x'.repeat(1024 * 1024) });
    expect(problem(text)).toBe('task.json: is larger than 1 MiB; a task definition has at most 64 KiB');
  });

  it.each(['[', '{"a":', '- ', '  '])('is refused at once when it is made of 300,000 %j', (part) => {
    for (const name of ['a.json', 'a.yaml']) expect(problem(`${part.repeat(300_000)}x`, name)).toMatch(/^a\./);
  });

  it('is read or refused with a place, whatever is in it', () => {
    const part = fc.constantFrom(...'{}[]:,-"\'\n &*!|>#%@`?~', 'a', '1', 'true', 'null', '//', '/*', '\t', '---\n');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('a', 'a.json', 'a.yaml'), (given, name) => {
        expect(problem(given, name)).toMatch(/^(none$|a)/);
      }),
      tries(1000),
    );
  });
});

describe('a field that appears twice', () => {
  it.each<[name: string, text: string, warnings: string[]]>([
    ['a.json', '{"a":1,"b":0,\n "a":2}', ['a.json:2:2: the field "a" appears twice; the last one wins']],
    ['a.json', '{"a":{"x":1,"x":1},"b":0,"a":2}', ['1:13: the field "x"', '1:26: the field "a"']],
    ['a.yaml', 'a: 1\nb: 0\na: 2\n', ['a.yaml:3:1: this field appears twice; the last one wins']],
    ['a.yaml', '1: b\na: 2\nb: 0\n"1": c\n', ['a.yaml:4:1: this field appears twice']],
  ])('counts with its last value and is a warning: %s %j', (name, text, expected) => {
    const { value, warnings } = readTaskDefinition(text, name);
    expect(value).toMatchObject({ a: 2, b: 0 });
    expect(warnings.map(({ where, problem }) => `${where}: ${problem}`)).toEqual(
      expected.map((part) => expect.stringContaining(part)),
    );
  });

  it('keeps the place of the first, as JSON.parse does, and is found at the last', () => {
    const text = '{"a":1,"b":0,"a":2}';
    const { value, locate } = readTaskDefinition(text, 'a.json');
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    expect(locate(['a'])).toEqual({ line: 1, column: 14 });
  });
});

describe('locate', () => {
  const json = '{\n  "a": [\n    { "b": 1 }\n  ]\n}';

  it.each<[path: (string | number)[], line: number, column: number]>([
    [[], 1, 1],
    [['a'], 2, 3],
    [['a', 0], 3, 5],
    [['a', 0, 'b'], 3, 7],
    [['a', 0, 'c'], 3, 5],
    [['a', 1], 2, 3],
    [['x', 'y'], 1, 1],
  ])('%j is at %i:%i', (path, line, column) => {
    expect(readTaskDefinition(json, 'a.json').locate(path)).toEqual({ line, column });
  });

  it('finds fields of YAML, through an alias too', () => {
    const { locate } = readTaskDefinition('a: &x\n  b: 1\nc: *x\n', 'a.yaml');
    expect(locate(['a', 'b'])).toEqual({ line: 2, column: 3 });
    expect(locate(['c', 'b'])).toEqual({ line: 2, column: 3 });
  });
});

import { describe, expect, it } from '@jest/globals';
import { readTaskDefinition } from '../../../shared/task-definition/read';
import { fc } from '../../support/properties';

const read = (text: string, name = 'task.json') => readTaskDefinition(text, name);

/** A file; what is read; what is told of it. */
type Case = readonly [what: string, text: string, value: object, notice: string | undefined];

const inJson: readonly Case[] = [
  ['null', '{"family":"f","taskRoleArn":null}', { family: 'f' }, '1 field is null and left out: taskRoleArn'],
  [
    'null at every depth, many times',
    '{"cpu":null,"containerDefinitions":[{"healthCheck":null,"command":[null,"a"],"dockerLabels":{"x":null}}]}',
    { containerDefinitions: [{ command: ['a'], dockerLabels: {} }] },
    '4 fields are null and left out: cpu, containerDefinitions[0].healthCheck, containerDefinitions[0].command[0] and 1 more',
  ],
  [
    'null in a field that is not known',
    '{"brandNew":{"a":null,"b":1}}',
    { brandNew: { b: 1 } },
    '1 field is null and left out: brandNew.a',
  ],
  ['an empty list of tags', '{"family":"f","tags":[]}', { family: 'f' }, '1 field is empty and left out: tags'],
  ['tags that are all null', '{"tags":[null]}', {}, '2 fields are null or empty and left out: tags[0], tags'],
  [
    'roles and sizes that are empty',
    '{"cpu":"","memory":"","taskRoleArn":"","executionRoleArn":""}',
    {},
    '4 fields are empty and left out: cpu, memory, taskRoleArn and 1 more',
  ],
  ['an empty word', '{"pidMode":"","family":""}', { family: '' }, '1 field is empty and left out: pidMode'],
  [
    'a secret of a registry that is empty',
    '{"containerDefinitions":[{"repositoryCredentials":{"credentialsParameter":""},"name":"a"}]}',
    { containerDefinitions: [{ name: 'a' }] },
    '2 fields are empty and left out: containerDefinitions[0].repositoryCredentials.credentialsParameter, containerDefinitions[0].repositoryCredentials',
  ],
  [
    'empty objects without what they must hold',
    '{"proxyConfiguration":{},"containerDefinitions":[{"healthCheck":{},"logConfiguration":{"options":null}}]}',
    { containerDefinitions: [{}] },
    '4 fields are null or empty and left out: proxyConfiguration, containerDefinitions[0].healthCheck, containerDefinitions[0].logConfiguration.options and 1 more',
  ],
  [
    'keys that are comments, but not in maps',
    '{"$schema":"x","//":"y","containerDefinitions":[{"_comment":{"a":1},"dockerLabels":{"//":"z"}}]}',
    { containerDefinitions: [{ dockerLabels: { '//': 'z' } }] },
    '3 fields are comments and left out: ["$schema"], ["//"], containerDefinitions[0]._comment',
  ],
  [
    'nothing else that is empty',
    '{"volumes":[{"name":"v","host":{},"efsVolumeConfiguration":{}}],"containerDefinitions":[{"command":["",""],"environment":[],"linuxParameters":{},"volumesFrom":[{}]},{}]}',
    {
      volumes: [{ name: 'v', host: {}, efsVolumeConfiguration: {} }],
      containerDefinitions: [{ command: ['', ''], environment: [], linuxParameters: {}, volumesFrom: [{}] }, {}],
    },
    undefined,
  ],
  [
    'entries of lists that hold nothing, as skeletons have them',
    '{"tags":[{"key":"","value":""}],"volumes":[{"name":"","host":{"sourcePath":""}}],"containerDefinitions":[{"environment":[{"name":"","value":""},{"name":"A","value":""},{}],"secrets":[{"name":"","valueFrom":""}]}]}',
    { volumes: [], containerDefinitions: [{ environment: [{ name: 'A', value: '' }], secrets: [] }] },
    '6 fields are empty and left out: tags[0], tags, volumes[0] and 3 more',
  ],
  [
    'an empty text where a list is expected',
    '{"containerDefinitions":[{"entryPoint":"","command":["",""]}]}',
    { containerDefinitions: [{ command: ['', ''] }] },
    '1 field is empty and left out: containerDefinitions[0].entryPoint',
  ],
  [
    'objects whose required fields are empty',
    '{"containerDefinitions":[{"logConfiguration":{"logDriver":"","options":{}},"healthCheck":{"command":[]}}]}',
    { containerDefinitions: [{}] },
    '3 fields are empty and left out: containerDefinitions[0].logConfiguration.logDriver, containerDefinitions[0].logConfiguration, containerDefinitions[0].healthCheck',
  ],
];

const inYaml: readonly Case[] = [
  [
    'nothing written',
    'family: f\ncpu:\ncontainerDefinitions:\n- name: a\n  command:\n  user: # nobody\n',
    { family: 'f', containerDefinitions: [{ name: 'a' }] },
    '3 fields are null and left out: cpu, containerDefinitions[0].command, containerDefinitions[0].user',
  ],
  [
    'what is there for its anchors only',
    'x-base: &base\n  user: app\ncontainerDefinitions:\n- <<: *base\n  name: a\n  dockerLabels:\n    x-b: c\n',
    { containerDefinitions: [{ name: 'a', dockerLabels: { 'x-b': 'c' }, user: 'app' }] },
    '1 field is a comment and left out: x-base',
  ],
  ['a written null', 'family: null\ntaskRoleArn: ~', {}, '2 fields are null and left out: family, taskRoleArn'],
  [
    'no value of a variable, label or option, which is the empty text',
    'containerDefinitions:\n- environment:\n  - name: A\n    value:\n  dockerLabels:\n    a:\n',
    { containerDefinitions: [{ environment: [{ name: 'A', value: '' }], dockerLabels: { a: '' } }] },
    undefined,
  ],
];

describe('what means nothing to ECS is left out', () => {
  const test =
    (file: string) =>
    (...[, text, value, notice]: Case) => {
      const document = read(text, file);
      expect(document.value).toEqual(value);
      expect(document.notices).toEqual(notice === undefined ? [] : [`${file}: ${notice}`]);
    };

  it.each(inJson)('JSON: %s', test('task.json'));
  it.each(inJson)('JSON with comments: %s', (what, text, value, notice) =>
    test('task.jsonc')(what, `// a file\n${text.slice(0, -1)},}`, value, notice),
  );
  it.each(inJson)('as YAML: %s', test('task.yaml'));
  it.each(inYaml)('YAML: %s', test('task.yaml'));

  it('in an answer of the AWS CLI too', () => {
    expect(read('{"taskDefinition":{"family":"f","cpu":null},"tags":null}').value).toEqual({ family: 'f' });
  });

  it('and what follows keeps its line', () => {
    const { locate } = read('{\n"cpu": null,\n"containerDefinitions": [\nnull,\n{"name": "a"}]}');
    expect(locate(['containerDefinitions', 0, 'name'])).toEqual({ line: 5, column: 2 });
  });

  it('and all else is as JSON.parse has it', () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    fc.assert(
      fc.property(json, fc.string({ minLength: 1 }), (part, key) => {
        const text = JSON.stringify({ dockerLabels: { [key]: part } });
        const expected = JSON.parse(text, (_, value: unknown) => (value === null ? undefined : value));
        expect(JSON.stringify(read(text).value)).toBe(JSON.stringify(withoutHoles(expected)));
      }),
    );
  });
});

/** JSON.parse leaves holes where items were removed. */
function withoutHoles(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(withoutHoles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutHoles(item)]));
}

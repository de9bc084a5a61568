import { describe, expect, it } from '@jest/globals';
import { readAppSpec } from '../../../actions/ecs-bluegreen-deploy/src/plan/appspec';
import { diffTaskDefinitions, showDiff, summarise } from '../../../shared/task-definition/diff';
import type { TaskDefinitionDocument } from '../../../shared/task-definition/document';
import { readTaskDefinition } from '../../../shared/task-definition/read';
import { checkTaskDefinition } from '../../../shared/task-definition/rules/check';
import { walkTaskDefinition } from '../../../shared/task-definition/walk';
import { composeYaml } from '../../../shared/yaml/compose';
import { many, soon } from './time';

const yamlTask = 'family: f\ncontainerDefinitions:\n- {name: w, image: i, memory: 64}\n';
const jsonTask = (more: string) =>
  `{"family": "f", "containerDefinitions": [{"name": "w", "image": "i", "memory": 64, ${more}}]}`;
const lines = (count: number, line: (at: number) => string, between = '\n') =>
  Array.from({ length: count }, (_, at) => line(at)).join(between);

/** Reads, checks and compares as an action does. */
function whole(text: string, name: string) {
  const document = readTaskDefinition(text, name);
  const changes = diffTaskDefinitions({}, document.value);
  summarise(changes);
  showDiff(changes);
  return checkTaskDefinition(document);
}

/** A reading that went well, or that ended in one short line. */
function expectOrderly(answer: unknown): void {
  if (!(answer instanceof Error)) return;
  expect(answer.name).toBe('InputError');
  for (const line of answer.message.split(' | ')) expect(line.length).toBeLessThan(600);
  expect(answer.message).not.toContain('call stack');
}

describe('YAML that is made to take long', () => {
  it.each<[what: string, text: string]>([
    [
      'anchors and aliases of a mapping',
      `${lines(20_000, (at) => `a${at}: &a${at} 1`)}\n${lines(20_000, (at) => `b${at}: *a${at}`)}`,
    ],
    ['aliases of one anchor', `a: &a 1\n${lines(40_000, (at) => `b${at}: *a`)}`],
    [
      'anchors in one line',
      `a: [${lines(40_000, (at) => `&a${at} 1`, ',')}]\nb: [${lines(40_000, (at) => `*a${at}`, ',')}]`,
    ],
    ['40,000 different keys', lines(40_000, (at) => `k${at}: 1`)],
    ['keys of 1 MB', `${many('k')}: 1`],
    ['a number of 1 MB', `a: ${many('9')}`],
    ['comments', many('# a\n')],
    ['closing brackets', many('}')],
    ['commas', `a: [${many(',')}`],
    ['block scalars', `a: ${many('|\n')}`],
    ['documents', many('---\n')],
    ['ends of documents', many('...\n')],
    ['directives', `${many('%FOO bar\n')}---\n`],
    ['quotes', many('"')],
    ['tags', `a: ${many('!a ')}`],
    ['folded lines', `a: "${many('a\n  ')}"`],
  ])('%s', (_, text) => {
    expectOrderly(soon(() => whole(`${yamlTask}${text}`, 'f.yaml')));
    expectOrderly(soon(() => readAppSpec({ name: 'appspec.yaml', text })));
  });

  it.each([
    ['flow', many('[')],
    ['mappings', many('{a: ')],
    ['sequences', many('- ')],
    ['keys', many('? ')],
    ['lines', lines(1_000, (at) => `${' '.repeat(at)}a:`)],
    ['behind a quote in a comment', `# it's "\nx: ${many('[')}`],
    ['between quotes in words', `x: a'b\n${many("y'[")}`],
    ['after many that close', `# ${many(']', 10_000)}\nx: ${many('[')}`],
  ])('nests too deeply: %s', (_, text) => {
    const answer = soon(() => readTaskDefinition(text, 'f.yaml'));
    expect(String(answer)).toMatch(
      /^InputError: f\.yaml:\d+:\d+: is (nested too deeply to be a task definition|not YAML: )/,
    );
    const { findings } = readAppSpec({ name: 'a.yaml', text });
    expect(findings).toHaveLength(1);
  });

  it('multiplies aliases, or goes round in a circle', () => {
    const bomb = lines(12, (at) => `a${at + 1}: &a${at + 1} [${lines(10, () => `*a${at}`, ',')}]`);
    expect(String(soon(() => whole(`${yamlTask}a0: &a0 [x]\n${bomb}`, 'f.yaml')))).toContain('holds too many values');
    expect(String(soon(() => whole(`${yamlTask}a: &a [*a]`, 'f.yaml')))).toContain(
      'is nested more than 100 levels deep',
    );
    expect(String(soon(() => whole(`${yamlTask}a: &a {b: *a}`, 'f.yaml')))).toContain(
      'is nested more than 100 levels deep',
    );
  });

  it('has more tokens than any file within the limits of ECS, which is reported', () => {
    expect(String(soon(() => whole(`${yamlTask}a: [${many('a,', 1_000_000)}]`, 'f.yaml')))).toContain(
      'has more than 750000 tokens',
    );
  });
});

describe('aliases mean the last anchor before them', () => {
  it('also where names come again inside what is named', () => {
    const { value } = readTaskDefinition('a: &x [&y 1]\nb: &y 2\nc: *x\nd: *y\ne: &y 3\nf: *y', 'f.yaml');
    expect(value).toEqual({ a: [1], b: 2, c: [1], d: 2, e: 3, f: 3 });
  });
});

describe('an error of YAML quotes nothing of the file', () => {
  it.each([
    'password: hunter2: hunter2',
    'password: "hunter2',
    'a: b\n}hunter2',
    '%hunter2 a\n---\na: b',
    'a: |hunter2\n b',
    'a: @hunter2',
    'a: !hunter2 b',
    'a: *hunter2',
    'a: "\\hunter2"',
    '&a &hunter2 b',
    'a: 1\nhunter2',
    '- a\nhunter2: b',
    'a: b\n---\nhunter2',
    '? [hunter2]\n: b',
  ])('%j', (text) => {
    const answer = soon(() => readTaskDefinition(text, 'f.yaml'));
    expect(answer).toBeInstanceOf(Error);
    expect(String(answer)).not.toContain('hunter2');
    expect(
      readAppSpec({ name: 'a.yaml', text })
        .findings.map(({ problem }) => problem)
        .join(),
    ).not.toContain('hunter2');
  });

  it.each([
    [390, 'whole'],
    [410, 'TOO_DEEP'],
  ])('and %i levels are %s, whatever the stack could take', (levels, code) => {
    const composed = composeYaml('['.repeat(levels) + ']'.repeat(levels), { version: '1.2' });
    expect('fault' in composed ? composed.fault.code : 'whole').toBe(code);
  });
});

describe('JSON that is made to take long', () => {
  it.each<[what: string, text: string]>([
    ['a field given 100,000 times', jsonTask(lines(100_000, () => '"a": 1', ','))],
    ['60,000 unknown fields', jsonTask(lines(60_000, (at) => `"imagf${at}": 1`, ','))],
    [
      '25,000 ranges of ports',
      jsonTask(`"portMappings": [${lines(25_000, (at) => `{"containerPortRange": "${at + 1}-${at + 2}"}`, ',')}]`),
    ],
    [
      '30,000 variables of one name',
      jsonTask(`"environment": [${lines(30_000, () => '{"name":"A","value":"x"}', ',')}]`),
    ],
    [
      '20,000 containers',
      `{"family": "f", "containerDefinitions": [${lines(20_000, (at) => `{"name":"w${at}","image":"i","memory":64}`, ',')}]}`,
    ],
    [
      'a placeholder in an image',
      `{"family": "f", "containerDefinitions": [{"name": "w", "memory": 64, "image": "${many('${')}"}]}`,
    ],
    ['a number of 1 MB', jsonTask(`"cpu": ${many('9')}`)],
    ['a key of 1 MB', jsonTask(`"${many('k', 900_000)}": 1`)],
    ['a comment', `/*${many('*', 900_000)}*/${jsonTask('"cpu": 1')}`],
    ['words of a command', jsonTask(`"command": [${lines(150_000, () => '"-a"', ',')}]`)],
    [
      'wrong capabilities',
      jsonTask(`"linuxParameters": {"capabilities": {"add": [${lines(100_000, (at) => `"A${at}"`, ',')}]}}`),
    ],
  ])('%s', (_, text) => {
    expectOrderly(soon(() => whole(text.slice(0, 1_048_576), 'f.json')));
    expectOrderly(soon(() => whole(text, 'f.json')));
  });

  it.each([
    ['lists', many('[')],
    ['objects', many('{"a":')],
    ['behind a quote in a comment', `// "\n${many('[')}`],
    ['behind apostrophes in comments', `// '\n${many('[')}`],
    ['between texts', `{"a": "]]]]", "b": ${many('["]",')}`],
  ])('nests too deeply: %s', (_, text) => {
    expect(String(soon(() => readTaskDefinition(text, 'f.json')))).toMatch(/is nested more than 100 levels deep$/);
  });

  it('has so many mistakes that only the first are checked', () => {
    const twice = soon(() => readTaskDefinition(jsonTask(lines(5_000, () => '"a": 1', ',')), 'f.json'));
    expect((twice as TaskDefinitionDocument).warnings).toHaveLength(100);
    const unknown = jsonTask(lines(1_500, (at) => `"readonlyRootFilesystem${at}": 1`, ','));
    const { problems } = walkTaskDefinition(readTaskDefinition(unknown, 'f.json').value);
    expect([problems[10]?.problem, problems[1_400]?.problem]).toEqual([
      'unknown field, did you mean readonlyRootFilesystem?',
      'unknown field',
    ]);
  });

  it('is not taken for deep because of brackets in texts and comments', () => {
    const text = jsonTask(`"command": ["${'['.repeat(500)}"] // ${'{'.repeat(500)}\n`);
    expect(readTaskDefinition(text, 'f.json').value['family']).toBe('f');
  });
});

describe('names that JavaScript objects have themselves', () => {
  const odd = '"constructor": "a", "toString": "b", "hasOwnProperty": "c"';

  it('are names like others', () => {
    const { value } = readTaskDefinition(jsonTask(`"dockerLabels": {${odd}}`), 'f.json');
    expect(JSON.stringify(value)).toContain('{"constructor":"a","toString":"b","hasOwnProperty":"c"}');
    expect(checkTaskDefinition(readTaskDefinition(jsonTask(`"dockerLabels": {${odd}}`), 'f.json')).errors).toEqual([]);
  });

  it.each(['f.json', 'f.yaml'])(
    '__proto__ in %s pollutes nothing, and is refused where the SDK would lose it',
    (name) => {
      const document = readTaskDefinition(
        jsonTask('"dockerLabels": {"__proto__": "x"}, "__proto__": {"image": "y"}'),
        name,
      );
      expect(JSON.stringify(document.value)).toContain('"__proto__":"x"');
      expect(({} as Record<string, unknown>)['image']).toBeUndefined();
      expect(checkTaskDefinition(document).errors.map(({ problem }) => problem)).toEqual([
        'cannot be a name; remove it',
        'cannot be a name; remove it',
      ]);
    },
  );

  it('nor in an AppSpec', () => {
    const text =
      'version: 0.0\n__proto__: {version: 1}\nResources: [{T: {Type: AWS::ECS::Service, __proto__: {Properties: {a: 1}}}}]';
    const { appSpec, findings } = readAppSpec({ name: 'a.yaml', text });
    expect([appSpec, findings.map(({ problem }) => problem)]).toEqual([
      undefined,
      ['must have Properties with LoadBalancerInfo'],
    ]);
    expect(({} as Record<string, unknown>)['version']).toBeUndefined();
  });
});

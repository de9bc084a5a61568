import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readInputs } from '../../../actions/render-task-definition/src/inputs';
import { plan } from '../../../actions/render-task-definition/src/plan/plan';
import { readTaskDefinition } from '../../../shared/task-definition/read';
import { type Given, planFor, problemsOf, render, task } from './support';

describe('the containers that are changed', () => {
  const three = task({ name: 'a' }, { name: 'b' }, { name: 'c' });
  const imagesOf = (given: Given) =>
    (render(three, given)['containerDefinitions'] as { image: string }[]).map(({ image }) => image);

  it.each<[given: Given, images: string[]]>([
    [{ image: 'x', 'container-name': 'b' }, ['app:1', 'x', 'app:1']],
    [{ image: 'x', 'container-definition-name': 'a, c' }, ['x', 'app:1', 'x']],
    [{ images: 'a=x\nb=y' }, ['x', 'y', 'app:1']],
    [{ images: 'a=x', image: 'y', 'container-name': 'b,c' }, ['x', 'y', 'y']],
    [{}, ['app:1', 'app:1', 'app:1']],
    [{ cpu: '256' }, ['app:1', 'app:1', 'app:1']],
  ])('%j', (given, images) => {
    expect(imagesOf(given)).toEqual(images);
  });

  it('are those named in images, for the other settings too', () => {
    const { changes } = planFor(three, { images: 'a=x\nb=y', 'environment-variables': 'E=1' });
    expect(changes.map(({ path }) => path.slice(1).join('.'))).toEqual([
      'a.image',
      'a.environment.E',
      'b.image',
      'b.environment.E',
    ]);
  });

  it.each<[given: Given, problem: string]>([
    [{ image: 'x' }, 'container-name: is needed: image may go to any of a, b, c'],
    [{ image: 'x', 'container-name': 'd' }, 'container-name: there is no container "d" (there: a, b, c)'],
    [{ images: 'web=x' }, 'images: there is no container "web" (there: a, b, c)'],
  ])('are asked for by name: %j', (given, problem) => {
    expect(problemsOf(() => planFor(three, given))).toEqual([problem]);
  });

  it('cannot be asked for where there is none', () => {
    expect(problemsOf(() => planFor(task(), { image: 'x' }))).toContain(
      'container-name: has nothing to name: the task definition has no container for image',
    );
  });
});

describe('one step a container', () => {
  const two = task({ name: 'nginx', image: '<IMAGE_NGINX>' }, { name: 'php', image: '' });
  const left = (given: Given) => planFor(two, given).warnings.map(({ where, problem }) => `${where}: ${problem}`);

  it('a placeholder in the container of another step is a warning', () => {
    expect(left({ images: 'nginx=nginx:1' })).toEqual([
      expect.stringMatching(/^task\.json:\d+:\d+ .*\[1\]\.image: .*until/),
    ]);
    expect(left({ image: 'php:1', 'container-name': 'php' })).toEqual([
      expect.stringMatching(/^task\.json:\d+:\d+ .*\[0\]\.image: still holds the placeholder <IMAGE_NGINX>; .*until/),
    ]);
  });

  it('both steps together leave nothing', () => {
    const once = render(two, { images: 'nginx=nginx:1' });
    expect(planFor(once, { images: 'php=php:1' }).warnings).toEqual([]);
  });

  it.each<[what: string, task: object, given: Given]>([
    ['in its own container', two, { 'container-name': 'nginx', command: 'a' }],
    ['in a role', { ...task({}), taskRoleArn: 'arn:aws:iam::<account>:role/x' }, {}],
  ])('a placeholder %s is an error', (_what, given, inputs) => {
    expect(problemsOf(() => planFor(given, inputs))).toEqual([expect.stringContaining('still holds the placeholder')]);
  });
});

describe('what is wrong', () => {
  it('names the input that brought it', () => {
    const given = { cpu: '300', 'execution-role-arn': 'a b', 'log-configuration-log-driver': 'stdout', family: 'a b' };
    expect(problemsOf(() => planFor({ ...task({}), cpu: '256' }, { ...given, cpu: 'x' }))).toEqual([
      'log-configuration-log-driver (task.json containerDefinitions[0].logConfiguration.logDriver): must be one of awsfirelens, awslogs, fluentd, gelf, journald, json-file, splunk, syslog; got "stdout"; other values are not known to this version',
      'family (task.json family): must be 1 to 255 letters, digits, "_" and "-", got "a b"',
      'cpu (task.json cpu): must be CPU units or vCPUs, such as "256" or ".25 vCPU", got "x"',
      'execution-role-arn (task.json executionRoleArn): must be the ARN or the name of a role, got "a b"',
    ]);
  });

  it('names the line in the file, also where variables before it were removed', () => {
    const text = `{
  "family": "web",
  "containerDefinitions": [{ "name": "app", "image": "a", "memory": 64, "environment": [
    { "name": "A", "value": "1" },
    { "name": "B", "value": 2 }
  ]}]
}`;
    expect(problemsOf(() => planFor(text, { 'environment-variables': '-A' }))).toEqual([
      'task.json:5:20 containerDefinitions[0].environment[0].value: must be a string, got a number; write it in quotes',
    ]);
  });

  it('is reported together: containers, inputs and the file', () => {
    const given = { image: 'x', 'container-name': 'wbe', memory: '1 TB' };
    const wrong = { ...task({ name: 'web', image: '<IMAGE>' }), Volumes: [] };
    expect(problemsOf(() => planFor(wrong, given))).toEqual([
      'container-name: there is no container "wbe" (there: web)',
      'memory (task.json memory): must be MiB or GB, such as "512" or "0.5 GB", got "1 TB"',
      'task.json:11:3 Volumes: unknown field, did you mean volumes?',
    ]);
  });

  it('is a variable that is a secret too', () => {
    const container = { environment: [{ name: 'A', value: '1' }] };
    expect(problemsOf(() => planFor(task(container), { secrets: 'A=/a' }))).toEqual([
      'secrets (task.json containerDefinitions[0].secrets[0]): A is also in environment; keep one of the two',
    ]);
  });

  it('is never told with the value of a variable', () => {
    const given = { secrets: 'DB=arn:aws:s3:::hunter2', 'environment-variables': 'TOKEN=hunter2', cpu: 'x' };
    expect(problemsOf(() => planFor(task({}), given)).join('\n')).toMatch(/secrets \(task\.json/);
    expect(problemsOf(() => planFor(task({}), given)).join('\n')).not.toContain('hunter2');
  });
});

describe('the tutorial’s task definition', () => {
  const text = readFileSync(join(__dirname, 'tutorial-task.json'), 'utf8');
  const given = { image: '111122223333.dkr.ecr.us-west-2.amazonaws.com/app:1', 'container-name': 'MyContainer' };

  it('is refused with the line of its placeholder', () => {
    expect(problemsOf(() => planFor(text, given))).toEqual([
      'task.json:2:3 executionRoleArn: still holds the placeholder <account_ID>; fill it in, got "arn:aws:iam::<account_ID>:role/AppRole"',
    ]);
  });

  it('renders once it is filled in', () => {
    const filled = text.replace('<account_ID>', '111122223333');
    const expected = JSON.parse(filled.replace('$REPOSITORY_URI:$IMAGE_TAG', given.image));
    expect(JSON.stringify(render(filled, given))).toBe(JSON.stringify(expected));
  });

  it('renders with the role as an input', () => {
    const role = 'arn:aws:iam::111122223333:role/AppRole';
    expect(render(text, { ...given, 'execution-role-arn': role })).toMatchObject({ executionRoleArn: role });
  });
});

describe('a mistake among variables and secrets', () => {
  const text = `{
 "family": "web",
 "executionRoleArn": "exec",
 "containerDefinitions": [{ "name": "app", "image": "app:1", "memory": 64,
  "environment": [
   { "name": "A", "value": "1" },
   { "value": "2" },
   { "name": "A", "valu": "3" }
  ],
  "secrets": [
   { "name": "S", "valueFrom": "a" },
   { "name": "S", "valueFrom": "b" }
  ]
 }]
}`;

  it.each<[string, Given]>([
    ['no inputs', {}],
    ['other variables', { 'environment-variables': 'C=1' }],
  ])('is told with its own line with %s', (_, given) => {
    const places = problemsOf(() => planFor(text, given)).map((problem) => problem.split(': ')[0]);
    expect(places).toEqual([
      'task.json:7:4 containerDefinitions[0].environment[1]',
      'task.json:8:19 containerDefinitions[0].environment[2].valu',
      'task.json:12:4 containerDefinitions[0].secrets[1]',
    ]);
  });
});

describe('an image whose variable was empty', () => {
  const idle = 'container-name: nothing is set for it: neither an image nor another container setting is set';

  it('is refused, where nothing else is set either: the old one would be deployed', () => {
    expect(problemsOf(() => planFor(task({}), { 'container-name': 'app', image: '' })).join()).toContain(idle);
  });

  it('is not told of an image that is wrong', () => {
    const given = { 'task-definition': 'task.json', 'container-name': 'app', image: 'two\nlines' };
    const { request } = readInputs((name) => (given as Given)[name]);
    expect(problemsOf(() => plan(request, readTaskDefinition(JSON.stringify(task({})), 'task.json')))).toEqual([]);
  });

  it('is a warning beside settings of the task', () => {
    const { warnings } = planFor(task({}), { 'container-name': 'app', memory: '512' });
    expect(warnings.map(({ where, problem }) => `${where}: ${problem}`).join()).toContain(idle);
  });

  it.each<[string, Given, readonly string[]]>([
    [
      'is told beside other settings',
      { 'container-name': 'app' },
      ['image: it is not set, so container app keeps "app:1".'],
    ],
    ['is not told where images has it', { 'container-name': 'app', images: 'app=b:2' }, []],
    ['is not told where it is set', { 'container-name': 'app', image: 'b:2' }, []],
    ['is not told where no container was named', {}, []],
  ])('%s', (_, given, notices) => {
    expect(planFor(task({}), { ...given, 'environment-variables': 'A=1' }).notices).toEqual(notices);
  });
});

it.each([
  ['s3://b/a.env', 'errors'],
  ['arn:aws:s3:::b/settings.txt', 'warnings'],
])('the environment file %s is among the %s', (file, level) => {
  const given = { 'env-files': file };
  const problems = problemsOf(() => planFor(task({}), given));
  const found = level === 'errors' ? problems : planFor(task({}), given).warnings.map(({ where }) => where);
  expect(found.join()).toContain('env-files (task.json containerDefinitions[0].environmentFiles[0].value)');
});

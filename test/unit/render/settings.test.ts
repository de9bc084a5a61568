import { describe, expect, it } from '@jest/globals';
import { type Given, planFor, render, renderContainer, task } from './support';

/** Inputs; a container; the fields that come out different. */
const settings: [what: string, given: Given, container: object, after: object][] = [
  ['image', { image: 'b:2' }, {}, { image: 'b:2' }],
  ['image of a named container', { images: 'app=b:2' }, {}, { image: 'b:2' }],
  ['a command as JSON', { command: '["a","b c"]' }, { command: ['x'] }, { command: ['a', 'b c'] }],
  ['a command in words', { command: 'a "b c"' }, {}, { command: ['a', 'b c'] }],
  [
    'variables: merged in place, added at the end, removed',
    { 'environment-variables': 'B=x=y \n-C\nD=' },
    {
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
        { name: 'C', value: '3' },
      ],
    },
    {
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: 'x=y ' },
        { name: 'D', value: '' },
      ],
    },
  ],
  [
    'variables: replaced',
    { 'environment-variables': 'B=2\n-A', 'environment-mode': 'replace' },
    { environment: [{ name: 'A', value: '1' }] },
    { environment: [{ name: 'B', value: '2' }] },
  ],
  [
    'variables of several lines',
    { 'environment-variables': 'A<<END\nfirst = 1\n\nEND\nB=2' },
    {},
    {
      environment: [
        { name: 'A', value: 'first = 1\n' },
        { name: 'B', value: '2' },
      ],
    },
  ],
  [
    'variables as the built-in took them',
    { 'environment-variables': '- A=1\n- B=2' },
    {},
    {
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ],
  ['removal of what does not exist', { 'environment-variables': '-A', secrets: '-B', 'docker-labels': '-C' }, {}, {}],
  [
    'removal of the last',
    { 'environment-variables': '-A' },
    { environment: [{ name: 'A', value: '1' }] },
    { environment: [] },
  ],
  [
    'secrets',
    { secrets: 'A=/new\nB=/b' },
    { secrets: [{ name: 'A', valueFrom: '/old' }] },
    {
      secrets: [
        { name: 'A', valueFrom: '/new' },
        { name: 'B', valueFrom: '/b' },
      ],
    },
  ],
  [
    'a variable that becomes a secret',
    { 'environment-variables': '-A', secrets: 'A=/a' },
    { environment: [{ name: 'A', value: '1' }] },
    { environment: [], secrets: [{ name: 'A', valueFrom: '/a' }] },
  ],
  [
    'secrets: replaced, variables kept',
    { secrets: 'B=/b', 'environment-mode': 'replace' },
    { environment: [{ name: 'E', value: '' }], secrets: [{ name: 'A', valueFrom: '/a' }] },
    { environment: [{ name: 'E', value: '' }], secrets: [{ name: 'B', valueFrom: '/b' }] },
  ],
  [
    'environment files',
    { 'env-files': 'arn:aws:s3:::b/1.env\narn:aws:s3:::b/2.env' },
    { environmentFiles: [] },
    { environmentFiles: ['1', '2'].map((name) => ({ value: `arn:aws:s3:::b/${name}.env`, type: 's3' })) },
  ],
  [
    'labels',
    { 'docker-labels': 'a=1=2\n-b' },
    { dockerLabels: { b: 'x', a: '0', c: 'y' } },
    { dockerLabels: { a: '1=2', c: 'y' } },
  ],
  [
    'options of the log driver',
    { 'log-configuration-options': 'max-size=1m\n-max-file' },
    { logConfiguration: { logDriver: 'json-file', options: { 'max-file': '3' }, secretOptions: [] } },
    { logConfiguration: { logDriver: 'json-file', options: { 'max-size': '1m' }, secretOptions: [] } },
  ],
  [
    'a new log driver',
    {
      'log-configuration-log-driver': 'awslogs',
      'log-configuration-options': 'awslogs-group=g\nawslogs-region=us-west-2',
    },
    {},
    { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g', 'awslogs-region': 'us-west-2' } } },
  ],
  [
    'another log driver',
    { 'log-configuration-log-driver': 'syslog' },
    { logConfiguration: { logDriver: 'journald' } },
    { logConfiguration: { logDriver: 'syslog' } },
  ],
];

describe('settings of a container', () => {
  it.each(settings)('%s', (_what, given, container, after) => {
    expect(renderContainer(container, given)).toEqual({
      name: 'app',
      image: 'app:1',
      memory: 64,
      ...container,
      ...after,
    });
  });
});

describe('a removal of what does not exist', () => {
  it('is reported, and is not an error', () => {
    const given = {
      'environment-variables': '-A\n-B',
      secrets: '-C',
      'docker-labels': '-D\n-E',
      'log-configuration-options': '-F',
    };
    const container = { environment: [{ name: 'A', value: '' }], dockerLabels: { D: '' } };
    expect(planFor(task(container), given).notices).toEqual([
      'environment-variables: B cannot be removed, because nothing has that name.',
      'secrets: C cannot be removed, because nothing has that name.',
      'docker-labels: E cannot be removed, because nothing has that name.',
      'log-configuration-options: F cannot be removed, because nothing has that name.',
    ]);
  });
});

describe('settings of the task', () => {
  it('override their fields and leave the rest', () => {
    const given = { family: 'shop', cpu: '.5 vCPU', memory: '1024', 'task-role-arn': 'a', 'execution-role-arn': 'b' };
    expect(render(task({}), given)).toEqual({
      ...task({}),
      family: 'shop',
      cpu: '.5 vCPU',
      memory: '1024',
      taskRoleArn: 'a',
      executionRoleArn: 'b',
    });
  });

  it('merge tags by key', () => {
    const tags = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ];
    expect(render({ ...task({}), tags }, { tags: 'b=3\nc d=4=5' })['tags']).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '3' },
      { key: 'c d', value: '4=5' },
    ]);
  });
});

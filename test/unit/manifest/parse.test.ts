import { describe, expect, it } from '@jest/globals';
import { InputError, refuse } from '../../../shared/errors';
import { type Assignment, assignments } from '../../../shared/manifest/assignments';
import {
  type ActionDefinition,
  defaulted,
  defineAction,
  optional,
  required,
} from '../../../shared/manifest/definition';
import { parseInputs } from '../../../shared/manifest/parse';
import { block, choice, flag, jsonObject, jsonObjects, list, number, text } from '../../../shared/manifest/types';
import { fc } from '../../support/properties';

const group = { group: 'All', description: 'What it is.' };
const definition = defineAction({
  name: 'sample',
  displayName: 'Sample',
  description: 'A sample.',
  compute: ['EC2'],
  needs: { source: false, account: false },
  inputs: {
    name: required(text, group),
    count: optional(number({ min: 0, max: 10 }), group),
    dry: defaulted(flag, false, group),
    mode: defaulted(choice(['merge', 'replace']), 'merge', group),
    token: optional(choice(['a', 'b']), { ...group, secret: true }),
    body: optional(block, group),
  },
  outputs: { done: 'Whether it is done.' },
  refused: { load: { reason: 'does not exist; push it', harmless: ['false'] } },
});

function parse(raw: Record<string, string>) {
  const { inputs, findings } = parseInputs(definition, (name) => raw[name]);
  refuse(findings);
  return inputs;
}
const problems = (raw: Record<string, string>) => {
  try {
    parse(raw);
  } catch (error) {
    if (error instanceof InputError) return error.findings.map(({ where, problem }) => `${where} ${problem}`);
    throw error;
  }
  return [];
};

describe('parseInputs', () => {
  it('gives typed values, defaults and undefined for what is unset or empty', () => {
    expect(parse({ name: ' web ', count: '3', dry: 'TRUE', mode: '' })).toEqual({
      name: 'web',
      count: 3,
      dry: true,
      mode: 'merge',
      token: undefined,
      body: undefined,
    });
  });

  it('reports every wrong input at once, with its rule and value', () => {
    expect(problems({ count: '11', dry: 'yes', mode: 'swap' })).toEqual([
      'name is required but not set',
      'count must be a whole number from 0 to 10, got "11"',
      'dry must be true or false, got "yes"',
      'mode must be one of merge, replace; got "swap"',
    ]);
  });

  it.each([
    ['true', ['load does not exist; push it']],
    ['False', []],
    [' ', []],
  ])('refuses an input of another action by its name, unless its value %j asks for nothing', (load, expected) => {
    expect(problems({ name: 'x', load })).toEqual(expected);
  });

  it('gives all inputs also when some are wrong, which stand as if they were not given', () => {
    const { inputs, findings } = parseInputs(definition, (name) => ({ count: '3', dry: 'yes', token: 'c' })[name]);
    expect(findings.map(({ where }) => where)).toEqual(['name', 'dry', 'token']);
    expect(inputs).toMatchObject({ name: '', count: 3, dry: false, token: undefined });
  });

  it('never shows the value of a secret input', () => {
    expect(problems({ name: 'x', token: 'hunter2-hunter2' })).toEqual(['token must be one of a, b; got ***']);
  });

  it('keeps the lines of a block', () => {
    expect(parse({ name: 'x', body: 'one\n  two\n' }).body).toBe('one\n  two\n');
  });

  it('refuses a line break in a single line', () => {
    expect(problems({ name: 'a\nb' })).toEqual(['name must be a single line']);
  });

  it('never throws', () => {
    const raw = fc.dictionary(fc.constantFrom(...Object.keys(definition.inputs)), fc.string());
    fc.assert(fc.property(raw, (given) => parseInputs(definition, (name) => given[name]).findings.length >= 0));
  });
});

describe('number', () => {
  it.each(['-1', '1e3', '0x10', 'NaN', '', '1.5', ' ', '1 2', '+1'])('refuses %j as a whole number', (given) => {
    expect(number({ min: 0 }).parse(given)).toHaveProperty('problem');
  });

  it('takes fractions where they are allowed', () => {
    expect(number({ min: 0, max: 2, fraction: true }).parse(' 0.5 ')).toEqual({ value: 0.5 });
  });
});

describe('list', () => {
  it.each<[string, string[]]>([
    ['a,b', ['a', 'b']],
    ['a, b,\n c ', ['a', 'b', 'c']],
    ['a\r\nb', ['a', 'b']],
    ['a,,a', ['a']],
  ])('reads %j', (given, items) => {
    expect(list().parse(given)).toEqual({ value: items });
  });

  it('refuses words outside its set', () => {
    expect(list(['x']).parse('x,y')).toEqual({ problem: 'must be any of x; got "y"' });
  });
});

describe('JSON', () => {
  it.each([
    [jsonObject, '{"a": [1]}', { value: { a: [1] } }],
    [jsonObject, '[]', { problem: 'must be a JSON object, got "[]"' }],
    [jsonObject, '{', { problem: 'must be a JSON object, got "{"' }],
    [jsonObjects, '[{"a": 1}]', { value: [{ a: 1 }] }],
    [jsonObjects, '[1]', { problem: 'must be a JSON array of objects, got "[1]"' }],
  ])('%#: %j', (type, given, expected) => {
    expect(type.parse(given)).toEqual(expected);
  });
});

describe('assignments', () => {
  it.each<[string, Assignment[]]>([
    ['A=1', [{ name: 'A', value: '1' }]],
    ['A=b=c "d" ', [{ name: 'A', value: 'b=c "d" ' }]],
    ['A=', [{ name: 'A', value: '' }]],
    [
      'A=1\r\n\r\n  B=2',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    ],
    [
      'A<<END\nline 1\n\nline=3\nEND\nB=2',
      [
        { name: 'A', value: 'line 1\n\nline=3' },
        { name: 'B', value: '2' },
      ],
    ],
    ['A=x<<y', [{ name: 'A', value: 'x<<y' }]],
    ['-A', [{ name: 'A', remove: true }]],
    [
      '- A=1\n- B=2',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    ],
  ])('reads %j', (given, found) => {
    expect(assignments({ removal: true }).parse(given)).toEqual({ value: found });
  });

  it.each([
    ['A', 'line 1 must have the form NAME=value, got "A"'],
    ['B=1\n=2', 'line 2 must have the form NAME=value, got ""'],
    ['A<<END\nx', 'line 1: A<< has no line that closes it'],
    ['-A<<END\nx\nEND', 'line 1: a name must not have "-", got "-A"'],
    ['-A', 'line 1 must have the form NAME=value, got "-A"'],
  ])('refuses %j', (given, problem) => {
    expect(assignments().parse(given)).toEqual({ problem });
  });

  it('keeps any value of one line whole', () => {
    const value = fc.string().filter((candidate) => !/[\r\n]/.test(candidate));
    fc.assert(
      fc.property(value, (kept) => {
        expect(assignments().parse(`NAME=${kept}`)).toEqual({ value: [{ name: 'NAME', value: kept }] });
      }),
    );
  });
});

it('derives the definition’s type without widening', () => {
  const widened: ActionDefinition = definition as unknown as ActionDefinition;
  expect(Object.keys(widened.inputs)).toHaveLength(6);
});

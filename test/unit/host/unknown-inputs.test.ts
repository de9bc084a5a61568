import { describe, expect, it } from '@jest/globals';
import { unknownInputs } from '../../../shared/host/unknown-inputs';
import { type ActionDefinition, offeredOn, optional, outsideCodeCatalyst } from '../../../shared/manifest/definition';
import { text } from '../../../shared/manifest/types';

const input = optional(text, { group: 'All', description: 'What it is.' });
const definition: ActionDefinition = {
  name: 'sample',
  displayName: 'Sample',
  description: 'A sample.',
  compute: ['EC2'],
  needs: { source: false, account: false },
  inputs: { 'task-definition': input, service: input, 'poll-interval': { ...input, hosts: outsideCodeCatalyst } },
  outputs: { id: 'The id.', 'run-id': { description: 'The other id.', hosts: outsideCodeCatalyst } },
  refused: { load: { reason: 'does not exist' } },
};

const told = (env: Record<string, string>, host: 'github' | 'codecatalyst' = 'github') =>
  unknownInputs(definition, offeredOn(host, definition), env);

describe('unknown inputs', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ 'INPUT_TASK-DEFINITION': 't.json', INPUT_SERVICE: 'web', INPUT_LOAD: 'true' }, []],
    [{ INPUT_TASK_DEFINITION: 't.json', 'INPUT_POLL-INTERVAL': '5', INPUT_OTHER: '', PATH: '/bin' }, []],
    [
      { 'INPUT_TASK-DEFINITON': 't.json' },
      ['input task-definiton is ignored: this action has no such input, did you mean task-definition?'],
    ],
    [{ INPUT_COLOR: 'red' }, ['input color is ignored: this action has no such input']],
  ])('of %j are told as %j', (env, lines) => {
    expect(told(env)).toEqual(lines);
  });

  it('say where an input of other hosts exists', () => {
    expect(told({ INPUT_POLL_INTERVAL: '5' }, 'codecatalyst')).toEqual([
      'input poll-interval is ignored: it is an input on GitHub and in a shell only',
    ]);
  });

  it('are counted when there are many', () => {
    const lines = told(Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`INPUT_${at}`, 'x'])));
    expect(lines).toHaveLength(11);
    expect(lines[10]).toBe('3 more inputs are unknown and ignored');
  });
});

it('offers CodeCatalyst neither inputs nor outputs of other hosts', () => {
  const { inputs, outputs } = offeredOn('codecatalyst', definition);
  expect([Object.keys(inputs), Object.keys(outputs)]).toEqual([['task-definition', 'service'], ['id']]);
  expect(Object.keys(offeredOn('shell', definition).outputs)).toEqual(['id', 'run-id']);
});

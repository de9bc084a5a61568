import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from '../../../shared/host/command-line';
import { type ActionDefinition, optional } from '../../../shared/manifest/definition';
import { helpText } from '../../../shared/manifest/help';
import { file, flag, list, text } from '../../../shared/manifest/types';

const group = {
  group: 'All',
  description: 'What it is, in many words that do not fit into a line of one hundred columns, so that it wraps.',
};
const definition: ActionDefinition = {
  name: 'sample',
  displayName: 'Sample',
  description: 'A sample.',
  compute: ['EC2'],
  needs: { source: false, account: false },
  examples: ['--image web:1 --tags a'],
  inputs: {
    image: { ...optional(text, group), required: true },
    tags: optional(list(), group),
    file: optional(file, group),
    dry: optional(flag, group),
  },
  outputs: { 'the-id': 'The id.' },
  refused: { load: { reason: 'does not exist' } },
};

const parse = (...argv: string[]) => parseCommandLine(definition, argv, tmpdir());

describe('a command line', () => {
  it.each<[string[], object]>([
    [
      ['--image', 'web:1', '--dry', '--tags=a', '--tags', 'b'],
      { inputs: { image: 'web:1', dry: 'true', tags: 'a\nb' } },
    ],
    [['--json'], { format: 'json' }],
    [['--format', 'dotenv', '--output', 'out.env'], { format: 'dotenv', output: 'out.env' }],
    [['--load', 'true'], { inputs: { load: 'true' } }],
    [['--file', '-'], { inputs: { file: '-' } }],
    [['--version'], { prints: 'version' }],
    [['-h', '--version'], { prints: 'help' }],
    [[], { format: 'text', output: undefined, prints: undefined }],
  ])('%j', (argv, expected) => {
    expect(parse(...argv)).toMatchObject(expected);
  });

  it.each([
    [['--imagge', 'x'], 'there is no option --imagge, did you mean --image; --help lists the inputs'],
    [['--x'], 'there is no option --x; --help lists the inputs'],
    [['web'], '"web" belongs to no option; --help lists the inputs'],
    [['--image'], '--image has no value; --help lists the inputs'],
    [
      ['--image', '--json'],
      '--image has no value; one that begins with - is passed as --image=-…; --help lists the inputs',
    ],
    [['--json=yes'], '--json takes no value; --help lists the inputs'],
    [['--image', 'a', '--image', 'b'], '--image is specified more than once; --help lists the inputs'],
    [['--format', 'yaml'], '--format must be one of text, json, dotenv, got "yaml"; --help lists the inputs'],
    [['--json', '--format', 'text'], '--json cannot be combined with --format text; --help lists the inputs'],
    [['--output', '.'], `--output cannot be written: ${tmpdir()} is a directory; --help lists the inputs`],
    [
      ['--output', 'no/such/file'],
      `--output cannot be written: ${tmpdir()}/no/such/file is in a directory that does not exist; --help lists the inputs`,
    ],
  ])('%j is refused', (argv, problem) => {
    expect(() => parse(...argv)).toThrow(`command line: ${problem}`);
  });
});

it('has a help of at most 100 columns, with usage, examples and exit statuses', () => {
  const help = helpText(definition);
  expect(help.split('\n').filter((line) => line.length > 100)).toEqual([]);
  for (const part of ['Usage: sample --image VALUE', 'sample --image web:1 --tags a', '--version', '128+n'])
    expect(help).toContain(part);
  expect(help).toMatch(/^ {2}4 +the wait ended first/m);
});

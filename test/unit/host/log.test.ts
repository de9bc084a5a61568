import { describe, expect, it } from '@jest/globals';
import { defuse } from '../../../shared/host/defuse';
import { createLog, plainMark } from '../../../shared/host/log';
import { fc } from '../../support/properties';

function record(debug = false) {
  const lines: string[] = [];
  const secrets: string[] = [];
  const log = createLog({
    colour: false,
    debug,
    write: (line) => lines.push(line),
    mark: plainMark(false),
    announceSecret: (secret) => secrets.push(secret),
  });
  return { log, lines, secrets };
}

/** What .NET's TrimStart takes away, and what its comparing by a culture's rules does not see. */
const trimmed = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const unseen = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;

/** What the hosts take for a command: AWS's local runner, GitHub's runner, Azure's, TeamCity. */
const isCommand = (line: string) =>
  /^::([^ ]+)( (.+))?::/.test(line) ||
  [line, line.replace(unseen, '')].some((seen) => /^::/.test(seen.replace(trimmed, ''))) ||
  /##(?:vso|teamcity|)\[/.test(line);

describe('log', () => {
  it('hides secrets, also those of several lines', () => {
    const { log, lines, secrets } = record();
    log.mask('s3cr3t-value\nsecond-line');
    log.info('a s3cr3t-value b');
    log.warn('second-line');
    expect(lines).toEqual(['a *** b', 'Warning: ***']);
    expect(secrets).toEqual(['s3cr3t-value\nsecond-line', 's3cr3t-value', 'second-line']);
  });

  it.each([
    [['admin', 'admin-7f3k'], 'pw=admin-7f3k user=admin', 'pw=*** user=***'],
    [['line\nline-of-key'], 'line-of-key', '***'],
    [['abcdef', 'defghi'], '<abcdefghi>', '<***>'],
    [['aaaa'], 'aaaaaa', '***'],
  ])('hides %j, which are parts of each other, wholly', (all, text, shown) => {
    const { log } = record();
    for (const secret of all) log.mask(secret);
    expect(log.masked(text)).toBe(shown);
  });

  it('does not hide texts so short that hiding them would spoil the log', () => {
    const { log, lines } = record();
    log.mask('a');
    log.info('banana');
    expect(lines).toEqual(['banana']);
  });

  it('shows debug lines only when debugging', () => {
    const quiet = record();
    quiet.log.debug('x');
    const loud = record(true);
    loud.log.debug('x');
    expect([quiet.lines, loud.lines]).toEqual([[], ['x']]);
  });

  it.each([
    '::set-output name=IMAGE::evil',
    '  ::set-output name=IMAGE::evil',
    'ok\r::set-output name=IMAGE::evil',
    'ok\n::error::x',
    '##[error]x',
    'ok ##[add-path]/tmp',
    'ok ##vso[task.setvariable variable=x]y',
    "##teamcity[setParameter name='x' value='y']",
    ...['\u0085', '\u00a0', '\u1680', '\u2003', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\v', '\f', '\t'].map(
      (space) => `${space}::error::x`,
    ),
    ...[
      '\u200b',
      '\ufeff',
      '\u2060',
      '\u00ad',
      '\u200f',
      '\u202e',
      '\u2066',
      '\u0000',
      '\u001b[0m',
      '\u001b]0;x\u0007',
      '\b',
    ].flatMap((nothing) => [
      `${nothing}::error::x`,
      `:${nothing}:error::x`,
      `#${nothing}#[error]x`,
      ` ${nothing} :${nothing}:error::x`,
    ]),
    'ok\u0085::error::x',
    'ok\u2028::set-output name=A::x',
  ])('never lets foreign text %j through as a command', (given) => {
    const { log, lines } = record(true);
    for (const say of [log.info, log.debug, log.warn, log.error]) say(given);
    expect(lines.filter(isCommand)).toEqual([]);
  });

  it('defuses whatever a program may print', () => {
    const part = fc.constantFrom(
      '::',
      ':',
      '##[',
      '#',
      ' ',
      '\t',
      'set-output name=A',
      'x',
      '[',
      '\u200b',
      '\ufeff',
      '\u0085',
      '\u3000',
      'vso',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(isCommand(defuse(parts.join('')))).toBe(false);
      }),
    );
  });

  it('cuts what is too long for anybody to read', () => {
    const { log, lines } = record();
    log.info('x'.repeat(10_000));
    log.error('x'.repeat(10_000));
    expect(lines).toEqual([
      `${'x'.repeat(8192)}… (1808 more characters)`,
      `Error: ${'x'.repeat(4096)}… (5904 more characters)`,
    ]);
  });

  it('keeps colours of its own only', () => {
    const lines: string[] = [];
    const log = createLog({ colour: true, debug: false, write: (line) => lines.push(line), mark: plainMark(true) });
    log.info('\u001b[31ma\u001b[0m', 'green');
    log.warn('\u001b[31mb');
    expect(lines).toEqual(['\u001b[32ma\u001b[0m', '\u001b[33mWarning: b\u001b[0m']);
  });
});

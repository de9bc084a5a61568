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

/** What AWS's local runner takes for a command, and what GitHub's runner does (it trims the line first). */
const isCommand = (line: string) => /^::([^ ]+)( (.+))?::/.test(line.trimStart()) || line.includes('##[');

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
  ])('never lets foreign text %j through as a command', (given) => {
    const { log, lines } = record();
    log.info(given);
    expect(lines.filter(isCommand)).toEqual([]);
  });

  it('defuses whatever a program may print', () => {
    const part = fc.constantFrom('::', ':', '##[', '#', ' ', '\t', 'set-output name=A', 'x', '\r', '\n', '[');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const lines = parts.join('').split(/\r\n|\n|\r/);
        expect(lines.map(defuse).filter(isCommand)).toEqual([]);
      }),
    );
  });
});

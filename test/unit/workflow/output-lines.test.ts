import { describe, expect, it } from '@jest/globals';
import { runSummary } from '../../../shared/host/codecatalyst';
import { failuresIn, readOutputLine } from '../../local/runner/output-lines';

describe('readOutputLine', () => {
  it.each([
    ['::set-output name=IMAGE::r/app@sha256:ab\n', { name: 'IMAGE', value: 'r/app@sha256:ab' }],
    ['::set-output name=IMAGE::\n', { name: 'IMAGE', value: '' }],
    ['::set-output name=IMAGE::v\r\n', { name: 'IMAGE', value: 'v' }],
    ['::set-output x=1,name=IMAGE::a=b, "c" $(d)\n', { name: 'IMAGE', value: 'a=b, "c" $(d)' }],
    // The pattern is greedy: a value with "::" is cut at the last one, and its name is nobody's.
    ['::set-output name=arn::arn:aws:s3:::bucket\n', { name: 'arn::arn:aws:s3:', value: 'bucket' }],
    ['::set-output::v\n', { name: '', value: 'v' }],
  ])('%j sets an output', (line, output) => {
    expect(readOutputLine(line)).toEqual(output);
  });

  it.each([
    ['::set-output name=IMAGE::no line break'],
    [' ::set-output name=IMAGE::indented\n'],
    ['see ::set-output name=IMAGE::v\n'],
    ['::warning::v\n'],
    ['plain\n'],
  ])('%j is only a line', (line) => {
    expect(readOutputLine(line)).toBeUndefined();
  });
});

describe('failuresIn', () => {
  it('reads what the actions write', () => {
    expect(failuresIn(runSummary('cannot build: line 3'))).toEqual(['cannot build: line 3']);
  });

  it('takes nothing but the level Error for a failure', () => {
    expect(
      failuresIn('[{"text":"CUSTOM","level":"Warning","message":"m"},{"text":"T","level":"Error","message":"m"}]'),
    ).toEqual(['[T] m']);
  });

  it('refuses what is not JSON, as a shell leaves it', () => {
    expect(() => failuresIn('[{text:CUSTOM,level:Error}]')).toThrow(SyntaxError);
  });
});

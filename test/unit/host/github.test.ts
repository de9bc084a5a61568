import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ActionError, InputError, placeIn } from '../../../shared/errors';
import { githubHost } from '../../../shared/host/github';
import { tellEnd } from '../../../shared/host/tell-end';
import type { ActionDefinition } from '../../../shared/manifest/definition';

const folder = mkdtempSync(join(tmpdir(), 'github-'));
const checkout = join(folder, 'checkout');
const summary = join(folder, 'summary');
beforeAll(() => {
  mkdirSync(join(checkout, 'app, one'), { recursive: true });
  for (const file of ['task.json', 'app, one/task.json']) writeFileSync(join(checkout, file), '{}');
  writeFileSync(join(folder, 'rendered.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

const definition = { displayName: 'Render', outputs: {} } as unknown as ActionDefinition;

function end(failure: ActionError | undefined, more: string | undefined = undefined) {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => void written.push(text) };
  const env = { GITHUB_WORKSPACE: checkout, GITHUB_STEP_SUMMARY: summary };
  rmSync(summary, { force: true });
  const host = githubHost({ env, working: checkout, stdout: stream, stderr: stream });
  tellEnd(host, definition, { outputs: {}, ...(failure && { failure }), ...(more && { summary: more }) });
  return { host, lines: written.join('').split('\n').slice(0, -1), written, summary: readFileSync(summary, 'utf8') };
}

const finding = (where: string, problem = 'is wrong') => ({ where, problem });

describe('the place of a finding', () => {
  it.each([
    ['task.json:4:7 containerDefinitions[0].Image', { file: 'task.json', line: 4, column: 7 }],
    ['Dockerfile:3', { file: 'Dockerfile', line: 3 }],
    ['Dockerfile:3: nothing was copied', { file: 'Dockerfile', line: 3 }],
    ['a folder/t.yaml:12:1 family: is wrong', { file: 'a folder/t.yaml', line: 12, column: 1 }],
    ['tags: must be short, got "a:1:2b"', undefined],
    ['task-definition', undefined],
  ])('in %j is %j', (text, place) => {
    expect(placeIn(text)).toEqual(place);
  });
});

describe('an annotation', () => {
  it('is at the place of the only finding', () => {
    const { lines } = end(new InputError([finding('task.json:4:7 family')]));
    expect(lines).toEqual(['::error file=task.json,line=4,col=7::task.json:4:7 family: is wrong']);
  });

  it('is at the place of each of several findings, and their sum has no place', () => {
    const { lines } = end(new InputError([finding('task.json:4:7 family'), finding('tags'), finding('task.json:9')]));
    expect(lines).toEqual([
      '::error file=task.json,line=4,col=7::task.json:4:7 family: is wrong',
      'tags: is wrong',
      '::error file=task.json,line=9::task.json:9: is wrong',
      expect.stringMatching(/^::error::3 inputs are wrong: /),
    ]);
  });

  it.each([
    ['../rendered.json', ''],
    [join(folder, 'rendered.json'), ''],
    ['missing.json', ''],
    ['app, one/task.json', ' file=app%2C one/task.json,line=1'],
    [join(checkout, 'task.json'), ' file=task.json,line=1'],
  ])('of %s names the file where it is in the checkout', (file, properties) => {
    const { lines } = end(new InputError([finding(`${file}:1`)]));
    expect(lines[0]).toBe(`::error${properties}::${file}:1: is wrong`);
  });
});

describe('a group', () => {
  it('is folded, and ends before an error and the next group', () => {
    const { host, written } = end(undefined);
    const endFirst = host.log.group('First: 100%\nof it');
    host.log.info('a');
    const endSecond = host.log.group('Second');
    host.log.error('wrong');
    endFirst();
    endSecond();
    expect(written.join('').split('\n')).toEqual([
      ...['::group::First: 100%25 of it', 'a', '::endgroup::', '::group::Second', '::endgroup::'],
      ...['::error::wrong', ''],
    ]);
  });
});

it('adds the outputs to those that another program of the step has written', () => {
  const file = join(folder, 'output');
  const stream = { isTTY: false, write: () => {} };
  writeFileSync(file, 'earlier=1\n');
  const host = githubHost({ env: { GITHUB_OUTPUT: file }, working: checkout, stdout: stream, stderr: stream });
  host.outputs({ family: 'web' });
  host.outputs({ changes: 'none' });
  expect(readFileSync(file, 'utf8')).toMatch(
    /^earlier=1\nfamily<<(end-[\w-]+)\nweb\n\1\nchanges<<(end-[\w-]+)\nnone\n\2\n$/,
  );
});

describe('the step summary', () => {
  it('of a failure has its line, escaped, and what explains it', () => {
    const failure = new ActionError('cannot deploy: <account_ID> of [x](http://x.example) | @team');
    expect(end(failure, '| a |\n| --- |').summary).toBe(
      '### Render\n\n**Failed:** cannot deploy: &#60;account_ID&#62; of \\[x\\](http://x.example) \\| &#64;team\n\n| a |\n| --- |\n',
    );
  });

  it('of what was done has what the action says', () => {
    expect([end(undefined).summary, end(undefined, 'Well.').summary]).toEqual([
      '### Render\n\nDone.\n',
      '### Render\n\nWell.\n',
    ]);
  });
});

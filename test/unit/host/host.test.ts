import { describe, expect, it } from '@jest/globals';
import { type Context, changedContext } from '../../../shared/host/action';
import { outputEntry } from '../../../shared/host/github';
import { colourful } from '../../../shared/host/host';
import { hostName } from '../../../shared/host/select';
import { shellHost } from '../../../shared/host/shell';

function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, write: (text: string) => void written.push(text), text: () => written.join('') };
}

function shell(terminal: boolean, env: Record<string, string> = {}) {
  const around = { env, working: '/w', stdout: output(terminal), stderr: output(terminal) };
  const host = shellHost(around, { given: (name) => (name === 'a' ? 'from the line' : undefined), format: 'text' });
  return { host, ...around };
}

describe('the host', () => {
  it.each([
    [{ GITHUB_ACTIONS: 'true', CATALYST_WORKFLOW_PROJECT_NAME: 'p' }, 'github'],
    [{ CATALYST_SOURCE_DIR_WorkflowSource: '/s' }, 'codecatalyst'],
    [{ GITHUB_ACTIONS: 'false' }, 'shell'],
    [{}, 'shell'],
  ])('of %j is %s', (env, name) => {
    expect(hostName(env, [])).toBe(name);
    expect(hostName(env, ['--image', 'app:1'])).toBe('shell');
  });
});

describe('colours', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '' }, false],
  ])('on a terminal (%s) with %j: %s', (terminal, env, expected) => {
    expect(colourful(output(terminal), env)).toBe(expected);
  });

  it('mark warnings on a terminal, and words do without one', () => {
    const [seen, piped] = [shell(true), shell(false)];
    for (const { host } of [seen, piped]) host.log.warn('look');
    expect([seen.stderr.text(), piped.stderr.text()]).toEqual([
      '\u001b[33mWarning: look\u001b[0m\n',
      'Warning: look\n',
    ]);
  });
});

describe('a shell', () => {
  it('prefers the command line to the environment', () => {
    const { host } = shell(false, { INPUT_A: 'from the environment', INPUT_B: 'b' });
    expect([host.raw('a'), host.raw('b'), host.raw('c')]).toEqual(['from the line', 'b', undefined]);
  });

  it.each([
    ['a\r\nb\r', 'a\nb'],
    ['a\rb', 'a\rb'],
    ['a\n', 'a\n'],
  ])('reads the Windows lines of %j as %j, from the environment and the command line', (given, read) => {
    const around = { env: { INPUT_B: given }, working: '/w', stdout: output(false), stderr: output(false) };
    const { raw } = shellHost(around, { given: (name) => (name === 'a' ? given : undefined), format: 'text' });
    expect([raw('a'), raw('b')]).toEqual([read, read]);
  });

  it('lists the outputs, the further lines of a value indented', () => {
    const { host, stdout } = shell(false);
    host.outputs({ one: '1', two: 'a\nb' });
    expect(stdout.text()).toBe('one=1\ntwo=a\n  b\n');
  });
});

it('ends an entry of GITHUB_OUTPUT by a word that no value can know', () => {
  const [first, second] = [outputEntry('a', 'x'), outputEntry('a', 'x')];
  expect(first).toMatch(/^a<<(end-[0-9a-f-]{36})\nx\n\1\n$/);
  expect(first).not.toBe(second);
});

it('replaces parts of a context without making what was not asked for', () => {
  let made = 0;
  const context = {
    host: 'shell',
    get tempRoot() {
      made++;
      return '/tmp';
    },
  } as Partial<Context> as Context;
  const changed = changedContext(context, { host: 'github' });
  expect([changed.host, made]).toEqual(['github', 0]);
  expect({ ...changed }).toEqual({ host: 'github', tempRoot: '/tmp' });
});

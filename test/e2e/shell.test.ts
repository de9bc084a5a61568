import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actionBundle } from '../support/bundles';
import { plainEnvironment } from '../support/process';

const folder = mkdtempSync(join(tmpdir(), 'shell-'));
const task = JSON.stringify({ family: 'web', containerDefinitions: [{ name: 'app', image: 'app:1', memory: 64 }] });
beforeAll(() => writeFileSync(join(folder, 'task.json'), task));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: string[], input = '') =>
  spawnSync(process.execPath, [actionBundle('render-task-definition'), ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { ...plainEnvironment, TMPDIR: folder },
  });
const quietly = (args: string) =>
  spawnSync('sh', ['-c', args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...plainEnvironment, RENDER: `${process.execPath} ${actionBundle('render-task-definition')}` },
  });

describe('a bundle in a shell', () => {
  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
    expect(run(['--version']).stdout).toBe(`render-task-definition ${version}\n`);
  });

  it('reads a file from standard input: a socket, a pipe and a redirection', () => {
    const byPipe = quietly('cat task.json | $RENDER --task-definition - --image app:2 --json');
    const byFile = quietly('$RENDER --task-definition - --image app:2 --json < task.json');
    for (const { status, stdout } of [
      run(['--task-definition', '-', '--image', 'app:2', '--json'], task),
      byPipe,
      byFile,
    ]) {
      expect(status).toBe(0);
      const path = (JSON.parse(stdout) as Record<string, string>)['task-definition-path']!;
      expect(readFileSync(path, 'utf8')).toContain('"app:2"');
    }
  });

  it('writes its outputs into a file that a shell can source', () => {
    const args = '--task-definition task.json --image app:2 --format dotenv --output out.env';
    const { status, stdout } = quietly(`$RENDER ${args} && . ./out.env && cat "$task_definition" && echo "$family"`);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/"image": "app:2".*\nweb\n$/s)]);
  });

  it.each([
    [['--task-definition', 'missing.json', '--json'], 'task-definition: there is no file missing.json'],
    [['--format', 'json', '--imagge', 'a'], 'command line: there is no option --imagge'],
  ])('tells an error in JSON too: %j', (args, error) => {
    const { status, stdout } = run(args);
    expect([status, (JSON.parse(stdout) as { error: string }).error]).toEqual([2, expect.stringContaining(error)]);
  });
});

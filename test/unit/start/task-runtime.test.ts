import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { launchProcess } from '../../local/tour/launch-process';
import { createTaskRuntime } from '../../local/tour/task-runtime';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtime-test-'));
  const serve = `require('http').createServer((_, answer) => answer.end(JSON.stringify(process.env))).listen(process.env.PORT)`;
  writeFileSync(join(folder, 'serve.js'), serve);
});
afterAll(() => rmSync(folder, { recursive: true }));

const task = (arn: string, more = {}) => ({
  arn,
  image: 'app',
  environment: { FROM: 'task', PORT: '80' },
  containerPort: 80,
  ...more,
});
const runtimeOf = (...command: string[]) =>
  createTaskRuntime(
    launchProcess(async () => ({
      folder,
      command,
      workingDir: '.',
      environment: { FROM: 'image', ALSO: 'image' },
    })),
  );

describe('createTaskRuntime', () => {
  it('serves on a port of its own, with the variables of the image and over them those of the task', async () => {
    const runtime = runtimeOf('node', 'serve.js');
    const [one, other] = await Promise.all([runtime.start(task('one')), runtime.start(task('other'))]);
    expect(one.port).not.toBe(other.port);
    const env = (await (await fetch(`http://${one.host}:${one.port}`)).json()) as Record<string, string>;
    expect(env).toMatchObject({ FROM: 'task', ALSO: 'image', PORT: String(one.port) });
    expect(Object.keys(env)).not.toContain('HOME');
    await Promise.all([runtime.stop('one'), runtime.stop('other')]);
    await expect(fetch(`http://${one.host}:${one.port}`)).rejects.toThrow();
  });

  it.each([
    ['a program that ends', ['node', '-e', 'process.exit(3)'], 'it ended with exit code 3'],
    ['a program of another kind', ['nginx'], 'a plain process can only run node, not nginx'],
  ])('does not start %s', async (_, command, why) => {
    await expect(runtimeOf(...command).start(task('one'))).rejects.toThrow(why);
  });

  it("prefers the task definition's command", async () => {
    const runtime = runtimeOf('nginx');
    await runtime.start(task('one', { command: ['node', 'serve.js'] }));
    await runtime.stop('one');
  });

  it('stops what it does not know without a word', async () => {
    await expect(runtimeOf('node').stop('nobody')).resolves.toBeUndefined();
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { actionBundle } from '../support/bundles';
import { runNode } from '../support/process';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The most KiB of each: Node reads the whole file before it does anything. */
const actions = [
  ['build-and-push', 420],
  ['render-task-definition', 360],
  ['ecs-bluegreen-deploy', 540],
] as const;

describe.each(actions)('%s', (action, mostKiB) => {
  it('runs with nothing beside it', async () => {
    const copy = join(folder, `${action}.js`);
    writeFileSync(copy, readFileSync(actionBundle(action)));
    const { status, stdout, stderr } = await runNode(copy, ['--help'], { cwd: folder });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Outputs:');
  });

  it('is small: it holds the AWS clients that it asks for, and no others', () => {
    expect(readFileSync(actionBundle(action)).length).toBeLessThan(mostKiB * 1024);
  });

  it('loads no AWS client before one is needed', async () => {
    const preload = join(folder, 'loaded.js');
    // The SDK's HTTP handler is the first of its parts that needs http2, which nothing else here does.
    writeFileSync(
      preload,
      "process.on('exit', () => console.error(process.moduleLoadList.includes('NativeModule http2')));",
    );
    const { status, stderr } = await runNode(actionBundle(action), [], { cwd: folder, nodeArguments: ['-r', preload] });
    expect(status).toBe(2);
    expect(stderr).toMatch(/\nfalse\n$/);
  });
});

it('would end at start if the ADK’s shelljs were bundled as it is', async () => {
  const naive = join(folder, 'naive.js');
  const contents = "require('@aws/codecatalyst-adk-core').getMultiLineInput('x'); console.log('started');";
  buildSync({
    stdin: { contents, resolveDir: process.cwd() },
    outfile: naive,
    bundle: true,
    platform: 'node',
    logLevel: 'silent',
  });
  const { status, output } = await runNode(naive, [], { cwd: folder });
  expect(status).not.toBe(0);
  expect(output).not.toContain('started');
});

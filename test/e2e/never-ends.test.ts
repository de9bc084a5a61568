import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { runNode } from '../support/process';

const folder = mkdtempSync(join(tmpdir(), 'never-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An action whose job waits for what never comes, with nothing left that keeps the process alive. */
const program = `
import { runAction } from './shared/host/run-action';
const definition = { name: 'never', displayName: 'Never', description: '', inputs: {}, outputs: {}, compute: [], needs: {} };
void runAction({ definition, job: () => new Promise(() => {}) } as never);
`;

it('fails where nothing is left that could end its work', async () => {
  const root = join(__dirname, '../..');
  const outfile = join(folder, 'never.js');
  buildSync({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile,
    logLevel: 'silent',
  });
  const { status, stderr } = await runNode(outfile, [], { cwd: folder, env: {} });
  expect([status, stderr]).toEqual([1, expect.stringContaining('waits for something that will never come')]);
});

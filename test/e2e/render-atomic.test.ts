import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { actionBundle } from '../support/bundles';
import { runNode } from '../support/process';

let source: string;
beforeEach(() => {
  source = mkdtempSync(join(tmpdir(), 'render-atomic-'));
});
afterEach(() => rmSync(source, { recursive: true }));

/** Renders a task definition of 50,000 bytes where no file may grow beyond so many blocks of a shell's `ulimit`. */
function render(blocks: string) {
  const command = ['sh', '-c', 'x'.repeat(50_000)];
  const container = { name: 'app', image: 'app:1', memory: 64, command };
  writeFileSync(join(source, 'task.json'), JSON.stringify({ family: 'web', containerDefinitions: [container] }));
  return runNode(actionBundle('render-task-definition'), [], {
    cwd: source,
    env: {
      CATALYST_WORKFLOW_PROJECT_NAME: 'shop',
      INPUT_TASK_DEFINITION: 'task.json',
      CATALYST_SOURCE_DIR_WorkflowSource: source,
    },
    // A shell may drop variables whose names hold hyphens.
    node: '/bin/sh',
    nodeArguments: ['-c', `ulimit -f ${blocks} && exec "$0" "$@"`, process.execPath],
  });
}

it('leaves nothing of a file that could be written in part only', async () => {
  const { status, stdout } = await render('10');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^Error: cannot write task-definition-\w{12}\.json: EFBIG/m);
  expect(stdout).not.toContain('name=task-definition::');
  expect(readdirSync(source)).toEqual(['task.json']);
});

it('writes it where it has room', async () => {
  expect((await render('1000')).status).toBe(0);
  expect(readdirSync(source)).toHaveLength(2);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { actionBundle } from '../support/bundles';
import { runNode } from '../support/process';
import { container, pinned, type Stage, setStage, taskDefinition } from './deploy-stage';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.clear());

/** Fields that no SDK has, of every kind and at every depth. */
const newer = {
  ...taskDefinition({
    containerDefinitions: [container({ zzzShield: { zzzLevel: 'full', zzzRules: [{ zzzPort: 1 }, 'x'] } })],
  }),
  zzzIsolation: { isolationMode: 'ISOLATED_SANDBOX', zzzNumber: 0.5, zzzFlag: false },
};

async function render(...args: string[]): Promise<{ readonly file: string; readonly log: string }> {
  const { env } = await stage.aws.listen();
  const bundle = actionBundle('render-task-definition');
  const { status, stdout, stderr } = await runNode(bundle, [...args, '--json'], { cwd: stage.folder, env });
  expect([status, stderr.match(/Error: .*/)?.[0]]).toEqual([0, undefined]);
  return { file: (JSON.parse(stdout) as Record<string, string>)['task-definition-path']!, log: stderr };
}

const registered = () =>
  stage.aws.calls.filter(({ operation }) => operation === 'RegisterTaskDefinition').map(({ input }) => input);

it('go from the file to the wire, and by family back into a file', async () => {
  stage.write('new.json', newer);
  const { file, log } = await render('--task-definition', 'new.json', '--image', pinned);
  expect(log).toMatch(/new\.json:1:\d+ zzzIsolation: is not known to this version; it is kept/);
  const rendered = JSON.parse(readFileSync(file, 'utf8')) as typeof newer;
  const [first] = newer.containerDefinitions!;
  expect(rendered).toEqual({ ...newer, containerDefinitions: [{ ...first, image: pinned }] });

  const before = registered().length;
  const deployed = await stage.deploy({ inputs: { 'task-definition': file } });
  expect([deployed.status, deployed.log.match(/zzzIsolation: .*/)?.[0]]).toEqual([
    0,
    expect.stringContaining('is not known to this version'),
  ]);
  expect(registered().slice(before)).toEqual([rendered]);

  const again = await render('--task-definition', newer.family!, '--image', pinned);
  expect(JSON.parse(readFileSync(again.file, 'utf8'))).toMatchObject({
    zzzIsolation: newer.zzzIsolation,
    containerDefinitions: [{ zzzShield: (first as typeof first & { zzzShield: object }).zzzShield }],
  });

  const unchanged = await stage.deploy({ inputs: { 'task-definition': file } });
  expect([unchanged.status, unchanged.changes]).toEqual([0, []]);
});

it('that are nearly known ones are mistakes', async () => {
  stage.write('new.json', { ...newer, ipcMod: 'task' });
  const { status, log } = await stage.deploy({ inputs: { 'task-definition': join(stage.folder, 'new.json') } });
  expect([status, registered()]).toEqual([2, []]);
  expect(log).toContain('ipcMod: unknown field, did you mean ipcMode?');
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runInProcess } from '../support/in-process';
import { plainEnvironment } from '../support/process';
import { container, on, type Stage, type StageOptions, setStage, taskDefinition } from './deploy-stage';

/** A run of the action as GitHub starts it. */
async function onGitHub(
  { aws, folder }: Stage,
  inputs: Record<string, string> = {},
  change: Record<string, string> = {},
) {
  const { env } = await aws.listen();
  const job = mkdtempSync(join(tmpdir(), 'job-'));
  const summary = join(job, 'summary');
  const given = { service: 'EcsService', cluster: 'EcsCluster', 'task-definition': 'task.json', ...inputs };
  const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const ended = await runInProcess('ecs-bluegreen-deploy', {
    env: {
      ...plainEnvironment,
      ...env,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: folder,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: `${summary}-outputs`,
      RUNNER_TEMP: job,
      ...Object.fromEntries(variables),
      ...change,
    },
    cwd: folder,
    clock: aws.clock,
    handler: aws.handler,
  });
  const written = readFileSync(summary, 'utf8');
  rmSync(job, { recursive: true });
  return { ...ended, summary: written };
}

const controllers: readonly [string, StageOptions][] = [
  ['CODE_DEPLOY', {}],
  ['ECS', { ecs: { deployment: { strategy: 'CANARY', bakeTimeInMinutes: 1 } } }],
];

describe.each(controllers)('a deployment on GitHub under %s', (_, options) => {
  it(
    'is told with its console, plan and summary, and leaves the checkout clean',
    on(options, async (stage) => {
      const { status, output, summary } = await onGitHub(stage);
      expect(status).toBe(0);
      expect(output).toMatch(/^::group::Plan for service EcsService.*\n(?:(?!::)[^\n]*\n)+::endgroup::$/m);
      expect(output.match(/^Console: https:\/\/\S+$/gm)).toHaveLength(2);
      expect(summary).toMatch(/\*\*Service EcsService runs .*:2: deployment \S+ succeeded\.\*\*/);
      expect(summary).toMatch(/\| Task definition \| `\w+:1` → `\w+:2` \|/);
      expect(summary).toContain('| `public.ecr.aws/nginx/nginx:1.27` → `public.ecr.aws/nginx/nginx:1.28` |');
      expect(summary).toMatch(/\| Deployment \| \[[\w-]+\]\(https:\/\//);
      expect(summary).toContain('```mermaid\nxychart-beta');
      expect(summary).toMatch(/\| \d+ (?:s|min.*) \| tasks/);
      expect(readdirSync(stage.folder)).toEqual(['task.json']);
    }),
  );
});

it(
  'names the first cause of a failure in the annotation and the summary, with what explains it, escaped',
  on(
    { play: { crashTasks: { exitCode: 3, logLines: ['</pre><img src=x> @team', '::error::forged'] } } },
    async (stage) => {
      const { status, output, summary } = await onGitHub(stage, { 'wait-for-minutes': '3' });
      expect(status).not.toBe(0);
      const [annotation = ''] = output.match(/^::error::cannot deploy.*$/m) ?? [];
      expect(annotation).toMatch(/exit code 3|ended with 3|exited with 3|\b3\b/);
      expect(summary).toMatch(/^\*\*Failed:\*\* cannot deploy/m);
      expect(summary).toContain('&#60;/pre&#62;&#60;img src=x&#62; &#64;team');
      expect(summary).not.toMatch(/<img|@team/);
      expect(output).not.toMatch(/^\s*::error::forged/m);
    },
  ),
);

it('shows a place of a task definition as an annotation', async () => {
  const stage = await setStage({});
  try {
    stage.write(
      'task.json',
      JSON.stringify({ ...taskDefinition(), containerDefinitions: [container({ Image: 'x' })] }, null, 2),
    );
    const { status, output } = await onGitHub(stage);
    expect(status).toBe(2);
    expect(output).toMatch(/^::error file=task\.json,line=\d+,col=\d+::.*unknown field, did you mean image\?/m);
  } finally {
    await stage.clear();
  }
});

it(
  'changes nothing where the outputs would be lost',
  on({}, async (stage) => {
    const before = stage.aws.mutations().length;
    const { status, output, summary } = await onGitHub(stage, {}, { GITHUB_OUTPUT: stage.folder });
    expect([status, stage.aws.mutations().length]).toEqual([2, before]);
    expect(output).toMatch(/^::error::GITHUB_OUTPUT: cannot be written: EISDIR/m);
    expect(summary).toContain('**Failed:** GITHUB_OUTPUT: cannot be written');
  }),
);

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { splitWords } from '../../shared/shell-split';
import { SimulationClock } from '../local/aws/clock';
import { createEmbeddedAws } from '../local/aws/embedded';
import type { ActionName } from '../support/bundles';
import { blocksOf } from '../support/doc-blocks';
import { runInProcess } from '../support/in-process';
import { plainEnvironment } from '../support/process';
import { projectFiles, projectRoot } from '../support/project-files';
import { deployments, family, type Stage, servingRevision, setStage } from './deploy-stage';

const shellOf = (page: string) =>
  blocksOf(readFileSync(join(projectRoot, page), 'utf8'))
    .filter(({ language }) => language === 'sh')
    .map(({ text }) => text);

/** Pages whose commands other tests run, or that are run themselves by whoever runs this test. */
const elsewhere: Readonly<Record<string, string>> = {
  'README.md': 'test/e2e/start.test.ts runs npm start; npm ci has installed what runs this test',
  'CONTRIBUTING.md': '.ci/run runs each of them',
  'docs/getting-started.md': 'test/e2e/getting-started.test.ts',
  'docs/hosts.md': 'test/e2e/documents.test.ts',
};

/** The action and the arguments of a command line of a page. */
function commandOf(text: string): { readonly name: ActionName; readonly args: readonly string[] } {
  const split = splitWords(text.replace(/\\\n/g, ' '));
  const [node, bundle = '', ...args] = 'words' in split ? split.words : [];
  const [, name] = /^actions\/([\w-]+)\/dist\/index\.js$/.exec(bundle) ?? [];
  if (node !== 'node' || !name) throw new Error(`no command of an action: ${text}`);
  return { name: name as ActionName, args };
}

/** Runs a command as a shell would, with the region and the credentials in its environment. */
async function run(page: string, at: number, scene: Pick<Stage, 'aws' | 'folder'>, more = {}) {
  const { name, args } = commandOf(shellOf(page)[at]!);
  const { env } = await scene.aws.listen();
  return await runInProcess(name, {
    args,
    cwd: scene.folder,
    env: { ...plainEnvironment, ...env, TMPDIR: scene.folder, ...more },
    clock: scene.aws.clock,
    handler: scene.aws.handler,
  });
}

interface Command {
  readonly page: string;
  /** Which of the commands of the page. */
  readonly at: number;
  readonly status: number;
  readonly says: RegExp;
  readonly before?: (stage: Stage) => unknown;
  readonly after?: (stage: Stage) => void;
}

const changesNothing = ({ aws }: Stage) => expect(aws.mutations()).toEqual([]);

const onTheTutorial: readonly Command[] = [
  {
    page: 'actions/ecs-bluegreen-deploy/README.md',
    at: 0,
    status: 0,
    says: /^Plan for service EcsService/m,
    after: changesNothing,
  },
  {
    page: 'docs/guides/codedeploy-to-ecs.md',
    at: 0,
    status: 2,
    says: /^Error: .*alternateTargetGroupArn/m,
    after: changesNothing,
  },
  {
    page: 'docs/guides/roll-back.md',
    at: 0,
    status: 0,
    says: /^Rolled back deployment /m,
    before: (stage) => stage.deploy({ inputs: { 'wait-until': 'none' } }),
    after: (stage) => {
      expect(deployments(stage)).toEqual(['user Stopped', 'codeDeployRollback Succeeded']);
      expect(servingRevision(stage)).toBe(`${family}:1`);
    },
  },
  {
    page: 'docs/guides/roll-back.md',
    at: 1,
    status: 0,
    says: /runs CdkEcsInfraStackTaskDef:1: deployment .* succeeded/,
    before: (stage) => stage.deploy(),
    after: (stage) => expect(servingRevision(stage)).toBe(`${family}:1`),
  },
];

describe('a command of the documents does what its page says', () => {
  it.each(onTheTutorial)('$page, command $at', async ({ page, at, status, says, before, after }) => {
    const stage = await setStage();
    try {
      await before?.(stage);
      const ended = await run(page, at, stage);
      expect(ended).toMatchObject({ status, output: expect.stringMatching(says) });
      after?.(stage);
    } finally {
      await stage.clear();
    }
  });

  it('actions/build-and-push/README.md: the image is pushed under its tag', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'documented-'));
    const aws = createEmbeddedAws();
    aws.ecr.createRepository('team/app');
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    // The engines of the machine have tests of their own.
    const builtin = { INPUT_BUILDER: 'builtin' };
    const { status, output } = await run('actions/build-and-push/README.md', 0, { aws, folder }, builtin);
    await aws.close();
    rmSync(folder, { recursive: true });
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringMatching(/\/team\/app:v1\.2\.0$/m) });
    expect(output).toMatch(/^IMAGE=.*\/team\/app@sha256:[0-9a-f]{64}$/m);
  });

  it('actions/render-task-definition/README.md: the outputs are one JSON object', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'documented-'));
    const { name, args } = commandOf(shellOf('actions/render-task-definition/README.md')[0]!);
    writeFileSync(
      join(folder, 'task.json'),
      JSON.stringify({ family: 'web', memory: '512', containerDefinitions: [{ name: 'web', image: 'web:1.0' }] }),
    );
    const clock = new SimulationClock();
    const { status, stdout } = await runInProcess(name, { args, cwd: folder, env: { TMPDIR: folder }, clock });
    const outputs = JSON.parse(stdout) as Record<string, string>;
    const rendered = JSON.parse(readFileSync(outputs['task-definition-path']!, 'utf8'));
    rmSync(folder, { recursive: true });
    expect([status, outputs['family'], rendered.containerDefinitions[0].image]).toEqual([0, 'web', 'web:1.1']);
  });
});

it('no command of a document is without a test that runs it', () => {
  const here = onTheTutorial.map(({ page }) => page);
  const inReadmes = ['actions/build-and-push/README.md', 'actions/render-task-definition/README.md'];
  const counts = projectFiles()
    .filter((path) => path.endsWith('.md') && !(path in elsewhere))
    .map((page) => [page, shellOf(page).length] as const)
    .filter(([, count]) => count > 0);
  const tested = [...new Set([...inReadmes, ...here])].map(
    (page) => [page, Math.max(1, here.filter((one) => one === page).length)] as const,
  );
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(tested));
});

import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { documentedWorkflows, frameActions, frameSettings, frameSteps } from '../support/doc-workflows';
import { githubFindings } from '../support/github-lint';
import { matrixOf, runGitHubWorkflow, type Strategy } from '../support/github-workflow';
import { names, openWorkflowScene, type WorkflowScene, workflowFile } from '../support/workflow-scene';

let scene: WorkflowScene;
beforeEach(async () => {
  scene = await openWorkflowScene();
});
afterEach(() => scene.close());

const documented = documentedWorkflows();
const of = (...kinds: readonly string[]) =>
  documented.filter(({ kind }) => kinds.includes(kind)).map((one) => [one.place, one] as const);

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

/** The inputs of the steps of an action, for each value of the matrix. */
const stepsOf = (text: string, action: string) =>
  Object.values((parse(text) as { jobs: Record<string, Strategy & { readonly steps: readonly Step[] }> }).jobs).flatMap(
    (job) =>
      matrixOf(job).flatMap((row) =>
        job.steps
          .filter(({ uses = '' }) => uses.includes(`/${action}@`))
          .map(({ with: given = {} }) =>
            Object.fromEntries(
              Object.entries(given).map(([key, value]) => [
                key,
                String(value).replace(/\$\{\{ matrix\.(\w+) \}\}/g, (_, name: string) => String(row[name])),
              ]),
            ),
          ),
      ),
  );

/** The task definition of docs/templates, as a team has it in its repository: the workflow fills in the image. */
const template = JSON.parse(workflowFile('docs/templates/task.json')) as {
  readonly containerDefinitions: readonly object[];
};
const executionRoleArn = 'arn:aws:iam::123456789012:role/AppRole';

/** What the workflow needs to be there: repositories, services, alarms, files, and npm. */
async function furnish(text: string, page: string): Promise<void> {
  rmSync(join(scene.folder, 'appspec.yaml'));
  for (const { repository } of stepsOf(text, 'build-and-push')) {
    if (repository !== names.repository) scene.aws.ecr.createRepository(repository!);
  }
  const services = new Map(
    stepsOf(text, 'ecs-bluegreen-deploy').map((step) => [`${step['cluster']} ${step['service']}`, step]),
  );
  for (const { cluster = 'default', service = '', 'rollback-on': alarms = '' } of services.values()) {
    const named = [...alarms.matchAll(/alarm:([\w-]+)/g)].map(([, name]) => name!);
    const waits = /test-traffic/.test(text) ? { readyWait: 60 } : {};
    const group = `${cluster}-${service}`;
    await scene.aws.compute.seedTutorial({
      cluster,
      service,
      application: group,
      group,
      container: 'web',
      terminationWait: 1,
      alarms: named,
      ...waits,
    });
  }
  for (const { 'task-definition': file = '' } of stepsOf(text, 'render-task-definition')) {
    mkdirSync(join(scene.folder, file, '..'), { recursive: true });
    // The guide from nothing names its role in the workflow.
    scene.write(
      file,
      JSON.stringify(
        page.includes('getting-started')
          ? template
          : { executionRoleArn, ...template, containerDefinitions: containers(text) },
      ),
    );
  }
  const npm = join(scene.path, 'npm');
  writeFileSync(npm, '#!/bin/sh\necho "npm $*"\n');
  chmodSync(npm, 0o755);
}

/** The container of the template, and others that the workflow gives images. */
const containers = (text: string) => [
  ...template.containerDefinitions,
  ...[...text.matchAll(/^ +(?!web=)(\w+)=\S*(?:amazonaws|public\.ecr)\S*$/gm)].map(([, name]) => ({ name, image: '' })),
];

/** Whether it has actions of others in it, which only GitHub's runner can run. */
const needsOthers = (text: string) =>
  [...text.matchAll(/uses: (\S+)@/g)].some(
    ([, name]) => !/^(?:acme\/|actions\/checkout$|aws-actions\/configure-)/.test(name!),
  );

describe.each(of('github', 'github-steps'))('the workflow of %s', (_, { kind, text: written, place }) => {
  const text = kind === 'github' ? written : frameSteps(written);

  it('has inputs and outputs that the actions have', () => {
    expect(githubFindings(text)).toEqual([]);
  });

  if (needsOthers(text)) return;

  it('deploys', async () => {
    await furnish(text, place);
    const ends = await runGitHubWorkflow(text, scene);
    const failed = Object.values(ends).filter(({ result }) => result !== 'success');
    expect(failed.map(({ log }) => log)).toEqual([]);
    const services = new Set(
      stepsOf(text, 'ecs-bluegreen-deploy').map((step) => `${step['cluster']} ${step['service']}`),
    );
    const deployments = scene.aws.compute.state.deployments.map(({ status }) => status);
    expect(deployments).toEqual([...services].map(() => 'Succeeded'));
  });
});

it.each(of('codecatalyst-actions', 'codecatalyst-settings'))(
  '%s deploys in the workflow of the tutorial',
  async (_, { kind, text }) => {
    await scene.aws.compute.seedTutorial({ application: names.application, group: names.group, terminationWait: 1 });
    const repository = /^ +repository: (\S+)$/m.exec(text)?.[1];
    if (repository && repository !== names.repository) scene.aws.ecr.createRepository(repository);
    const result = await scene.run(kind === 'codecatalyst-actions' ? frameActions(text) : frameSettings(text));
    expect({ status: result.status, log: result.log }).toMatchObject({ status: 0 });
    expect(scene.aws.compute.state.deployments.map(({ status }) => status)).toEqual(['Succeeded']);
  },
);

it('leaves what needs actions of others to test/machine/act-ship.test.ts', () => {
  const left = of('github', 'github-steps').filter(([, { text }]) => needsOthers(text));
  expect(left.map(([place]) => place.split(':')[0])).toEqual(['actions/build-and-push/README.md']);
});

it('leaves the scripts of other hosts to test/e2e/documents.test.ts', () => {
  expect(new Set(of('script').map(([place]) => place.split(':')[0]))).toEqual(new Set(['docs/hosts.md']));
});

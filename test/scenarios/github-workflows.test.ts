import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate } from '../local/migrate/migrate';
import { blocksOf } from '../support/doc-blocks';
import { githubFindings } from '../support/github-lint';
import { runGitHubWorkflow } from '../support/github-workflow';
import { projectFiles } from '../support/project-files';
import { names, openWorkflowScene, project, type WorkflowScene, workflowFile } from '../support/workflow-scene';

let scene: WorkflowScene;
beforeEach(async () => {
  scene = await openWorkflowScene();
});
afterEach(() => scene.close());

const tutorial = { application: names.application, group: names.group, terminationWait: 1 } as const;
const workflow = (name: string) => workflowFile(`docs/workflows/${name}.yml`);
const deployments = () => scene.aws.compute.state.deployments.map(({ creator, status }) => `${creator} ${status}`);
const results = (ends: Awaited<ReturnType<typeof runGitHubWorkflow>>) =>
  Object.entries(ends).map(([name, { result }]) => `${name} ${result}`);

const pause = {
  targetType: 'PAUSE' as const,
  lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const],
  timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' as const },
};
const services = {
  CodeDeploy: async () => void (await scene.aws.compute.seedTutorial({ ...tutorial, readyWait: 30 })),
  ECS: async () =>
    void (await scene.aws.compute.seedEcsService({
      deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1, lifecycleHooks: [pause] },
    })),
};

it('deploy.yml deploys', async () => {
  await scene.aws.compute.seedTutorial(tutorial);
  const ends = await runGitHubWorkflow(workflow('deploy'), scene);
  expect([results(ends), deployments()]).toEqual([['deploy success'], ['user Succeeded']]);
});

describe.each(Object.entries(services))('gate.yml under %s', (_, seed) => {
  it.each([
    ['continues', 'exit 0', ['deploy success', 'test success', 'finish success'], 'SUCCEEDED'],
    ['rolls back', 'exit 1', ['deploy success', 'test failure', 'finish success'], 'ROLLED_BACK'],
  ])('%s where the tests say %s', async (_way, tests, expected, status) => {
    await seed();
    scene.write('smoke-test.sh', `echo "testing $1"; ${tests}\n`);
    const ends = await runGitHubWorkflow(workflow('gate'), scene);
    expect(results(ends)).toEqual(expected);
    expect(Object.values(ends['finish']!.steps).at(-1)).toMatchObject({ 'deployment-status': status });
  });
});

it('the starter workflow deploys once it is migrated', async () => {
  await scene.aws.compute.seedTutorial(tutorial);
  const text = workflowFile('test/unit/workflow/migrate/github/starter.yml')
    .replace('MY_AWS_REGION', 'us-west-2')
    .replace('MY_ECR_REPOSITORY', names.repository)
    .replace('MY_ECS_SERVICE', 'EcsService')
    .replace('MY_ECS_CLUSTER', 'EcsCluster')
    .replace('container-name: web', 'container-name: MyContainer')
    .replace('[ $default-branch ]', '[main]');
  const ends = await runGitHubWorkflow(migrate(text, { name: 'w.yml', space: 'acme' }).text, scene);
  expect([results(ends), deployments()]).toEqual([['deploy success'], ['user Succeeded']]);
});

it.each(readdirSync(join(project, 'docs/workflows')))('%s has inputs and outputs that the actions have', (name) => {
  expect(githubFindings(workflowFile(`docs/workflows/${name}`))).toEqual([]);
  expect(['deploy.yml', 'gate.yml']).toContain(name);
});

/** Whole workflows of GitHub in the documents, with what stands for names filled in. */
const inDocuments = projectFiles()
  // The guides show parts that need inputs, a matrix or services of their own.
  .filter((path) => /^docs\/(?:getting-started|hosts)\.md$/.test(path))
  .flatMap((page) => blocksOf(workflowFile(page)).map((block) => ({ ...block, page })))
  .filter(({ language, text }) => /^ya?ml$/.test(language) && /^jobs:/m.test(text))
  .map(({ page, line, text }) => [`${page}:${line}`, text.replace(/<owner>|OWNER/g, 'acme')] as const);

it.each(inDocuments)('the workflow of %s deploys', async (_, text) => {
  const named = (key: string) => new RegExp(`^ +${key}: ([\\w-]+)$`, 'm').exec(text)?.[1] ?? '';
  const [cluster, service, repository] = [named('cluster'), named('service'), named('repository')];
  scene.aws.ecr.createRepository(repository);
  await scene.aws.compute.seedTutorial({ cluster, service, terminationWait: 1 });
  const ends = await runGitHubWorkflow(text.replace(/container-name: .*/, 'container-name: MyContainer'), scene);
  expect([results(ends), deployments()]).toEqual([['deploy success'], ['user Succeeded']]);
});

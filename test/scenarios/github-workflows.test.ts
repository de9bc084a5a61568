import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate } from '../local/migrate/migrate';
import { githubFindings } from '../support/github-lint';
import { runGitHubWorkflow } from '../support/github-workflow';
import { names, openWorkflowScene, project, type WorkflowScene, workflowFile } from '../support/workflow-scene';
import { taskDefinition } from './deploy-stage';

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

const image = (ends: Awaited<ReturnType<typeof runGitHubWorkflow>>) => ends['build']!.outputs['image'];
const deployedImages = () =>
  scene.aws.compute.state.deployments.map(({ green }) =>
    green?.definition.containerDefinitions?.map(({ image: of }) => of),
  );

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

describe.each(Object.entries(services))('roll-back.yml under %s', (_, seed) => {
  it('rolls back the deployment that waits', async () => {
    await seed();
    scene.write('smoke-test.sh', 'exit 0\n');
    const stopped = workflow('gate').replace(/^ {2}test:\n.*/ms, '');
    await runGitHubWorkflow(stopped, scene);
    const ends = await runGitHubWorkflow(workflow('roll-back'), scene);
    expect(results(ends)).toEqual(['roll-back success']);
    expect(Object.values(ends['roll-back']!.steps).at(-1)).toMatchObject({ 'deployment-status': 'ROLLED_BACK' });
  });
});

it('several-services.yml deploys one digest to each of them', async () => {
  for (const service of ['shop-web', 'shop-worker']) {
    await scene.aws.compute.seedTutorial({ cluster: 'shop', service, group: service, terminationWait: 1 });
    scene.write(`deploy/${service}.json`, JSON.stringify({ ...taskDefinition(), family: service }));
  }
  const ends = await runGitHubWorkflow(workflow('several-services'), scene);
  expect([results(ends), deployments()]).toEqual([
    ['build success', 'deploy success'],
    ['user Succeeded', 'user Succeeded'],
  ]);
  expect(deployedImages()).toEqual([[image(ends)], [image(ends)]]);
});

it('two-environments.yml deploys the digest of staging to production, with the settings of each', async () => {
  for (const cluster of ['Staging', 'Production']) {
    await scene.aws.compute.seedTutorial({ cluster, group: cluster, application: cluster, terminationWait: 1 });
  }
  const ends = await runGitHubWorkflow(workflow('two-environments'), scene);
  expect(results(ends)).toEqual(['build success', 'staging success', 'production success']);
  expect(deployedImages()).toEqual([[image(ends)], [image(ends)]]);
  const stages = scene.aws.compute.state.deployments.map(
    ({ green }) => green?.definition.containerDefinitions?.[0]?.environment,
  );
  expect(stages).toEqual([[{ name: 'STAGE', value: 'staging' }], [{ name: 'STAGE', value: 'production' }]]);
});

it('two-environments.yml leaves production alone where staging fails', async () => {
  await scene.aws.compute.seedTutorial({ cluster: 'Production', terminationWait: 1 });
  const ends = await runGitHubWorkflow(workflow('two-environments'), scene);
  expect([results(ends), deployments()]).toEqual([['build success', 'staging failure', 'production skipped'], []]);
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
  expect(['deploy.yml', 'gate.yml', 'roll-back.yml', 'several-services.yml', 'two-environments.yml']).toContain(name);
});

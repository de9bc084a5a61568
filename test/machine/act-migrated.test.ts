import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ActScene, hasAct, openActScene, withoutAct } from '../support/act';
import { fargateTask, webContainer } from '../support/fargate-task';
import { projectRoot } from '../support/project-files';

/** Workflows as `npm run migrate` leaves them (test/unit/workflow/migrate), run by act. */
const migrated = (name: string) =>
  readFileSync(join(projectRoot, 'test/unit/workflow/migrate/expected/github', `${name}.yml`), 'utf8');

const ecr = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const dockerfile = 'FROM scratch\nCOPY server.mjs /\n';
const files = {
  Dockerfile: dockerfile,
  'docker/Dockerfile': dockerfile,
  'deploy/Dockerfile': dockerfile,
  'server.mjs': 'console.log("hello");\n',
  'task.json': JSON.stringify(fargateTask('web')),
};
const buildx = { FAKE_DOCKER_BUILDX: '0.24.0', FAKE_DOCKER_DRIVER: 'docker-container' };

let scene: ActScene;
const open = async () => {
  scene = await openActScene(files);
  for (const repository of ['web', 'team/web', 'team/shop']) scene.aws.ecr.createRepository(repository);
};
const tagsOf = (repository: string) => [...scene.aws.ecr.repository(repository).tags.keys()];
const run = (text: string, options: Parameters<ActScene['run']>[1] = {}) =>
  scene.run(text.replaceAll(ecr, scene.endpoint.registryHost).replaceAll('us-east-1', 'us-west-2'), options);

describe('a workflow that was migrated', () => {
  if (!hasAct) {
    it.todo(withoutAct);
    return;
  }
  beforeEach(open);
  afterEach(() => scene.close());

  it.each([
    ['build-push-action', 'web', ['latest']],
    ['metadata', 'team/web', ['main']],
    ['test-before-push', 'team/shop', ['main']],
    ['job-outputs', 'web', []],
  ])('%s builds and pushes', async (name, repository, tags) => {
    const { status, output } = await run(migrated(name), { env: buildx, realTime: true });
    expect([status, output.match(/::error.*/g)]).toEqual([0, null]);
    expect(tagsOf(repository)).toEqual(expect.arrayContaining(tags));
    expect(output).not.toMatch(/is ignored: /);
  });

  it('test-before-push loads before it pushes', async () => {
    await run(migrated('test-before-push'), { env: buildx, realTime: true });
    const loads = scene
      .notes()
      .map((words) => [words.includes('--load'), words.includes('--push'), words[0] === 'run']);
    expect(loads.filter((one) => one.includes(true))).toEqual([
      [true, false, false],
      [false, false, true],
      [false, true, false],
    ]);
  });

  it('build-check builds, and pushes and deploys nothing', async () => {
    const { status, output } = await run(migrated('build-check'), {
      event: 'pull_request',
      env: buildx,
      realTime: true,
    });
    expect([status, output.match(/::error.*/g)]).toEqual([0, null]);
    const builds = scene.notes().filter((words) => words.includes('--file'));
    expect(builds.map((words) => [words.includes('--load'), words.includes('--push')])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(scene.aws.mutations()).toEqual([]);
  });

  it('register-only registers', async () => {
    const { status } = await run(migrated('register-only'), { event: 'workflow_dispatch' });
    expect(status).toBe(0);
    expect(scene.aws.mutations().map(({ operation }) => operation)).toEqual(['RegisterTaskDefinition']);
  });

  it('starter ships', async () => {
    await scene.aws.compute.seedTutorial({ application: 'app', group: 'group', terminationWait: 1 });
    const text = migrated('starter')
      .replace('MY_AWS_REGION', 'us-west-2')
      .replace('MY_ECR_REPOSITORY', 'web')
      .replace('MY_ECS_SERVICE', 'EcsService')
      .replace('MY_ECS_CLUSTER', 'EcsCluster')
      .replace('container-name: web', 'container-name: MyContainer')
      .replace('[ $default-branch ]', '[main, master]');
    scene.write({
      'task.json': JSON.stringify(fargateTask('web', [webContainer('MyContainer')])),
    });
    const { status } = await run(text);
    expect([status, scene.aws.compute.state.deployments.map((one) => one.status)]).toEqual([0, ['Succeeded']]);
  });
});

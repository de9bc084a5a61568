import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ActScene, hasAct, openActScene, withoutAct } from '../support/act';
import { fargateTask, webContainer } from '../support/fargate-task';

let scene: ActScene;
const open = async () => {
  scene = await openActScene({
    Dockerfile: 'FROM scratch\nCOPY server.mjs /\n',
    'server.mjs': 'console.log("hello");\n',
    'task.json': JSON.stringify(fargateTask('shop', [webContainer('MyContainer')])),
  });
  scene.aws.ecr.createRepository('team/shop');
  await scene.aws.compute.seedTutorial({ application: 'shop-app', group: 'shop-group', terminationWait: 1 });
};

/** The workflows of the READMEs of docker's and aws-actions' actions, with other `uses:` lines for three steps. */
const ship = `on: push
jobs:
  ship:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: aws-actions/configure-aws-credentials@v5
        with:
          aws-region: us-west-2
      - id: login-ecr
        uses: aws-actions/amazon-ecr-login@v2
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: \${{ steps.login-ecr.outputs.registry }}/team/shop
      - id: build
        uses: acme/build-and-push@v1
        with:
          context: .
          push: true
          tags: \${{ steps.meta.outputs.tags }}
          labels: \${{ steps.meta.outputs.labels }}
          builder: builtin
      - id: render
        uses: acme/render-task-definition@v1
        with:
          task-definition: task.json
          container-name: MyContainer
          image: \${{ steps.login-ecr.outputs.registry }}/team/shop@\${{ steps.build.outputs.digest }}
      - id: deploy
        uses: acme/ecs-bluegreen-deploy@v1
        with:
          task-definition: \${{ steps.render.outputs.task-definition }}
          service: EcsService
          cluster: EcsCluster
          wait-for-service-stability: true
      - run: test -n "\${{ steps.deploy.outputs.task-definition-arn }}" && test -z "$(git status --porcelain)"
`;

/** The workflow of the README of docker/build-push-action with other `uses:` lines. */
const dockers = `on: push
env:
  DOCKER_METADATA_PR_HEAD_SHA: true
jobs:
  docker:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: docker/login-action@v3
      - uses: docker/setup-qemu-action@v3
      - uses: docker/setup-buildx-action@v3
        id: buildx
      - uses: aws-actions/amazon-ecr-login@v2
        id: ecr
      - uses: docker/metadata-action@v5
        id: meta
        with:
          images: \${{ steps.ecr.outputs.registry }}/team/shop
      - id: push
        uses: acme/build-and-push@v1
        with:
          builder: \${{ steps.buildx.outputs.name }}
          context: .
          file: ./Dockerfile
          platforms: linux/amd64,linux/arm64
          push: \${{ github.event_name != 'pull_request' }}
          tags: \${{ steps.meta.outputs.tags }}
          labels: \${{ steps.meta.outputs.labels }}
          cache-from: type=gha
          cache-to: type=gha,mode=max
          secrets: |
            "token=hunter2-hunter2"
      - run: echo "pushed \${{ fromJSON(steps.push.outputs.metadata)['containerimage.digest'] }}"
`;
const buildx = { FAKE_DOCKER_BUILDX: '0.24.0', FAKE_DOCKER_DRIVER: 'docker-container' };

const deployments = () => scene.aws.compute.state.deployments.map(({ status }) => status);

describe('act', () => {
  if (!hasAct) {
    it.todo(withoutAct);
    return;
  }
  beforeEach(open);
  afterEach(() => scene.close());

  it('builds, renders and deploys in one workflow, and leaves the checkout clean', async () => {
    const { status, output } = await scene.run(ship);
    expect(output).toMatch(/Service EcsService runs shop:1: deployment d-\w+ succeeded/);
    expect([status, deployments()]).toEqual([0, ['Succeeded']]);
    const digest = scene.aws.ecr.repository('team/shop').tags.get('main');
    expect(output).toContain(`set-output:: digest=${digest}`);
  });

  it('fails the job where the deployment fails, with its root cause, and runs what is there for that', async () => {
    scene.aws.compute.play({ crashTasks: { exitCode: 137, reason: 'OutOfMemoryError' } });
    const rest = `      - run: echo never
      - if: failure()
        run: echo "told after \${{ steps.deploy.outputs.deployment-status }}"
`;
    const { status, output } = await scene.run(`${ship}${rest}`);
    expect([status, deployments()]).toEqual([1, ['Failed', 'Succeeded']]);
    expect(output).toMatch(/::error.*OutOfMemoryError/);
    expect(output).toMatch(/\| told after (?:FAILED|ROLLED_BACK)/);
    expect(output).not.toContain('| never');
  });

  // act ends a step with SIGKILL; that GitHub's signals stop the deployment is shown with processes alone.
  it('picks up the deployment of a job that was cancelled', async () => {
    const cancel = (said: string) => (said.includes('Watching d-') ? 'SIGINT' : undefined);
    const cancelled = await scene.run(ship, { onOutput: cancel });
    expect([cancelled.status, cancelled.output]).toEqual([1, expect.stringContaining('this step has been cancelled')]);
    const { status, output } = await scene.run(ship);
    expect(output).toMatch(/Service EcsService runs shop:1/);
    expect([status, deployments()]).toEqual([0, ['Succeeded']]);
  });

  it('runs the steps of a composite action, in a matrix', async () => {
    const steps = ship.slice(ship.indexOf('      - id: build'), ship.indexOf('      - run:'));
    const composite = steps.replace(/steps\.(?:login-ecr|meta)\.outputs\.(\w+)/g, 'inputs.$1').replace(/^ {2}/gm, '');
    scene.write({
      'deploy/action.yml': `name: Deploy
description: All three
inputs:
  registry: { required: true }
  tags: { required: true }
  labels: { required: false }
runs:
  using: composite
  steps:
${composite}`,
    });
    const uses = `      - uses: ./deploy
        with:
          registry: \${{ steps.login-ecr.outputs.registry }}
          tags: |
            \${{ steps.meta.outputs.tags }}
            \${{ steps.login-ecr.outputs.registry }}/team/shop:\${{ matrix.stage }}
`;
    const workflow = ship
      .replace(steps, uses)
      .replace(/ {6}- run: .*\n$/, '')
      .replace('    steps:', '    strategy: { max-parallel: 1, matrix: { stage: [test, prod] } }\n    steps:');
    const { status, output } = await scene.run(workflow, { also: ship });
    expect([status, output.match(/Job succeeded/g)]).toEqual([0, ['Job succeeded', 'Job succeeded']]);
    const { tags } = scene.aws.ecr.repository('team/shop');
    expect([...tags.keys()].sort()).toEqual(['main', 'prod', 'test']);
    expect(tags.get('prod')).toBe(tags.get('test'));
    expect(deployments()).toEqual(['Succeeded']);
  });

  it('runs the workflow of docker with its caches, secrets and platforms by buildx', async () => {
    const { status, output } = await scene.run(dockers, { env: buildx, realTime: true });
    expect([status, output.match(/::error.*/g)]).toEqual([0, null]);
    const words = scene.notes().filter((call) => call.includes('--file'));
    expect(words[0]).toEqual(expect.arrayContaining(['type=gha', 'type=gha,mode=max', 'linux/amd64,linux/arm64']));
    expect(words[0]).toContain('id=token,env=BUILD_SECRET_0');
    expect(words[1]).toContain('--push');
    expect(JSON.stringify(words)).not.toContain('hunter2');
    expect(output).toContain(`| pushed ${scene.aws.ecr.repository('team/shop').tags.get('main')}`);
  });
});

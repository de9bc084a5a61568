// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { fargateTask } from '../support/fargate-task';
import { runGitHubWorkflow } from '../support/github-workflow';
import { openWorkflowScene, type WorkflowScene } from '../support/workflow-scene';

/**
 * What the READMEs of amazon-ecs-render-task-definition and amazon-ecs-deploy-task-definition show, one example each, with
 * the `uses:` lines alone changed. Those of docker/build-push-action are in build-github.test.ts and test/machine/act-ship.test.ts.
 */
let scene: WorkflowScene;
beforeEach(async () => {
  scene = await openWorkflowScene();
  rmSync(join(scene.folder, 'appspec.yaml'));
  const containers = ['web', 'app'].map((name) => ({
    name,
    image: `${name}:1`,
    essential: name === 'web',
    ...(name === 'web' && { portMappings: [{ containerPort: 80 }] }),
  }));
  scene.write('task-definition.json', JSON.stringify(fargateTask('shop', containers)));
});
afterEach(() => scene.close());

const ebsRole = 'arn:aws:iam::123456789012:role/ebs-role';
const shop = { cluster: 'my-cluster', service: 'my-service', container: 'web' };
const codedeploy = { application: 'my-application', group: 'my-group', terminationWait: 1 };

type Inputs = Readonly<Record<string, string | boolean | number>>;
interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Inputs;
}

const render = (id: string, given: Inputs): Step => ({ id, uses: 'acme/render-task-definition@v1', with: given });
const deploy = (given: Inputs = {}): Step => ({
  uses: 'acme/ecs-bluegreen-deploy@v1',
  with: { 'task-definition': 'task-definition.json', service: 'my-service', cluster: 'my-cluster', ...given },
});
const stable = { 'wait-for-service-stability': true };

async function run(steps: readonly Step[]) {
  const job = { 'runs-on': 'ubuntu-latest', steps: [{ uses: 'actions/checkout@v5' }, ...steps] };
  const { ship } = await runGitHubWorkflow(stringify({ on: 'push', jobs: { ship: job } }), scene);
  return ship!;
}

/** What runs in the service, and how it is set. */
function serviceNow() {
  const [service] = [...scene.aws.compute.state.services.values()];
  const { definition } = service!.fleets.find(({ status }) => status === 'PRIMARY')!;
  return { service, containers: definition.containerDefinitions!, family: definition.family };
}

describe.each([
  ['rolling', () => scene.aws.compute.seedEcsService(shop)],
  ['CodeDeploy', () => scene.aws.compute.seedTutorial({ ...shop, ...codedeploy })],
])('deploying to a service under %s', (controller, seed) => {
  it.each<[string, Inputs]>([
    ['and waiting', stable],
    ['looking seldom', { ...stable, 'wait-max-delay-seconds': 15 }],
    ['with tags of ECS', { ...stable, 'enable-ecs-managed-tags': true }],
    ['with tags of the service', { ...stable, 'propagate-tags': 'SERVICE' }],
  ])('%s', async (_, given) => {
    await seed();
    const { result, steps, log } = await run([deploy(given)]);
    expect(result === 'success' ? '' : log).toBe('');
    expect(Object.values(steps).at(-1)).toMatchObject({ 'deployment-status': 'SUCCEEDED' });
    expect(serviceNow().family).toBe('shop');
    if (controller === 'CodeDeploy') return;
    expect(serviceNow().service).toMatchObject({
      ...(given['enable-ecs-managed-tags'] === true && { managedTags: true }),
      ...(given['propagate-tags'] !== undefined && { propagateTags: given['propagate-tags'] }),
    });
  });

  it('after a task that ends well', async () => {
    await seed();
    const task = { 'run-task': true, 'run-task-tags': '[{"key": "project", "value": "shop"}]' };
    const { result, log } = await run([deploy({ ...stable, ...task, 'wait-for-task-stopped': true })]);
    expect(result === 'success' ? '' : log).toBe('');
    const changes = scene.aws.mutations().map(({ operation }) => operation);
    const change = controller === 'CodeDeploy' ? 'CreateDeployment' : 'UpdateService';
    expect(changes.filter((name) => name === 'RunTask' || name === change)).toEqual(['RunTask', change]);
  });
});

it('deploys with an AppSpec, an application and a deployment group', async () => {
  await scene.aws.compute.seedTutorial({ ...shop, ...codedeploy });
  const balancer = { ContainerName: 'web', ContainerPort: 80 };
  const properties = { TaskDefinition: '<TASK_DEFINITION>', LoadBalancerInfo: balancer };
  const resources = [{ TargetService: { Type: 'AWS::ECS::Service', Properties: properties } }];
  scene.write('appspec.json', JSON.stringify({ version: 1, Resources: resources }));
  const names = { 'codedeploy-application': 'my-application', 'codedeploy-deployment-group': 'my-group' };
  const { result, steps } = await run([deploy({ ...stable, 'codedeploy-appspec': 'appspec.json', ...names })]);
  expect(result).toBe('success');
  expect(Object.values(steps).at(-1)?.['codedeploy-deployment-id']).toMatch(/^d-/);
});

it('deploys with a volume of EBS', async () => {
  await scene.aws.compute.seedEcsService(shop);
  const volume = { sizeInGiB: 30, volumeType: 'gp3', encrypted: true, roleArn: ebsRole };
  const settings = {
    'service-managed-ebs-volume-name': 'ebs1',
    'service-managed-ebs-volume': JSON.stringify(volume),
  };
  const { result } = await run([deploy({ ...stable, ...settings })]);
  expect(result).toBe('success');
  expect(serviceNow().service).toMatchObject({ volumes: [{ name: 'ebs1', managedEBSVolume: volume }] });
});

it('runs a task without a service once that is said, and names the way until then', async () => {
  await scene.aws.compute.seedEcsService(shop);
  const volume = JSON.stringify({ filesystemType: 'xfs', roleArn: ebsRole, encrypted: false, sizeInGiB: 30 });
  const alone = {
    'task-definition': 'task-definition.json',
    cluster: 'my-cluster',
    'run-task': true,
    'run-task-launch-type': 'EC2',
    'run-task-managed-ebs-volume-name': 'ebs1',
    'run-task-managed-ebs-volume': volume,
  };
  const step = (more: Inputs) => ({ uses: 'acme/ecs-bluegreen-deploy@v1', with: { ...alone, ...more } });
  const refused = await run([step({})]);
  expect([refused.result, refused.log]).toEqual([
    'failure',
    expect.stringMatching(/service: is required but not set; set it, or register-only: true/),
  ]);
  expect(scene.aws.mutations()).toEqual([]);
  const { result, log } = await run([step({ 'register-only': true, 'run-task-subnets': 'subnet-1' })]);
  expect(result === 'success' ? '' : log).toBe('');
  const changes = scene.aws.mutations().map(({ operation }) => operation);
  expect(changes).toEqual(['RegisterTaskDefinition', 'RunTask']);
});

it('renders from a file, whatever other sources are named, and deploys', async () => {
  await scene.aws.compute.seedEcsService(shop);
  const { result, log } = await run([
    render('web', {
      'task-definition': 'task-definition.json',
      'task-definition-arn': 'task-definition-arn',
      'task-definition-family': 'family-name',
      'task-definition-revision': '12',
      'container-name': 'web',
      image: 'amazon/amazon-ecs-sample:latest',
      'environment-variables': 'LOG_LEVEL=info',
      secrets: 'SECRET_KEY=arn:aws:ssm:us-west-2:123456789012:parameter/secret',
    }),
    deploy({ 'task-definition': '${{ steps.web.outputs.task-definition }}' }),
  ]);
  expect(result === 'success' ? '' : log).toBe('');
  const [web] = serviceNow().containers;
  expect(web).toMatchObject({
    image: 'amazon/amazon-ecs-sample:latest',
    environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    secrets: [{ name: 'SECRET_KEY' }],
  });
});

it('renders two containers one after the other, with lists and a log driver, and deploys', async () => {
  await scene.aws.compute.seedEcsService(shop);
  const { result, log } = await run([
    render('web', {
      'task-definition': 'task-definition.json',
      'container-name': 'web',
      image: 'amazon/amazon-ecs-sample-1:latest',
      'environment-variables': 'LOG_LEVEL=info\nENVIRONMENT=prod\n',
      'docker-labels': 'SERVICE=service\nVERSION=version\n',
      secrets:
        'FIRST=arn:aws:ssm:us-west-2:123456789012:parameter/secret\nSECOND=arn:aws:secretsmanager:us-west-2:123456789012:secret:secretName\n',
    }),
    render('app', {
      'task-definition': '${{ steps.web.outputs.task-definition }}',
      'container-name': 'app',
      image: 'amazon/amazon-ecs-sample-2:latest',
      'log-configuration-log-driver': 'awslogs',
      'log-configuration-options':
        'awslogs-create-group=true\nawslogs-group=/ecs/web\nawslogs-region=us-west-2\nawslogs-stream-prefix=ecs\n',
    }),
    deploy({ 'task-definition': '${{ steps.app.outputs.task-definition }}' }),
  ]);
  expect(result === 'success' ? '' : log).toBe('');
  expect(serviceNow().containers).toMatchObject([
    {
      image: 'amazon/amazon-ecs-sample-1:latest',
      environment: [{ name: 'LOG_LEVEL' }, { name: 'ENVIRONMENT' }],
      dockerLabels: { SERVICE: 'service', VERSION: 'version' },
      secrets: [{ name: 'FIRST' }, { name: 'SECOND' }],
    },
    {
      image: 'amazon/amazon-ecs-sample-2:latest',
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-stream-prefix': 'ecs' } },
    },
  ]);
});

it('deploys what describe-task-definition printed', async () => {
  const { taskDefinitionArn } = await scene.aws.compute.seedEcsService(shop);
  const { taskDefinitions } = scene.aws.compute.state;
  const described = taskDefinitions.find(({ definition }) => definition.taskDefinitionArn === taskDefinitionArn);
  scene.write('described.json', JSON.stringify(described!.definition));
  const { result, log } = await run([
    render('task', { 'task-definition': 'described.json', 'container-name': 'web', image: 'web:2' }),
    deploy({ 'task-definition': '${{ steps.task.outputs.task-definition }}', ...stable }),
  ]);
  expect(result === 'success' ? '' : log).toBe('');
  expect(serviceNow().containers).toMatchObject([{ name: 'web', image: 'web:2' }]);
});

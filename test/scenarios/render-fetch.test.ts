import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECS, type RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../local/aws/embedded';
import { runHere } from '../support/in-process';
import { allowedActions } from '../support/policies';

const webTask: RegisterTaskDefinitionCommandInput = {
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image: 'app:1', essential: true, environment: [{ name: 'A', value: '1' }] }],
  tags: [{ key: 'team', value: 'shop' }],
};

let aws: EmbeddedAws;
let http: Endpoint;
let ecs: ECS;
let folder: string;
beforeEach(async () => {
  aws = createEmbeddedAws();
  http = await aws.listen();
  ecs = new ECS({
    region: aws.region,
    endpoint: http.endpoint,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  folder = mkdtempSync(join(tmpdir(), 'render-'));
});
afterEach(async () => {
  ecs.destroy();
  await aws.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) =>
  runHere('render-task-definition', [...args, '--json'], { cwd: folder, env: http.env, handler: aws.handler });

it('fetches the latest revision of a family, whose rendering can be registered again', async () => {
  await ecs.registerTaskDefinition(webTask);
  await ecs.registerTaskDefinition({ ...webTask, cpu: '512', memory: '1024' });
  const { status, stdout, stderr } = await run('--task-definition', 'web', '--image', 'app:2');
  expect([status, stderr.split('\n')[0]]).toEqual([
    0,
    expect.stringMatching(/^Fetched arn:aws:ecs:.*:task-definition\/web:2\.$/),
  ]);
  const outputs = JSON.parse(stdout) as Record<string, string>;
  expect(outputs).toMatchObject({ family: 'web', changes: 'app.image: "app:1" → "app:2"' });
  const rendered = JSON.parse(readFileSync(outputs['task-definition-path']!, 'utf8'));
  expect(rendered).toMatchObject({
    ...webTask,
    cpu: '512',
    memory: '1024',
    containerDefinitions: [{ image: 'app:2' }],
  });
  const { taskDefinition } = await ecs.registerTaskDefinition(rendered);
  expect(taskDefinition?.revision).toBe(3);
});

it('fetches one revision, by name and by ARN', async () => {
  const { taskDefinition } = await ecs.registerTaskDefinition(webTask);
  await ecs.registerTaskDefinition({ ...webTask, family: 'web', cpu: '512', memory: '1024' });
  for (const name of ['web:1', taskDefinition!.taskDefinitionArn!]) {
    const { status, stdout } = await run('--task-definition', name, '--cpu', '256');
    expect([status, JSON.parse(stdout).changes]).toEqual([0, 'no changes']);
  }
});

it('says in one line that there is no such family', async () => {
  const { status, stderr } = await run('--task-definition', 'shop');
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^Error: task-definition: shop is neither a file nor a task definition in us-west-2 \(.*\)\n$/,
  );
});

it('names the permission that is missing', async () => {
  aws.faults.add({ on: 'ecs:DescribeTaskDefinition', effect: { kind: 'refuse' } });
  const { status, stderr } = await run('--task-definition', 'web');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^Error: cannot call ecs:DescribeTaskDefinition: .*; allow ecs:DescribeTaskDefinition to the role/,
  );
});

it('calls exactly what its policy allows', async () => {
  await ecs.registerTaskDefinition(webTask);
  const before = aws.calls.length;
  await run('--task-definition', 'web', '--image', 'app:2');
  const called = aws.calls.slice(before).map(({ service, operation }) => `${service}:${operation}`);
  expect(new Set(called)).toEqual(allowedActions('render-task-definition'));
});

it('changes nothing in AWS', async () => {
  await ecs.registerTaskDefinition(webTask);
  const before = aws.mutations().length;
  await run('--task-definition', 'web', '--image', 'app:2');
  expect(aws.calls.map(({ operation }) => operation)).toContain('DescribeTaskDefinition');
  expect(aws.mutations()).toHaveLength(before);
});

import type { RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { isSameRevision } from '../../../actions/ecs-bluegreen-deploy/src/plan/same-revision';

const wanted: RegisterTaskDefinitionRequest = {
  family: 'web',
  executionRoleArn: 'AppRole',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '.25 vCPU',
  memory: '1 GB',
  containerDefinitions: [
    {
      name: 'web',
      image: 'web:1',
      command: ['serve', ''],
      portMappings: [{ containerPort: 80 }],
      environment: [
        { name: 'B', value: '' },
        { name: 'A', value: 'false' },
      ],
      healthCheck: { command: ['CMD', 'true'] },
      dockerLabels: { protocol: 'tcp', empty: '' },
    },
    { name: 'log', image: 'log:1', essential: false },
  ],
  volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
};

/** The same as ECS gives it back. */
const registered: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:us-west-2:123456789012:task-definition/web:1',
  family: 'web',
  revision: 1,
  status: 'ACTIVE',
  compatibilities: ['EC2', 'FARGATE'],
  requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
  registeredAt: new Date(0),
  registeredBy: 'arn:aws:sts::123456789012:assumed-role/x/y',
  executionRoleArn: 'arn:aws:iam::123456789012:role/AppRole',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '1024',
  volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } }],
  placementConstraints: [],
  enableFaultInjection: false,
  containerDefinitions: [
    { name: 'log', image: 'log:1', cpu: 0, essential: false, environment: [], portMappings: [] },
    {
      name: 'web',
      image: 'web:1',
      cpu: 0,
      essential: true,
      command: ['serve', ''],
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
      environment: [
        { name: 'A', value: 'false' },
        { name: 'B', value: '' },
      ],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      healthCheck: { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 3 },
      dockerLabels: { empty: '', protocol: 'tcp' },
    },
  ],
};
const revision = (taskDefinition: TaskDefinition, tags: { key: string; value: string }[] = []) => ({
  arn: taskDefinition.taskDefinitionArn!,
  taskDefinition,
  tags,
});
const container = (change: object) => ({
  ...wanted,
  containerDefinitions: [{ ...wanted.containerDefinitions![0]!, ...change }, wanted.containerDefinitions![1]!],
});

describe('a revision', () => {
  it('is the same when only what ECS fills in differs', () => {
    expect(isSameRevision(wanted, revision(registered))).toBe(true);
  });

  it.each<[string, RegisterTaskDefinitionRequest]>([
    ['another image', container({ image: 'web:2' })],
    ['a word of the command less', container({ command: ['serve'] })],
    ['another order of the command', container({ command: ['', 'serve'] })],
    [
      'another value of a variable',
      container({
        environment: [
          { name: 'A', value: 'true' },
          { name: 'B', value: '' },
        ],
      }),
    ],
    ['a variable less', container({ environment: [{ name: 'A', value: 'false' }] })],
    ['an empty label less', container({ dockerLabels: { protocol: 'tcp' } })],
    ['a label less that looks like a default', container({ dockerLabels: { empty: '' } })],
    ['a container that is not essential', container({ essential: false })],
    ['another health check', container({ healthCheck: { command: ['CMD', 'true'], interval: 10 } })],
    ['another port', container({ portMappings: [{ containerPort: 80, hostPort: 8080 }] })],
    ['other memory', { ...wanted, memory: '2 GB' }],
    ['another role', { ...wanted, executionRoleArn: 'OtherRole' }],
    ['a role more', { ...wanted, taskRoleArn: 'AppRole' }],
    [
      'a container more',
      { ...wanted, containerDefinitions: [...wanted.containerDefinitions!, { name: 'x', image: 'y' }] },
    ],
    ['a tag more', { ...wanted, tags: [{ key: 'team', value: 'a' }] }],
  ])('is not the same with %s', (_, request) => {
    expect(isSameRevision(request, revision(registered))).toBe(false);
  });

  it('may have tags that others added', () => {
    const tagged = revision(registered, [
      { key: 'team', value: 'a' },
      { key: 'cost', value: '1' },
    ]);
    expect(isSameRevision({ ...wanted, tags: [{ key: 'team', value: 'a' }] }, tagged)).toBe(true);
    expect(isSameRevision({ ...wanted, tags: [{ key: 'team', value: 'b' }] }, tagged)).toBe(false);
  });
});

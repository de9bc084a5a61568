import { describe, expect, it } from '@jest/globals';
import { tutorial } from './bench';

const cluster = 'EcsCluster';

describe('task definitions', () => {
  const good = {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'web', image: 'nginx', portMappings: [{ containerPort: 80 }] }],
  } as const;
  type Good = Parameters<Awaited<ReturnType<typeof tutorial>>['ecs']['registerTaskDefinition']>[0];
  const web = (): Good => JSON.parse(JSON.stringify(good));

  it('get what ECS fills in, and tags only where they are asked for', async () => {
    const { ecs } = await tutorial();
    const tags = [{ key: 'team', value: 'web' }];
    await ecs.registerTaskDefinition(web());
    const { taskDefinition } = await ecs.registerTaskDefinition({ ...web(), tags });
    expect(taskDefinition).toMatchObject({
      taskDefinitionArn: 'arn:aws:ecs:us-west-2:123456789012:task-definition/web:2',
      revision: 2,
      status: 'ACTIVE',
      compatibilities: ['EC2', 'FARGATE'],
      volumes: [],
      placementConstraints: [],
      containerDefinitions: [
        {
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
        },
      ],
    });
    expect((await ecs.describeTaskDefinition({ taskDefinition: 'web' })).tags).toBeUndefined();
    expect((await ecs.describeTaskDefinition({ taskDefinition: 'web:2', include: ['TAGS'] })).tags).toEqual(tags);
  });

  it.each([
    ['Family contains invalid characters.', { family: 'a b' }],
    ['Container list cannot be empty.', { containerDefinitions: [] }],
    ['Container.image should not be null or empty.', { containerDefinitions: [{ name: 'web' }] }],
    ['Fargate only supports network mode ‘awsvpc’.', { networkMode: 'bridge' }],
    ["Fargate requires that 'cpu' be defined at the task level.", { cpu: undefined }],
    ['No Fargate configuration exists for given values: 256 CPU, 4096 memory.', { memory: '4096' }],
    ['Role is not valid', { executionRoleArn: 'arn:aws:iam::<account_ID>:role/AppRole' }],
    [
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
      {
        containerDefinitions: [{ name: 'web', image: 'nginx', portMappings: [{ containerPort: 80, hostPort: 8080 }] }],
      },
    ],
  ])('are refused: %s', async (message, change) => {
    const { ecs } = await tutorial();
    const refused = ecs.registerTaskDefinition({ ...web(), ...change } as Good);
    await expect(refused).rejects.toMatchObject({ name: 'ClientException', message });
  });

  it('are listed by family and can be deregistered', async () => {
    const { ecs } = await tutorial();
    await ecs.registerTaskDefinition(web());
    await ecs.registerTaskDefinition(web());
    await ecs.deregisterTaskDefinition({ taskDefinition: 'web:2' });
    const { taskDefinitionArns } = await ecs.listTaskDefinitions({ familyPrefix: 'web', sort: 'DESC' });
    expect(taskDefinitionArns).toEqual(['arn:aws:ecs:us-west-2:123456789012:task-definition/web:1']);
    await expect(ecs.describeTaskDefinition({ taskDefinition: 'none' })).rejects.toMatchObject({
      message: 'Unable to describe task definition.',
    });
  });
});

describe('a service under CodeDeploy', () => {
  it.each([
    [{ taskDefinition: 'CdkEcsInfraStackTaskDef:1' }, 'Unable to update task definition'],
    [{ forceNewDeployment: true }, 'Cannot force a new deployment'],
  ])('refuses UpdateService with %j', async (change, start) => {
    const { ecs } = await tutorial();
    const rest =
      'on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.';
    await expect(ecs.updateService({ cluster, service: 'EcsService', ...change })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `${start} ${rest}`,
    });
  });

  it('scales', async () => {
    const bench = await tutorial();
    await bench.ecs.updateService({ cluster, service: 'EcsService', desiredCount: 3 });
    await bench.minutes(1);
    expect(await bench.service()).toMatchObject({ desiredCount: 3, runningCount: 3 });
    await bench.ecs.updateService({ cluster, service: 'EcsService', desiredCount: 1 });
    await bench.minutes(1);
    expect(await bench.service()).toMatchObject({ desiredCount: 1, runningCount: 1 });
  });

  it('is found by name and ARN; others are MISSING', async () => {
    const { ecs, seeded } = await tutorial();
    const found = await ecs.describeServices({ cluster: seeded.clusterArn, services: [seeded.serviceArn, 'other'] });
    expect(found.services?.[0]?.events?.[0]?.message).toBe(
      `(service EcsService, taskSet ${found.services?.[0]?.taskSets?.[0]?.id}) has reached a steady state.`,
    );
    expect(found.failures).toEqual([
      { arn: 'arn:aws:ecs:us-west-2:123456789012:service/EcsCluster/other', reason: 'MISSING' },
    ]);
    await expect(ecs.describeServices({ cluster: 'none', services: ['x'] })).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
    });
  });

  it('gives its task sets', async () => {
    const { ecs } = await tutorial();
    const { taskSets } = await ecs.describeTaskSets({ cluster, service: 'EcsService' });
    expect(taskSets).toMatchObject([{ status: 'PRIMARY', stabilityStatus: 'STEADY_STATE', runningCount: 2 }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { application, appSpec, group, tutorial } from './bench';

const named = { applicationName: application, deploymentGroupName: group };

describe('a deployment that succeeds', () => {
  it('moves canary traffic at its times and makes green primary only then', async () => {
    const bench = await tutorial({ deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes' });
    const before = (await bench.service()).taskDefinition;
    const { deploymentId, taskDefinition } = await bench.deploy();
    await bench.minutes(1);
    expect(bench.weights()).toEqual([90, 10]);
    expect((await bench.service()).taskDefinition).toBe(before);
    await bench.minutes(4.5);
    expect(bench.weights()).toEqual([90, 10]);
    await bench.minutes(1);
    expect(bench.weights()).toEqual([0, 100]);
    expect((await bench.info(deploymentId)).status).toBe('Succeeded');
    const service = await bench.service();
    expect(service.taskDefinition).toBe(taskDefinition);
    expect(service.taskSets?.map(({ status, externalId }) => [status, externalId])).toEqual([
      ['PRIMARY', deploymentId],
    ]);
  });

  it('moves linear traffic a step a minute', async () => {
    const bench = await tutorial({ deploymentConfig: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes' });
    await bench.deploy();
    await bench.seconds(50);
    const seen = [];
    for (let minute = 0; minute < 10; minute++) {
      seen.push(bench.weights()[1]);
      await bench.minutes(1);
    }
    expect(seen).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('gives the eight lifecycle events with times, and both task sets', async () => {
    const bench = await tutorial({ terminationWait: 5 });
    const { deploymentId } = await bench.deploy({}, [{ AfterInstall: 'checkInstalled' }]);
    await bench.seconds(30);
    const installing = await bench.target(deploymentId);
    expect(installing.lifecycleEvents?.map(({ status }) => status)).toEqual([
      'Succeeded',
      'InProgress',
      ...Array(6).fill('Pending'),
    ]);
    expect(installing.taskSetsInfo).toMatchObject([
      {
        taskSetLabel: 'Blue',
        status: 'PRIMARY',
        trafficWeight: 100,
        runningCount: 2,
        targetGroup: { name: 'EcsService-tg1' },
      },
      {
        taskSetLabel: 'Green',
        status: 'ACTIVE',
        trafficWeight: 0,
        desiredCount: 2,
        targetGroup: { name: 'EcsService-tg2' },
      },
    ]);
    await bench.minutes(1);
    const { lifecycleEvents = [] } = await bench.target(deploymentId);
    expect(lifecycleEvents.map(({ status }) => status)).toEqual(Array(8).fill('Succeeded'));
    const hook = lifecycleEvents.find(({ lifecycleEventName }) => lifecycleEventName === 'AfterInstall');
    expect(Number(hook?.endTime) - Number(hook?.startTime)).toBe(4_000);
  });

  it('stays in progress through the termination wait, which can be cut short', async () => {
    const bench = await tutorial({ terminationWait: 1380 });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(600);
    expect(await bench.info(deploymentId)).toMatchObject({
      status: 'InProgress',
      instanceTerminationWaitTimeStarted: false,
    });
    expect((await bench.service()).runningCount).toBe(4);
    await bench.codedeploy.continueDeployment({ deploymentId, deploymentWaitType: 'TERMINATION_WAIT' });
    await bench.minutes(1);
    expect((await bench.info(deploymentId)).status).toBe('Succeeded');
    expect((await bench.service()).runningCount).toBe(2);
  });

  it('alternates between the two target groups', async () => {
    const bench = await tutorial();
    await bench.deploy();
    await bench.minutes(3);
    const { deploymentId } = await bench.deploy();
    await bench.minutes(3);
    expect((await bench.info(deploymentId)).status).toBe('Succeeded');
    expect(bench.weights()).toEqual([100, 0]);
    expect(bench.compute.traffic(bench.seeded.productionListenerArn)).toMatchObject([
      { taskSet: 'blue', weight: 0, targets: [] },
      { taskSet: 'green', weight: 100, targets: [{ health: 'healthy' }, { health: 'healthy' }] },
    ]);
  });

  it('skips the test events without a test listener', async () => {
    const bench = await tutorial({ testListener: false });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(3);
    const { lifecycleEvents = [] } = await bench.target(deploymentId);
    const skipped = lifecycleEvents.filter(({ status }) => status === 'Skipped');
    expect(skipped.map((event) => event.lifecycleEventName)).toEqual(['AllowTestTraffic', 'AfterAllowTestTraffic']);
  });
});

describe('the ready wait', () => {
  it('holds the traffic until somebody continues', async () => {
    const bench = await tutorial({ readyWait: 30 });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(10);
    expect(await bench.info(deploymentId)).toMatchObject({ status: 'Ready', deploymentOverview: { Ready: 1 } });
    expect(bench.weights()).toEqual([100, 0]);
    await bench.codedeploy.continueDeployment({ deploymentId, deploymentWaitType: 'READY_WAIT' });
    await bench.minutes(1);
    expect((await bench.info(deploymentId)).status).toBe('Succeeded');
  });

  it('stops the deployment when nobody does', async () => {
    const bench = await tutorial({ readyWait: 30 });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(31);
    expect(await bench.info(deploymentId)).toMatchObject({ status: 'Stopped', errorInformation: { code: 'TIMEOUT' } });
  });

  it('refuses to continue what does not wait', async () => {
    const bench = await tutorial();
    const { deploymentId } = await bench.deploy();
    await expect(bench.codedeploy.continueDeployment({ deploymentId })).rejects.toMatchObject({
      name: 'DeploymentIsNotInReadyStateException',
    });
  });
});

describe('CreateDeployment', () => {
  const revision = (content: string, sha256?: string) =>
    ({ revisionType: 'AppSpecContent', appSpecContent: { content, ...(sha256 ? { sha256 } : {}) } }) as const;
  const good = revision(appSpec('arn:aws:ecs:us-west-2:123456789012:task-definition/CdkEcsInfraStackTaskDef:1'));

  it.each([
    ['ApplicationDoesNotExistException', { applicationName: 'none' }],
    ['DeploymentGroupDoesNotExistException', { deploymentGroupName: 'none' }],
    ['DeploymentConfigDoesNotExistException', { deploymentConfigName: 'none' }],
    ['DescriptionTooLongException', { description: 'x'.repeat(513) }],
    ['RevisionRequiredException', { revision: undefined }],
    ['InvalidRevisionException', { revision: revision('{}') }],
    ['InvalidRevisionException', { revision: revision('a: [') }],
    ['InvalidRevisionException', { revision: revision(good.appSpecContent.content, '0'.repeat(64)) }],
    ['InvalidRevisionException', { revision: revision(appSpec('arn', [{ BeforeLunch: 'f' }])) }],
  ])('refuses with %s: %j', async (name, input) => {
    const bench = await tutorial();
    await expect(bench.codedeploy.createDeployment({ ...named, revision: good, ...input })).rejects.toMatchObject({
      name,
    });
    expect(bench.compute.state.deployments).toHaveLength(0);
  });

  it('reads YAML with keys in any letter case', async () => {
    const bench = await tutorial();
    const content = [
      'VERSION: 0.0',
      'resources:',
      '  - TargetService:',
      '      type: AWS::ECS::Service',
      '      PROPERTIES:',
      '        taskDefinition: "CdkEcsInfraStackTaskDef:1"',
      '        loadBalancerInfo: {containerName: MyContainer, containerPort: 80}',
    ].join('\n');
    const { deploymentId = '' } = await bench.codedeploy.createDeployment({ ...named, revision: revision(content) });
    await bench.minutes(2);
    expect((await bench.info(deploymentId)).status).toBe('Succeeded');
  });

  it('gives the AppSpec back by its SHA-256 only', async () => {
    const bench = await tutorial();
    const { deploymentId } = await bench.deploy();
    const { revision: located } = await bench.info(deploymentId);
    expect(located?.appSpecContent?.content).toBeUndefined();
    const found = await bench.codedeploy.getApplicationRevision({ applicationName: application, revision: located });
    expect(found.revision?.appSpecContent?.content).toContain('AWS::ECS::Service');
  });

  it('knows no target before it has started', async () => {
    const bench = await tutorial();
    const { deploymentId } = await bench.deploy();
    await expect(bench.target(deploymentId)).rejects.toMatchObject({ name: 'DeploymentNotStartedException' });
  });
});

describe('deployment configurations', () => {
  it('can be added and used', async () => {
    const bench = await tutorial();
    await bench.codedeploy.createDeploymentConfig({
      deploymentConfigName: 'Half',
      computePlatform: 'ECS',
      trafficRoutingConfig: { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: 50, canaryInterval: 1 } },
    });
    await bench.deploy({ deploymentConfigName: 'Half' });
    await bench.minutes(1);
    expect(bench.weights()).toEqual([50, 50]);
  });
});

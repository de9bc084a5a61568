import { describe, expect, it } from '@jest/globals';
import { application, appSpec, group, nextRevision, tutorial } from './bench';

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

describe('a deployment that fails', () => {
  it('rolls back after a failed hook with a deployment of its own', async () => {
    const bench = await tutorial();
    const before = (await bench.service()).taskDefinition;
    const message = 'GET / on the test listener answered 500';
    bench.compute.play({ failHook: { event: 'AfterAllowTestTraffic', diagnostics: { message } } });
    const { deploymentId } = await bench.deploy({}, [{ AfterAllowTestTraffic: 'smokeTest' }]);
    await bench.seconds(46);
    const failed = await bench.info(deploymentId);
    expect(failed).toMatchObject({ status: 'Failed', errorInformation: { code: 'HOOK_EXECUTION_FAILURE' } });
    const { lifecycleEvents = [] } = await bench.target(deploymentId);
    expect(lifecycleEvents[4]).toMatchObject({ status: 'Failed', diagnostics: { message, scriptName: 'smokeTest' } });
    expect(lifecycleEvents[5]).toMatchObject({ status: 'Skipped' });
    const rollbackId = failed.rollbackInfo?.rollbackDeploymentId ?? '';
    await bench.minutes(1);
    expect(await bench.info(rollbackId)).toMatchObject({
      status: 'Succeeded',
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: deploymentId },
    });
    const service = await bench.service();
    expect([service.taskDefinition, service.taskSets?.length]).toEqual([before, 1]);
  });

  it('leaves everything as it is without automatic rollback', async () => {
    const bench = await tutorial({ rollbackOn: [] });
    bench.compute.play({ failHook: { event: 'AfterAllowTraffic' } });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(2);
    const info = await bench.info(deploymentId);
    expect([info.status, info.rollbackInfo]).toEqual(['Failed', undefined]);
    expect(bench.weights()).toEqual([0, 100]);
  });

  it('can fail to roll back too', async () => {
    const bench = await tutorial();
    bench.compute.play({ failHook: { event: 'AfterAllowTraffic' }, rollbackFails: 'No target group' });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(2);
    const { rollbackInfo } = await bench.info(deploymentId);
    expect(await bench.info(rollbackInfo?.rollbackDeploymentId ?? '')).toMatchObject({
      status: 'Failed',
      errorInformation: { message: 'No target group' },
    });
    expect(bench.weights()).toEqual([0, 100]);
  });

  it('gives up tasks that never become healthy after an hour', async () => {
    const bench = await tutorial();
    bench.compute.play({ neverStable: true });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(59);
    expect((await bench.info(deploymentId)).status).toBe('InProgress');
    await bench.minutes(2);
    const { errorInformation } = await bench.info(deploymentId);
    expect(errorInformation?.message).toContain('This time out period is 60 minutes.');
  });

  it('fails where the AppSpec names a container that the task definition has not', async () => {
    const bench = await tutorial();
    const content = appSpec(await nextRevision(bench.ecs), [], 8080);
    const revision = { revisionType: 'AppSpecContent', appSpecContent: { content } } as const;
    const { deploymentId } = await bench.codedeploy.createDeployment({ ...named, revision });
    await bench.minutes(1);
    expect((await bench.info(deploymentId ?? '')).errorInformation).toMatchObject({
      code: 'ECS_UPDATE_ERROR',
      message: expect.stringContaining('did not have a container port 8080 defined'),
    });
  });

  it.each([[{ alarmAt: { name: 'errors', event: 'AllowTraffic' } }], [{ alarmAt: { name: 'errors', ms: 100_000 } }]])(
    'is stopped and rolled back by an alarm: %j',
    async (scenario) => {
      const bench = await tutorial({
        alarms: ['errors'],
        rollbackOn: ['DEPLOYMENT_STOP_ON_ALARM'],
        deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent15Minutes',
      });
      bench.compute.play(scenario);
      const { deploymentId } = await bench.deploy();
      await bench.minutes(3);
      const info = await bench.info(deploymentId);
      expect(info).toMatchObject({ status: 'Stopped', errorInformation: { code: 'ALARM_ACTIVE' } });
      expect(await bench.info(info.rollbackInfo?.rollbackDeploymentId ?? '')).toMatchObject({ status: 'Succeeded' });
      expect(bench.weights()).toEqual([100, 0]);
    },
  );

  it('has nothing to roll back to once blue is being terminated', async () => {
    const bench = await tutorial({ terminationWait: 1, alarms: ['errors'], rollbackOn: ['DEPLOYMENT_STOP_ON_ALARM'] });
    const { deploymentId, taskDefinition } = await bench.deploy();
    const draining = async () => (await bench.service()).taskSets?.some(({ status }) => status === 'DRAINING');
    for (let second = 0; second < 300 && !(await draining()); second++) await bench.seconds(1);
    bench.compute.play({ alarmAt: { name: 'errors', ms: 0 } });
    await bench.minutes(5);
    const { status, rollbackInfo } = await bench.info(deploymentId);
    expect([status, rollbackInfo]).toEqual(['Stopped', undefined]);
    expect((await bench.service()).taskSets).toMatchObject([{ status: 'PRIMARY', taskDefinition }]);
    expect(bench.weights()).toEqual([0, 100]);
  });
});

describe('somebody else', () => {
  it.each([
    [undefined, 'DEPLOYMENT_STOP_ON_REQUEST', true],
    [undefined, 'DEPLOYMENT_FAILURE', false],
    [true, 'DEPLOYMENT_FAILURE', true],
    [false, 'DEPLOYMENT_STOP_ON_REQUEST', false],
  ] as const)(
    'stops with autoRollbackEnabled %s on a group with %s: rolled back %s',
    async (enabled, event, expected) => {
      const bench = await tutorial({ rollbackOn: [event] });
      const { deploymentId } = await bench.deploy();
      await bench.seconds(20);
      await bench.codedeploy.stopDeployment({
        deploymentId,
        ...(enabled === undefined ? {} : { autoRollbackEnabled: enabled }),
      });
      const info = await bench.info(deploymentId);
      expect(info).toMatchObject({ status: 'Stopped', errorInformation: { code: 'MANUAL_STOP' } });
      expect(info.rollbackInfo !== undefined).toBe(expected);
    },
  );

  it('stops or replaces a deployment as the scenario says', async () => {
    const bench = await tutorial();
    bench.compute.play({ stopBySomebody: 30_000 });
    const first = await bench.deploy();
    await bench.seconds(31);
    expect((await bench.info(first.deploymentId)).status).toBe('Stopped');
    bench.compute.play({ competingAt: 10_000 });
    const second = await bench.deploy();
    await bench.seconds(11);
    expect((await bench.info(second.deploymentId)).status).toBe('Stopped');
    const active = await bench.codedeploy.listDeployments({ ...named, includeOnlyStatuses: ['Created', 'InProgress'] });
    expect(active.deployments).toHaveLength(1);
    await bench.minutes(5);
    expect((await bench.info(active.deployments?.[0] ?? '')).status).toBe('Succeeded');
  });

  it('has a deployment already: a second is refused with its id', async () => {
    const bench = await tutorial();
    const id = bench.compute.startCompetingDeployment(application, group);
    await expect(bench.deploy()).rejects.toMatchObject({
      name: 'DeploymentLimitExceededException',
      message: `The Deployment Group '${group}' already has an active Deployment '${id}'`,
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

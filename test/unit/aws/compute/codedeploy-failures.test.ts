import { describe, expect, it } from '@jest/globals';
import { application, appSpec, group, nextRevision, tutorial } from './bench';

const named = { applicationName: application, deploymentGroupName: group };

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

import { describe, expect, it } from '@jest/globals';
import type { EcsServiceOptions, Scenario } from '../../../local/aws/compute';
import { empty, nextRevision } from './bench';

const cluster = 'EcsCluster';
const service = 'EcsService';
const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const blueGreen = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 } as const;

/** A simulation with a service under the ECS controller, and what tests do with it. */
async function ecsService(options: EcsServiceOptions = {}) {
  const bench = empty();
  const seeded = await bench.compute.seedEcsService(options);
  const { ecs, clock, compute } = bench;
  const newest = async () => {
    const { serviceDeployments = [] } = await ecs.listServiceDeployments({ cluster, service });
    const serviceDeploymentArns = [serviceDeployments[0]?.serviceDeploymentArn ?? ''];
    return (await ecs.describeServiceDeployments({ serviceDeploymentArns })).serviceDeployments?.[0] ?? {};
  };
  return {
    ...bench,
    seeded,
    newest,
    async update() {
      const taskDefinition = await nextRevision(ecs);
      await ecs.updateService({ cluster, service, taskDefinition });
      return { taskDefinition, arn: (await newest()).serviceDeploymentArn ?? '' };
    },
    async described() {
      return (await ecs.describeServices({ cluster, services: [service] })).services?.[0] ?? {};
    },
    green: () =>
      compute.traffic(seeded.productionListenerArn).find((one) => one.targetGroupArn === seeded.greenTargetGroupArn)
        ?.weight,
    seconds: (count: number) => clock.advance(count * 1_000),
    minutes: (count: number) => clock.advance(count * 60_000),
  };
}

describe('a rolling deployment', () => {
  it('completes when the new tasks are healthy', async () => {
    const bench = await ecsService();
    const { taskDefinition } = await bench.update();
    await bench.seconds(20);
    const during = await bench.described();
    expect(during.deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition },
      { status: 'ACTIVE', rolloutState: 'COMPLETED' },
    ]);
    expect(during.currentServiceDeployment).toBeDefined();
    await bench.minutes(2);
    const after = await bench.described();
    expect(after.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }]);
    expect((await bench.newest()).status).toBe('SUCCESSFUL');
    expect(after.events?.some(({ message }) => message?.endsWith('deployment completed.'))).toBe(true);
  });

  it('is found by its revision', async () => {
    const bench = await ecsService();
    const { taskDefinition } = await bench.update();
    const { targetServiceRevision, sourceServiceRevisions } = await bench.newest();
    const serviceRevisionArns = [targetServiceRevision?.arn ?? '', sourceServiceRevisions?.[0]?.arn ?? ''];
    const { serviceRevisions = [] } = await bench.ecs.describeServiceRevisions({ serviceRevisionArns });
    expect(serviceRevisions.map((one) => one.taskDefinition)).toEqual([taskDefinition, bench.seeded.taskDefinitionArn]);
  });

  it('goes back when the circuit breaker opens, to the deployment that was', async () => {
    const bench = await ecsService({ deployment: breaker });
    const before = (await bench.described()).deployments?.[0]?.id;
    bench.compute.play({ crashTasks: { exitCode: 3 } });
    await bench.update();
    await bench.minutes(10);
    const deployment = await bench.newest();
    expect(deployment).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
      rollback: { serviceRevisionArn: deployment.sourceServiceRevisions?.[0]?.arn },
    });
    const { deployments, taskDefinition } = await bench.described();
    expect(deployments).toMatchObject([{ id: before, status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
    expect(taskDefinition).toBe(bench.seeded.taskDefinitionArn);
  });

  it('stays failed when the circuit breaker may not roll back', async () => {
    const bench = await ecsService({ deployment: { deploymentCircuitBreaker: { enable: true, rollback: false } } });
    bench.compute.play({ imagePullError: 'no such image' });
    await bench.update();
    await bench.minutes(10);
    expect((await bench.newest()).status).toBe('STOPPED');
    const { deployments = [] } = await bench.described();
    expect(deployments[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'FAILED', runningCount: 0 });
    const { failedTasks } = deployments[0] ?? {};
    await bench.minutes(30);
    expect((await bench.described()).deployments?.[0]?.failedTasks).toBe(failedTasks);
  });

  it('tries for ever without a circuit breaker', async () => {
    const bench = await ecsService();
    bench.compute.play({ crashTasks: {} });
    await bench.update();
    await bench.minutes(60);
    expect((await bench.newest()).status).toBe('IN_PROGRESS');
  });

  it('is stopped by a newer one', async () => {
    const bench = await ecsService();
    const first = await bench.update();
    await bench.seconds(10);
    const second = await bench.update();
    await bench.minutes(3);
    const serviceDeploymentArns = [first.arn, second.arn];
    const { serviceDeployments = [] } = await bench.ecs.describeServiceDeployments({ serviceDeploymentArns });
    expect(serviceDeployments.map(({ status }) => status)).toEqual(['STOPPED', 'SUCCESSFUL']);
    expect((await bench.described()).deployments).toHaveLength(1);
  });

  it('does not start for what is already there, unless forced', async () => {
    const bench = await ecsService();
    const taskDefinition = bench.seeded.taskDefinitionArn;
    await bench.ecs.updateService({ cluster, service, taskDefinition, desiredCount: 3 });
    expect((await bench.described()).deployments).toHaveLength(1);
    await bench.ecs.updateService({ cluster, service, forceNewDeployment: true });
    expect((await bench.described()).deployments).toHaveLength(2);
  });
});

describe('a blue/green deployment', () => {
  it('passes the stages in their order', async () => {
    const bench = await ecsService({ deployment: blueGreen });
    const seen: string[] = [];
    bench.compute.onEvent((event) => {
      if (event.type === 'lifecycle' && event.status === 'InProgress') seen.push(event.event);
    });
    await bench.update();
    await bench.minutes(5);
    const baking = await bench.newest();
    expect(baking).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'BAKE_TIME',
      targetServiceRevision: { requestedProductionTrafficWeight: 100, requestedTestTrafficWeight: 100 },
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 0, runningTaskCount: 2 }],
    });
    await bench.minutes(10);
    expect((await bench.newest()).status).toBe('SUCCESSFUL');
    expect(seen).toEqual([
      'RECONCILE_SERVICE',
      'PRE_SCALE_UP',
      'SCALE_UP',
      'POST_SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'POST_TEST_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
      'CLEAN_UP',
    ]);
  });

  it.each([
    ['CANARY', { canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 2 } }, [20, 20, 100]],
    ['LINEAR', { linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 1 } }, [40, 80, 100]],
  ] as const)('moves the traffic %s', async (strategy, steps, expected) => {
    const bench = await ecsService({ deployment: { strategy, bakeTimeInMinutes: 0, ...steps } });
    await bench.update();
    await bench.seconds(60);
    const seen = [];
    for (let minute = 0; minute < 3; minute++) {
      seen.push(bench.green());
      await bench.minutes(1);
    }
    expect(seen).toEqual(expected);
    await bench.minutes(1);
    expect((await bench.newest()).status).toBe('SUCCESSFUL');
  });

  it('waits at a PAUSE hook for somebody to continue', async () => {
    const lifecycleHooks = [{ targetType: 'PAUSE' as const, lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const] }];
    const bench = await ecsService({ deployment: { ...blueGreen, lifecycleHooks } });
    const { arn: serviceDeploymentArn } = await bench.update();
    await bench.minutes(60);
    const paused = await bench.newest();
    expect(paused).toMatchObject({
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [{ targetType: 'PAUSE', status: 'AWAITING_ACTION', timeoutAction: 'ROLLBACK' }],
    });
    const hookId = paused.lifecycleHookDetails?.[0]?.hookId;
    await bench.ecs.continueServiceDeployment({ serviceDeploymentArn, hookId });
    await bench.minutes(12);
    expect((await bench.newest()).status).toBe('SUCCESSFUL');
  });

  it('rolls back when nobody continues within the time', async () => {
    const timeoutConfiguration = { timeoutInMinutes: 30 };
    const lifecycleHooks = [
      { targetType: 'PAUSE' as const, lifecycleStages: ['PRE_SCALE_UP' as const], timeoutConfiguration },
    ];
    const bench = await ecsService({ deployment: { ...blueGreen, lifecycleHooks } });
    await bench.update();
    await bench.minutes(32);
    expect((await bench.newest()).status).toBe('ROLLBACK_SUCCESSFUL');
  });

  const failures: readonly (readonly [string, Scenario, EcsServiceOptions])[] = [
    ['a failed hook', { failHook: { event: 'POST_TEST_TRAFFIC_SHIFT' } }, {}],
    ['an alarm', { alarmAt: { name: 'errors', event: 'BAKE_TIME' } }, { alarms: ['errors'] }],
    ['a crash loop', { crashTasks: {} }, { deployment: { ...blueGreen, ...breaker } }],
    ['somebody', { stopBySomebody: { ms: 90_000, rollback: true } }, {}],
  ];
  it.each(failures)('is rolled back by %s', async (_, scenario, options) => {
    const bench = await ecsService({ deployment: blueGreen, ...options });
    bench.compute.play(scenario);
    await bench.update();
    await bench.minutes(9);
    expect(await bench.newest()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: expect.stringContaining('rolled back'),
    });
    expect(bench.green()).toBe(0);
    expect((await bench.described()).taskDefinition).toBe(bench.seeded.taskDefinitionArn);
  });

  it('takes no step where an alarm rings already, and stays rolled back', async () => {
    const bench = await ecsService({ deployment: blueGreen, alarms: ['errors'], desiredCount: 1 });
    bench.compute.raiseAlarm('errors');
    await bench.update();
    await bench.minutes(60);
    expect((await bench.newest()).status).toBe('ROLLBACK_SUCCESSFUL');
    expect(bench.green()).toBe(0);
  });

  it('can fail to roll back', async () => {
    const bench = await ecsService({ deployment: blueGreen });
    bench.compute.play({ failHook: { event: 'POST_SCALE_UP' }, rollbackFails: true });
    await bench.update();
    await bench.minutes(5);
    expect((await bench.newest()).status).toBe('ROLLBACK_FAILED');
  });

  it('is stopped with StopServiceDeployment', async () => {
    const bench = await ecsService({ deployment: blueGreen });
    const { arn: serviceDeploymentArn } = await bench.update();
    await bench.minutes(2);
    await bench.ecs.stopServiceDeployment({ serviceDeploymentArn });
    expect((await bench.newest()).status).toBe('ROLLBACK_REQUESTED');
    await bench.minutes(1);
    expect((await bench.newest()).status).toBe('ROLLBACK_SUCCESSFUL');
    await expect(bench.ecs.stopServiceDeployment({ serviceDeploymentArn })).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });

  it('leaves a clean service to the one that replaces it', async () => {
    const bench = await ecsService({ deployment: blueGreen });
    bench.compute.play({ competingAt: 60_000 });
    await bench.update();
    await bench.minutes(20);
    const { deployments, taskDefinition } = await bench.described();
    expect(deployments).toHaveLength(1);
    expect(taskDefinition).toBe(bench.seeded.taskDefinitionArn);
    expect((await bench.newest()).status).toBe('SUCCESSFUL');
  });
});

import { describe, expect, it } from '@jest/globals';
import { application, group, tutorial } from './bench';

const named = { applicationName: application, deploymentGroupName: group };
const cluster = 'EcsCluster';

describe('CodeDeploy reads', () => {
  it('find applications, groups and the service behind them', async () => {
    const { codedeploy, seeded } = await tutorial({ readyWait: 5, alarms: ['errors'] });
    expect((await codedeploy.listApplications({})).applications).toEqual([application]);
    const { applicationsInfo } = await codedeploy.batchGetApplications({ applicationNames: [application] });
    expect(applicationsInfo).toMatchObject([{ computePlatform: 'ECS' }]);
    expect((await codedeploy.listDeploymentGroups({ applicationName: application })).deploymentGroups).toEqual([group]);
    const { deploymentGroupsInfo, errorMessage } = await codedeploy.batchGetDeploymentGroups({
      applicationName: application,
      deploymentGroupNames: [group, 'none'],
    });
    expect(errorMessage).toContain('none');
    expect(deploymentGroupsInfo).toMatchObject([
      {
        ecsServices: [{ clusterName: 'EcsCluster', serviceName: 'EcsService' }],
        blueGreenDeploymentConfiguration: {
          deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 5 },
          terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE' },
        },
        alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] },
        autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE'] },
        loadBalancerInfo: {
          targetGroupPairInfoList: [{ prodTrafficRoute: { listenerArns: [seeded.productionListenerArn] } }],
        },
      },
    ]);
  });

  it('list deployments by status and time, newest first, and give several at once', async () => {
    const bench = await tutorial();
    const first = await bench.deploy();
    await bench.minutes(5);
    const start = bench.clock.date();
    const second = await bench.deploy();
    await bench.seconds(5);
    const list = async (more: object) => (await bench.codedeploy.listDeployments({ ...named, ...more })).deployments;
    expect(await list({})).toEqual([second.deploymentId, first.deploymentId]);
    expect(await list({ includeOnlyStatuses: ['Succeeded'] })).toEqual([first.deploymentId]);
    expect(await list({ createTimeRange: { start } })).toEqual([second.deploymentId]);
    const deploymentIds = [first.deploymentId, second.deploymentId];
    const { deploymentsInfo = [] } = await bench.codedeploy.batchGetDeployments({ deploymentIds });
    expect(deploymentsInfo.map(({ status }) => status)).toEqual(['Succeeded', 'InProgress']);
    expect(deploymentsInfo[1]?.previousRevision).toEqual(deploymentsInfo[0]?.revision);
    const { targetIds } = await bench.codedeploy.listDeploymentTargets({ deploymentId: second.deploymentId });
    expect(targetIds).toEqual(['EcsCluster:EcsService']);
  });

  it.each([
    ['DeploymentDoesNotExistException', 'd-ABCDEFGHJ'],
    ['InvalidDeploymentIdException', 'what'],
  ])('answer %s for %s', async (name, deploymentId) => {
    const { codedeploy } = await tutorial();
    await expect(codedeploy.getDeployment({ deploymentId })).rejects.toMatchObject({ name });
  });
});

describe('load balancer reads', () => {
  it('show the weights in the listener and its rule', async () => {
    const bench = await tutorial({ deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes' });
    await bench.deploy();
    await bench.minutes(1);
    const ListenerArn = bench.seeded.productionListenerArn;
    const { Listeners } = await bench.elb.describeListeners({ ListenerArns: [ListenerArn] });
    const { Rules } = await bench.elb.describeRules({ ListenerArn });
    const ForwardConfig = { TargetGroups: [{ Weight: 90 }, { Weight: 10 }] };
    expect(Listeners).toMatchObject([{ Port: 80, DefaultActions: [{ Type: 'forward', ForwardConfig }] }]);
    expect(Rules).toMatchObject([{ IsDefault: true, Actions: [{ ForwardConfig }] }]);
  });

  it('find target groups by name and refuse others', async () => {
    const { elb, seeded } = await tutorial();
    const { TargetGroups } = await elb.describeTargetGroups({ Names: ['EcsService-tg2'] });
    expect(TargetGroups).toMatchObject([{ TargetGroupArn: seeded.greenTargetGroupArn, TargetType: 'ip' }]);
    await expect(elb.describeTargetGroups({ Names: ['none'] })).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
    });
  });
});

describe('ECS reads', () => {
  it('count what a cluster runs', async () => {
    const { ecs } = await tutorial();
    const { clusters, failures } = await ecs.describeClusters({ clusters: [cluster, 'none'] });
    expect(clusters).toMatchObject([{ status: 'ACTIVE', runningTasksCount: 2, activeServicesCount: 1 }]);
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    expect((await ecs.listServices({ cluster })).serviceArns).toHaveLength(1);
  });

  it('list the tasks of a task set, and forget stopped ones after an hour', async () => {
    const bench = await tutorial();
    const startedBy = (await bench.service()).taskSets?.[0]?.id ?? '';
    const running = await bench.ecs.listTasks({ cluster, startedBy });
    expect(running.taskArns).toHaveLength(2);
    await bench.deploy();
    await bench.minutes(5);
    const stopped = async () => (await bench.ecs.listTasks({ cluster, startedBy, desiredStatus: 'STOPPED' })).taskArns;
    expect(await stopped()).toEqual(running.taskArns);
    await bench.minutes(60);
    expect(await stopped()).toEqual([]);
    const { failures } = await bench.ecs.describeTasks({ cluster, tasks: running.taskArns });
    expect(failures).toHaveLength(2);
  });
});

describe('log reads', () => {
  it('find streams by their last event, and lines by a pattern', async () => {
    const bench = await tutorial({ desiredCount: 1 });
    const logGroupName = '/ecs/CdkEcsInfraStackTaskDef';
    bench.compute.play({ crashTasks: { logLines: ['starting', 'ERROR no database'] } });
    await bench.deploy();
    await bench.minutes(3);
    const { logStreams = [] } = await bench.logs.describeLogStreams({
      logGroupName,
      orderBy: 'LastEventTime',
      descending: true,
    });
    expect(logStreams.length).toBeGreaterThan(1);
    const times = logStreams.map(({ lastEventTimestamp }) => lastEventTimestamp ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const { events = [] } = await bench.logs.filterLogEvents({ logGroupName, filterPattern: '"ERROR"' });
    expect(new Set(events.map(({ message }) => message))).toEqual(new Set(['ERROR no database']));
    await expect(bench.logs.filterLogEvents({ logGroupName: 'none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a slow start', () => {
  it('delays the end of Install', async () => {
    const bench = await tutorial();
    bench.compute.play({ slowInstall: 120_000 });
    const { deploymentId } = await bench.deploy();
    await bench.seconds(120);
    expect((await bench.target(deploymentId)).lifecycleEvents?.[1]?.status).toBe('InProgress');
    await bench.seconds(60);
    expect((await bench.target(deploymentId)).lifecycleEvents?.[1]?.status).toBe('Succeeded');
  });
});

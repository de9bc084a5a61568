import { describe, expect, it } from '@jest/globals';
import { tutorial } from './bench';

/** The tasks of the replacement task set that have stopped, as the actions look for them. */
async function stoppedTasks({ ecs, service }: Awaited<ReturnType<typeof tutorial>>) {
  const green = (await service()).taskSets?.find(({ status }) => status === 'ACTIVE');
  const cluster = 'EcsCluster';
  const listed = await ecs.listTasks({ cluster, desiredStatus: 'STOPPED', serviceName: 'EcsService' });
  const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: listed.taskArns ?? [] });
  return tasks.filter(({ startedBy }) => startedBy === green?.id);
}

describe('tasks in trouble', () => {
  it('crash again and again, each with its exit code and log', async () => {
    const bench = await tutorial({ desiredCount: 1 });
    const reason = 'OutOfMemoryError: Container killed due to memory usage';
    bench.compute.play({ crashTasks: { exitCode: 137, reason, logLines: ['allocating', 'out of memory'] } });
    await bench.deploy();
    await bench.minutes(5);
    const stopped = await stoppedTasks(bench);
    expect(stopped.length).toBeGreaterThan(3);
    expect(stopped[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'MyContainer', exitCode: 137, reason, lastStatus: 'STOPPED' }],
    });
    const logStreamName = `ecs/MyContainer/${stopped[0]?.taskArn?.split('/').at(-1)}`;
    const logGroupName = '/ecs/CdkEcsInfraStackTaskDef';
    const page = await bench.logs.getLogEvents({ logGroupName, logStreamName, limit: 1 });
    const log = await bench.logs.getLogEvents({
      logGroupName,
      logStreamName,
      limit: 1,
      nextToken: page.nextBackwardToken,
    });
    expect(log.events?.map(({ message }) => message)).toEqual(['out of memory']);
    const { events = [] } = await bench.service();
    expect(events.some(({ message }) => message?.includes('is unable to consistently start tasks'))).toBe(true);
  });

  it('cannot pull an image; ECS keeps 1024 characters of the reason', async () => {
    const bench = await tutorial({ desiredCount: 1 });
    const imagePullError = `failed to resolve ref ${'x'.repeat(3_000)}: not found`;
    bench.compute.play({ imagePullError });
    await bench.deploy();
    await bench.minutes(1);
    const [task] = await stoppedTasks(bench);
    const reason = `CannotPullContainerError: ${imagePullError}`.slice(0, 1024);
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason, containers: [{ reason }] });
    expect(task?.containers?.[0]?.exitCode).toBeUndefined();
    expect(task?.startedAt).toBeUndefined();
  });

  it('cannot pull an image that does not exist', async () => {
    const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/app:gone';
    const bench = await tutorial({ image });
    await bench.deploy();
    await bench.minutes(1);
    expect((await stoppedTasks(bench))[0]?.stoppedReason).toContain(`${image}: not found`);
  });

  it('fail their health checks and are replaced', async () => {
    const bench = await tutorial({ desiredCount: 1 });
    const description = 'Health checks failed with these codes: [503]';
    bench.compute.play({ unhealthyTargets: { reason: 'Target.ResponseCodeMismatch', description } });
    await bench.deploy();
    await bench.seconds(40);
    const TargetGroupArn = bench.seeded.greenTargetGroupArn;
    const { TargetHealthDescriptions = [] } = await bench.elb.describeTargetHealth({ TargetGroupArn });
    const TargetHealth = { State: 'unhealthy', Reason: 'Target.ResponseCodeMismatch', Description: description };
    expect(TargetHealthDescriptions).toMatchObject([{ Target: { Port: 80 }, TargetHealth }]);
    await bench.minutes(1);
    expect((await stoppedTasks(bench))[0]).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${TargetGroupArn})`,
    });
  });

  it('recover when the trouble ends', async () => {
    const bench = await tutorial({ desiredCount: 1 });
    bench.compute.play({ crashTasks: { afterMs: 5_000 } });
    const { deploymentId } = await bench.deploy();
    await bench.minutes(3);
    expect((await bench.info(deploymentId)).status).toBe('InProgress');
    bench.compute.play({});
    await bench.minutes(4);
    expect((await bench.info(deploymentId)).status).toBe('Succeeded');
  });

  it('spare the revision that has proven itself', async () => {
    const bench = await tutorial({ desiredCount: 1 });
    await bench.deploy();
    await bench.minutes(3);
    bench.compute.play({ crashTasks: {} });
    await bench.minutes(3);
    expect((await bench.service()).runningCount).toBe(1);
  });
});

describe('a runtime', () => {
  it('has a process for each task, from start to stop', async () => {
    const running = new Map<string, string>();
    const runtime = {
      start: async ({ arn, image }: { arn: string; image: string }) => {
        running.set(arn, image);
        return { host: '127.0.0.1', port: 9_000 + running.size };
      },
      stop: async (arn: string) => void running.delete(arn),
    };
    const bench = await tutorial({}, { runtime });
    expect([...running.values()]).toEqual(Array(2).fill('public.ecr.aws/nginx/nginx:1.27'));
    await bench.deploy();
    await bench.seconds(50);
    const targets = bench.compute.traffic(bench.seeded.productionListenerArn).flatMap((share) => share.targets);
    expect(targets.map(({ host, port }) => `${host}:${port}`)).toEqual([1, 2, 3, 4].map((n) => `127.0.0.1:900${n}`));
    await bench.minutes(2);
    expect(running.size).toBe(2);
    await bench.compute.close();
    expect(running.size).toBe(0);
  });

  it('has no process left that was starting when its task was stopped', async () => {
    const running = new Set<string>();
    let serve = () => {};
    const starting = new Promise<void>((resolve) => {
      serve = resolve;
    });
    const runtime = {
      start: async ({ arn }: { arn: string }) => {
        running.add(arn);
        if (running.size > 1) await starting;
        return { host: '127.0.0.1', port: 9_000 };
      },
      stop: async (arn: string) => void running.delete(arn),
    };
    const bench = await tutorial({ desiredCount: 1 }, { runtime });
    const { deploymentId } = await bench.deploy();
    await bench.seconds(30);
    expect(running.size).toBe(2);
    await bench.codedeploy.stopDeployment({ deploymentId, autoRollbackEnabled: true });
    await bench.minutes(1);
    serve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(running.size).toBe(1);
    expect(bench.compute.state.tasks.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'STOPPED']);
  });

  it('that cannot start a task makes it fail', async () => {
    const runtime = { start: () => Promise.reject(new Error('port in use')), stop: () => Promise.resolve() };
    const bench = await tutorial({}, { runtime });
    expect(bench.compute.state.tasks[0]?.stoppedReason).toBe('CannotStartContainerError: port in use');
  });
});

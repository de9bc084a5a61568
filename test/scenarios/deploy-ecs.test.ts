import { describe, expect, it } from '@jest/globals';
import {
  after,
  before,
  breaker,
  onService,
  servedRevision,
  serviceDeployments,
  shifting,
  strategies,
} from './deploy-ecs-stage';
import { closePace, defaultPace, family, pinned, running, serviceOf } from './deploy-stage';

const region = 'arn:aws:ecs:us-west-2:123456789012:task-definition';
const updates = ['RegisterTaskDefinition', 'UpdateService'];

describe.each(strategies)('a $name deployment', (strategy) => {
  it(
    'that succeeds moves the service, and says so',
    onService(strategy, {}, async (stage) => {
      const { status, outputs, log, changes, report } = await stage.deploy();
      const [deployment] = serviceOf(stage).serviceDeployments;
      expect(status).toBe(0);
      expect(outputs).toMatchObject({
        'deployment-platform': 'AWS:ECS',
        'task-definition-arn': `${region}/${after}`,
        'previous-task-definition-arn': `${region}/${before}`,
        'deployment-id': deployment?.arn,
        'deployment-status': 'SUCCEEDED',
      });
      expect(changes).toEqual(updates);
      expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`SUCCESSFUL ${after}`], after]);
      expect(log).toContain(`controller       ECS, ${strategy.name}`);
      expect(log).toMatch(/deployment +SUCCESSFUL/);
      expect(report).toContain('<h1><strong class="status">Succeeded</strong> EcsService</h1>');
    }),
  );

  it(
    'sends only what was asked, once',
    onService(strategy, {}, async (stage) => {
      await stage.deploy();
      const updates = stage.aws.mutations().filter(({ operation }) => operation === 'UpdateService');
      expect(updates.map(({ input }) => input)).toEqual([
        { cluster: 'EcsCluster', service: 'EcsService', taskDefinition: `${region}/${after}` },
      ]);
    }),
  );

  it(
    'makes no more than 40 calls a minute, breaks silence each minute, and ends when it ends',
    onService(strategy, { play: { slowInstall: 200_000 } }, async (stage) => {
      const { log } = await stage.deploy({ inputs: defaultPace });
      const times = stage.aws.calls.map(({ at }) => at);
      const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
      expect(busiest).toBeLessThanOrEqual(40);
      const lines = [...log.matchAll(/^ +\+(\d+):(\d\d) /gm)].map(([, min, sec]) => Number(min) * 60 + Number(sec));
      const silences = lines.map((at, index) => at - (lines[index - 1] ?? 0));
      expect(Math.max(...silences)).toBeLessThanOrEqual(60);
      const finished = serviceOf(stage).serviceDeployments[0]?.finishedAt?.getTime() ?? 0;
      expect(stage.aws.clock.now() - finished).toBeLessThanOrEqual(7_000);
    }),
  );

  it(
    'of what runs already is UNCHANGED',
    onService(strategy, { ecs: { image: pinned } }, async (stage) => {
      stage.write('task.json', running(pinned));
      const { status, outputs, changes } = await stage.deploy();
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [], 'UNCHANGED']);
      expect(outputs['deployment-id']).toBeUndefined();
    }),
  );

  it(
    'of what runs already is made all the same when forced',
    onService(strategy, {}, async (stage) => {
      stage.write('task.json', running());
      const { status, changes } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
      expect([status, changes]).toEqual([0, ['UpdateService']]);
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${before}`]);
    }),
  );

  it(
    'in a dry run changes nothing',
    onService(strategy, {}, async (stage) => {
      const { status, log, changes } = await stage.deploy({ inputs: { 'dry-run': 'true' } });
      expect([status, changes]).toEqual([0, []]);
      expect(log).toMatch(/Plan for service EcsService[\s\S]*Dry run: nothing was changed\./);
    }),
  );

  it(
    'is rolled back by an alarm, which is named',
    onService(
      strategy,
      { ecs: { alarms: ['PageErrors'] }, play: { alarmAt: { name: 'PageErrors', ms: 30_000 } } },
      async (stage) => {
        const { status, outputs, log } = await stage.deploy();
        expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
        expect(log).toMatch(/Error: cannot deploy .* was rolled back: an alarm went off: PageErrors/);
        expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`ROLLBACK_SUCCESSFUL ${after}`], before]);
      },
    ),
  );

  it(
    'is rolled back by the circuit breaker when its tasks crash, and says why they do',
    onService(
      strategy,
      { more: breaker, play: { crashTasks: { exitCode: 3, logLines: ['starting', 'no database'] } } },
      async (stage) => {
        const { status, outputs, log, report } = await stage.deploy({ inputs: closePace });
        expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
        expect(log).toMatch(/\+0:[345]\d tasks stop +\d of the new revision so far: EssentialContainerExited: .*3/);
        expect(log).toContain('the circuit breaker tripped after');
        expect(log).toMatch(/Log of the newest of them:\n +starting\n +no database/);
        expect(report).toContain('no database');
        expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`ROLLBACK_SUCCESSFUL ${after}`], before]);
      },
    ),
  );

  it(
    'is told to have failed where the circuit breaker does not roll back',
    onService(
      strategy,
      {
        more: { deploymentCircuitBreaker: { enable: true, rollback: false } },
        play: { imagePullError: 'pull access denied for nginx:1.28' },
      },
      async (stage) => {
        const { status, outputs, log } = await stage.deploy();
        expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
        expect(log).toContain('CannotPullContainerError: pull access denied for nginx:1.28');
        expect(log).toContain('nothing was rolled back: the circuit breaker of the service does not roll back');
        expect(serviceDeployments(stage)).toEqual([`STOPPED ${after}`]);
      },
    ),
  );

  it(
    'with tasks that crash is waited for to the end of the time where there is no circuit breaker',
    onService(strategy, { play: { crashTasks: { exitCode: 3 } } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: { 'wait-for-minutes': '4' } });
      expect([status, outputs['deployment-status']]).toEqual([4, 'TIMED_OUT']);
      expect(log).toContain('on failure       the service has no circuit breaker');
      expect(log).toMatch(/Stopped tasks:\n +\d+ × EssentialContainerExited/);
      expect(log).toMatch(/or stop it: aws ecs stop-service-deployment --service-deployment-arn arn:\S+ /);
      expect(serviceDeployments(stage)).toEqual([`IN_PROGRESS ${after}`]);
    }),
  );

  it(
    'gets a circuit breaker where rollback-on asks for one',
    onService(strategy, { play: { crashTasks: { exitCode: 3 } } }, async (stage) => {
      const { status } = await stage.deploy({ inputs: { 'rollback-on': 'failure' } });
      expect(status).toBe(3);
      const { deploymentConfiguration } = serviceOf(stage);
      expect(deploymentConfiguration).toMatchObject({ ...strategy.configuration, ...breaker });
    }),
  );

  it(
    'whose rollback fails too is FAILED',
    onService(strategy, { more: breaker, play: { crashTasks: {}, rollbackFails: 'no capacity' } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
      expect(log).toContain('and its rollback failed too (no capacity): check the traffic of the service');
      expect(serviceDeployments(stage)).toEqual([`ROLLBACK_FAILED ${after}`]);
    }),
  );

  it.each([
    [1, 'STOPPED', 20_000, 'STOPPED'],
    [3, 'ROLLED_BACK', { ms: 20_000, rollback: true }, 'ROLLBACK_SUCCESSFUL'],
  ] as const)('that somebody stops ends with %s, %s', (exit, end, stopBySomebody, its) =>
    onService(strategy, { play: { stopBySomebody } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([exit, end]);
      expect(log).toMatch(/Error: .*somebody stopped it/);
      expect(serviceDeployments(stage)).toEqual([`${its} ${after}`]);
    })(),
  );

  it(
    'that another one replaces is SUPERSEDED',
    onService(strategy, { play: { competingAt: 20_000 } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      const [newest] = serviceOf(stage).serviceDeployments;
      expect([status, outputs['deployment-status']]).toEqual([5, 'SUPERSEDED']);
      expect(log).toContain(`was replaced by ${newest?.arn.replace(/^.*\//, '')}, which somebody else started`);
    }),
  );
});

describe.each(shifting)('the hooks of a $name deployment', (strategy) => {
  const stages = ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'] as const;

  it.each(stages)('that fail at %s roll it back', (event) =>
    onService(
      strategy,
      { play: { failHook: { event, diagnostics: { message: 'the page is broken' } } } },
      async (stage) => {
        const { status, outputs, log } = await stage.deploy();
        expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
        expect(log).toMatch(/Error: .* was rolled back: the hook Lambda failed .*the page is broken/);
        expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`ROLLBACK_SUCCESSFUL ${after}`], before]);
      },
    )(),
  );

  it(
    'show the traffic as it moves',
    onService(strategy, {}, async (stage) => {
      const { log, report } = await stage.deploy({ inputs: closePace });
      expect(log).toMatch(/PRODUCTION_TRAFFIC_SHIFT +begins[\s\S]*blue +0% █{20} 100% green[\s\S]*BAKE_TIME +begins/);
      if (strategy.name === 'canary') expect(log).toMatch(/blue +90% ░{18}██ 10% green/);
      if (strategy.name === 'linear') expect(log).toMatch(/25% green[\s\S]*50% green[\s\S]*75% green[\s\S]*100% green/);
      expect(report).toMatch(/<desc id="pd">green 0% after \d+ s, .*green 100% after /);
    }),
  );

  it.each([
    ['test-traffic', /POST_TEST|PRODUCTION_TRAFFIC_SHIFT +begins(?![\s\S]*BAKE_TIME)/],
    ['traffic-shifted', /BAKE_TIME +begins/],
  ])('are waited for until %s where that is asked for', (until, said) =>
    onService(strategy, {}, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: { ...closePace, 'wait-until': until } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(log).toMatch(said);
      expect(serviceDeployments(stage)).toEqual([`IN_PROGRESS ${after}`]);
    })(),
  );
});

it(
  'a long bake time is not waited for by itself',
  onService(
    { configuration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } },
    { more: { bakeTimeInMinutes: 1_440 } },
    async (stage) => {
      const { status, outputs, log } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(log).toContain('traffic-shifted (auto: the configured waits take 24 hours, 6 hours are allowed');
      expect(servedRevision(stage)).toContain(`${family}:2`);
    },
  ),
);

it(
  'a blue/green service without a load balancer is deployed to',
  onService(strategies[1], {}, async (stage) => {
    serviceOf(stage).loadBalancers = [];
    const { status } = await stage.deploy();
    expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
  }),
);

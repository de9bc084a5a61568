import { describe, expect, it } from '@jest/globals';
import { breaker, onService, strategies } from './deploy-ecs-stage';
import { container, deny, on, serviceOf, taskDefinition } from './deploy-stage';

const crash = (logLines: readonly string[]) => ({ crashTasks: { exitCode: 3, logLines } });
const withLog = (logConfiguration: object | undefined) =>
  taskDefinition({ containerDefinitions: [container({ logConfiguration })] });
const shortly = { inputs: { 'wait-for-minutes': '3' } };

/** The lines of a section of the explanation. */
const section = (log: string, title: string): string[] =>
  (log.split(`\n${title}:\n`)[1] ?? '')
    .split(/\n(?! {2})/)[0]!
    .split('\n')
    .map((line) => line.slice(2));

describe('the log of a container that failed', () => {
  const title = 'Log of the newest of them';

  it(
    'is cut to its last lines, and long ones to their beginnings',
    on({ play: crash([...Array.from({ length: 20 }, (_, at) => `line ${at}`), 'x'.repeat(400)]) }, async (stage) => {
      const { log } = await stage.deploy(shortly);
      const lines = section(log, title);
      expect(lines).toHaveLength(15);
      expect([lines[0], lines[13], lines[14]]).toEqual(['line 6', 'line 19', `${'x'.repeat(300)}…`]);
    }),
  );

  it(
    'is said to be empty',
    on({ play: crash([]) }, async (stage) => {
      expect(section((await stage.deploy(shortly)).log, title)).toEqual(['it wrote nothing']);
    }),
  );

  it(
    'is not looked for where it goes elsewhere',
    on({ play: crash(['no database']) }, async (stage) => {
      stage.write(
        'task.json',
        withLog({ logDriver: 'splunk', options: { 'splunk-url': 'https://x', 'splunk-token': 't' } }),
      );
      const { log } = await stage.deploy(shortly);
      expect(section(log, title)).toEqual(['container MyContainer does not log to CloudWatch Logs']);
    }),
  );

  it(
    'is named where it is in another region',
    on({ play: crash(['no database']) }, async (stage) => {
      const options = { 'awslogs-group': '/far', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'web' };
      stage.write('task.json', withLog({ logDriver: 'awslogs', options }));
      const { log } = await stage.deploy(shortly);
      const [line] = section(log, title);
      expect(line).toMatch(/^in region eu-west-1: log group \/far, stream web\/MyContainer\/[0-9a-f]{32}$/);
    }),
  );

  it(
    'is looked for under the id of the container engine where streams have no prefix',
    on({ play: crash(['no database']) }, async (stage) => {
      // Fargate wants a prefix.
      const service = serviceOf(stage);
      const capacityProviderStrategy = [{ capacityProvider: 'instances' }];
      for (const record of [service, ...service.fleets]) Object.assign(record, { capacityProviderStrategy });
      const options = { 'awslogs-group': '/ours', 'awslogs-region': 'us-west-2' };
      const logging = withLog({ logDriver: 'awslogs', options });
      stage.write('task.json', { ...logging, requiresCompatibilities: ['EC2'] });
      const { log } = await stage.deploy(shortly);
      expect(section(log, title)).toEqual(['no database']);
    }),
  );
});

it(
  'targets that are not healthy are told with the reason',
  on({ play: { unhealthyTargets: { reason: 'Target.Timeout', description: 'Request timed out' } } }, async (stage) => {
    const { log, report } = await stage.deploy(shortly);
    expect(section(log, 'Targets')).toEqual([
      expect.stringMatching(/^(\d × )?unhealthy in EcsService-tg2: Target\.Timeout \(Request timed out\)$/),
    ]);
    expect(report).toContain('unhealthy in EcsService-tg2: Target.Timeout (Request timed out)');
  }),
);

it(
  'what AWS does not answer is told with its reason, and hides nothing else',
  on({ play: crash(['no database']) }, async (stage) => {
    const effect = { kind: 'error', code: 'InvalidParameterException', message: 'cluster is odd' } as const;
    stage.aws.faults.add({ on: 'ecs:ListTasks', times: 'always', effect });
    const { status, log } = await stage.deploy(shortly);
    const finding = 'not known: ecs:ListTasks failed: InvalidParameterException: cluster is odd';
    expect([status, section(log, 'Stopped tasks')]).toEqual([4, [finding]]);
    expect(section(log, 'Service events').join()).toContain('unable to consistently start tasks');
  }),
);

const rolling = strategies[0];

it(
  'what is rolled back because time is up is explained once',
  on({ play: crash(['no database']) }, async (stage) => {
    const { log } = await stage.deploy({ inputs: { 'wait-for-minutes': '3', 'rollback-on': 'timeout' } });
    expect(log.match(/^(?:.* Stopped$|Stopped tasks:|Time is up)/gm)).toEqual(['Time is up', 'Stopped tasks:']);
  }),
);

it(
  'tasks that stopped in an earlier deployment of the same revision explain nothing',
  onService(rolling, { more: breaker, play: crash(['no database']) }, async (stage) => {
    expect((await stage.deploy()).status).toBe(3);
    stage.aws.compute.play({ neverStable: true });
    const { status, log } = await stage.deploy({ inputs: { 'force-new-deployment': 'true', 'wait-for-minutes': '3' } });
    expect(status).toBe(4);
    expect(log).toContain('Time is up');
    expect(log).not.toContain('EssentialContainerExited');
  }),
);

describe('a version whose tasks stay up and set off an alarm', () => {
  const seed = { alarms: ['errors'], rollbackOn: ['DEPLOYMENT_STOP_ON_ALARM' as const] };
  const alarmAt = { name: 'errors', event: 'AllowTraffic' };

  it.each([1, 2])(
    'is explained by what its container behind the load balancer wrote, in place %i of its task definition',
    async (place) => {
      await on({ seed, play: { alarmAt, logLines: ['TypeError: greeting is undefined'] } }, async (stage) => {
        const sidecar = { name: 'proxy', image: 'envoy:1', essential: false };
        const containers = place === 1 ? [container(), sidecar] : [sidecar, container()];
        stage.write('task.json', taskDefinition({ containerDefinitions: containers }));
        const { status, log, report } = await stage.deploy();
        expect(status).toBe(3);
        expect(section(log, 'Log of a new task')[0]).toBe('TypeError: greeting is undefined');
        expect(report).toContain('TypeError: greeting is undefined');
      })();
    },
  );

  it(
    'is explained without a log where the role may not read its tasks',
    on({ seed, play: { alarmAt } }, async (stage) => {
      deny(stage, 'ecs:ListTasks');
      const { status, log } = await stage.deploy();
      expect(status).toBe(3);
      expect(log).toMatch(/Log of a new task:\n {2}not known: .*ecs:ListTasks/);
    }),
  );
});

describe('the error line names the container, its code and the stop code', () => {
  const away = { 'wait-for-minutes': '4', 'rollback-on': 'timeout' };

  it.each([
    [
      'that failed',
      { crashTasks: { exitCode: 3 } },
      /tasks have stopped: EssentialContainerExited: .*container MyContainer exited with 3\)/,
    ],
    [
      'that ended well',
      { crashTasks: { exitCode: 0 } },
      /tasks have stopped: EssentialContainerExited: .*container MyContainer exited with 0\)/,
    ],
    [
      'that never started',
      { imagePullError: 'manifest unknown' },
      /tasks have stopped: TaskFailedToStart: CannotPullContainerError: manifest unknown\)/,
    ],
  ])('%s, when time is up or it is rolled back', (_, play, told) =>
    on({ play }, async (stage) => {
      const { status, log } = await stage.deploy({ inputs: away });
      expect(status).toBe(3);
      expect(log).toMatch(
        new RegExp(`Error: .*was rolled back by d-\\w+: it was not finished.*${told.source}; see https:`),
      );
    })(),
  );

  it.each(strategies)('when the circuit breaker rolls back a $name deployment', (strategy) =>
    onService(strategy, { more: breaker, play: { crashTasks: { exitCode: 0 } } }, async (stage) => {
      const { status, log } = await stage.deploy();
      expect(status).toBe(3);
      expect(log).toMatch(/Error: .*the circuit breaker tripped.*container MyContainer exited with 0\); see https:/);
      expect(log).not.toMatch(/\.\.(?!\.)|\.[,;:)]/);
    })(),
  );
});

import { describe, expect, it } from '@jest/globals';
import type { Scenario } from '../local/aws/compute';
import { container, on, type Stage, type StageOptions, serviceOf, taskDefinition } from './deploy-stage';

const controllers: readonly [string, StageOptions][] = [
  ['CODE_DEPLOY', {}],
  ['ECS', { ecs: { deployment: { strategy: 'ROLLING' } } }],
];
const waited = { 'run-task': 'true', 'wait-for-task-stopped': 'true' };
const created = (stage: Stage) => stage.aws.mutations().map(({ operation }) => operation);
const tasksOf = ({ aws }: Stage) => aws.compute.state.tasks.flatMap(({ oneOff }) => oneOff ?? []);

describe.each(controllers)('run-task under %s', (_, options) => {
  const play = (oneOffTask: NonNullable<Scenario['oneOffTask']>) => ({ ...options, play: { oneOffTask } });

  it(
    'runs the new revision once before the deployment, as the service runs',
    on(play({ logLines: ['migrated'] }), async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: waited });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(created(stage)).toEqual(['RegisterTaskDefinition', 'RunTask', expect.stringMatching(/Create|Update/)]);
      const request = tasksOf(stage)[0]?.request;
      expect(request).toMatchObject({
        taskDefinition: outputs['task-definition-arn'],
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: serviceOf(stage).network },
        overrides: { containerOverrides: [] },
      });
      expect(JSON.parse(outputs['run-task-arn'] ?? '')).toEqual([expect.stringContaining(':task/EcsCluster/')]);
      expect(log).toContain('migrated');
    }),
  );

  it(
    'keeps the revision from being deployed where it ends with another code than 0',
    on(play({ exitCode: 1, logLines: ['table is locked'] }), async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: waited });
      expect([status, outputs['deployment-status']]).toEqual([1, 'TASK_FAILED']);
      expect(created(stage)).toEqual(['RegisterTaskDefinition', 'RunTask']);
      expect(log).toMatch(/run-task: container MyContainer of task \w+ ended with 1/);
      expect(outputs['run-task-arn']).toContain(':task/');
    }),
  );

  it(
    'deploys without its end where that is not waited for, and says so',
    on(play({ exitCode: 1 }), async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: { 'run-task': 'true' } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(log).toMatch(/end is not waited for.*wait-for-task-stopped: true/);
    }),
  );

  it(
    'takes its settings in the place of those of the service',
    on(play({}), async (stage) => {
      const { status } = await stage.deploy({
        inputs: {
          ...waited,
          'run-task-container-overrides': '[{"name":"MyContainer","command":["migrate"],"memory":256}]',
          'run-task-subnets': 'subnet-1,subnet-2',
          'run-task-security-groups': 'sg-1',
          'run-task-assign-public-IP': 'ENABLED',
          'run-task-capacity-provider-strategy': '[{"capacityProvider":"FARGATE_SPOT","weight":1}]',
          'run-task-started-by': 'GitHub-Actions',
          'run-task-tags': '[{"key":"project","value":"shop"}]',
          'enable-ecs-managed-tags': 'true',
        },
      });
      expect(status).toBe(0);
      const request = tasksOf(stage)[0]?.request;
      expect(request).toMatchObject({
        startedBy: 'GitHub-Actions',
        overrides: { containerOverrides: [{ name: 'MyContainer', command: ['migrate'], memory: 256 }] },
        capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ['subnet-1', 'subnet-2'],
            securityGroups: ['sg-1'],
            assignPublicIp: 'ENABLED',
          },
        },
        tags: [{ key: 'project', value: 'shop' }],
        enableECSManagedTags: true,
      });
      expect(request).not.toHaveProperty('launchType');
      expect(request).not.toHaveProperty('platformVersion');
    }),
  );

  it(
    'runs in every run, also where nothing is deployed',
    on(play({}), async (stage) => {
      const image = `public.ecr.aws/nginx/nginx@sha256:${'a'.repeat(64)}`;
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
      const statuses: (string | undefined)[] = [];
      for (let run = 1; run <= 3; run++) {
        const { status, outputs } = await stage.deploy({ inputs: waited });
        statuses.push(outputs['deployment-status']);
        expect([status, tasksOf(stage).length]).toEqual([0, run]);
      }
      expect(statuses).toEqual(['SUCCEEDED', 'UNCHANGED', 'UNCHANGED']);
    }),
  );
});

describe('run-task without a service', () => {
  const alone = { ...waited, service: '', 'register-only': 'true', 'run-task-subnets': 'subnet-1' };

  it(
    'registers, runs the task on Fargate, and deploys nothing',
    on({ play: { oneOffTask: { logLines: ['migrated'] } } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: alone });
      expect([status, outputs['deployment-status']]).toEqual([0, 'REGISTERED']);
      expect(created(stage)).toEqual(['RegisterTaskDefinition', 'RunTask']);
      expect(tasksOf(stage)[0]?.request).toMatchObject({
        taskDefinition: outputs['task-definition-arn'],
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      });
      expect(JSON.parse(outputs['run-task-arn'] ?? '')).toHaveLength(1);
      expect(log).toContain('migrated');
    }),
  );

  it(
    'fails where the task does, and says what was registered',
    on({ play: { oneOffTask: { exitCode: 3 } } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ inputs: alone });
      expect([status, outputs['deployment-status']]).toEqual([1, 'TASK_FAILED']);
      expect(log).toMatch(/task \w+ ended with 3; arn:\S+ was registered/);
    }),
  );

  it(
    'runs on EC2 where the task definition is for that alone',
    on({}, async (stage) => {
      const ec2 = { networkMode: 'bridge', requiresCompatibilities: ['EC2'] } as const;
      stage.write('task.json', taskDefinition({ ...ec2, requiresCompatibilities: [...ec2.requiresCompatibilities] }));
      const { status } = await stage.deploy({ inputs: { ...alone, 'run-task-subnets': '' } });
      expect(status).toBe(0);
      expect(tasksOf(stage)[0]?.request).toMatchObject({ launchType: 'EC2' });
      expect(tasksOf(stage)[0]?.request).not.toHaveProperty('networkConfiguration');
    }),
  );
});

describe('the container whose exit code decides', () => {
  const sidecar = container({ name: 'proxy', essential: false, portMappings: [] });

  it.each([
    ['the first essential one', undefined, 'MyContainer'],
    ['the one that is given a command', '[{"name":"MyContainer","cpu":64},{"name":"proxy","command":["x"]}]', 'proxy'],
    ['another override', '[{"name":"proxy","cpu":64}]', 'proxy'],
  ])('is %s', async (_, overrides, name) => {
    await on({ play: { oneOffTask: { exitCode: 5 } } }, async (stage) => {
      stage.write('task.json', taskDefinition({ containerDefinitions: [sidecar, container()] }));
      const inputs = { ...waited, ...(overrides && { 'run-task-container-overrides': overrides }) };
      const { status, log } = await stage.deploy({ inputs });
      expect([status, log]).toEqual([1, expect.stringContaining(`run-task: container ${name} of task`)]);
    })();
  });
});

describe('the settings of run-task', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ ...waited, 'pre-deploy-command': 'MyContainer: x' }, /run-task: cannot be combined with pre-deploy-command/],
    [{ ...waited, service: '', 'register-only': 'true' }, /run-task-subnets: is required without a service/],
    [
      { service: '', 'register-only': 'true', 'pre-deploy-command': 'MyContainer=migrate' },
      /pre-deploy-command: cannot be combined with register-only/,
    ],
    [{ ...waited, 'run-task-container-overrides': '[{"name":"web"}]' }, /container web is not in the task definition/],
    [{ ...waited, 'run-task-container-overrides': '[{"command":["a"]}]' }, /each must have a name, a string/],
    [
      { ...waited, 'run-task-container-overrides': '[{"name":"MyContainer","commands":["a"]}]' },
      /has no field commands, did you mean command/,
    ],
    [{ ...waited, 'run-task-container-overrides': 'hunter2' }, /must be a JSON array of objects, got \*\*\*/],
    [{ ...waited, 'run-task-assign-public-IP': 'yes' }, /run-task-assign-public-IP: must be one of ENABLED, DISABLED/],
    [
      { ...waited, 'run-task-managed-ebs-volume-name': 'v', 'run-task-managed-ebs-volume': '{"sizeInGiB":1}' },
      /run-task-managed-ebs-volume: requires roleArn/,
    ],
  ])('%j are refused before anything is changed', async (inputs, problem) => {
    await on({}, async ({ deploy }) => {
      const { status, changes, log } = await deploy({ inputs });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toMatch(problem);
      expect(log).not.toContain('hunter2');
    })();
  });

  it(
    'without run-task are said to do nothing',
    on({}, async ({ deploy }) => {
      const { log } = await deploy({ inputs: { 'run-task-subnets': 'subnet-1', 'dry-run': 'true' } });
      expect(log).toContain('not used, because run-task is not true: run-task-subnets');
    }),
  );
});

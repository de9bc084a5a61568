import { describe, expect, it } from '@jest/globals';
import type { Scenario } from '../local/aws/compute';
import { ecsOf } from './deploy-ecs-stage';
import {
  codeDeployOf,
  container,
  deny,
  deployments,
  family,
  on,
  pinned,
  running,
  type Stage,
  type StageOptions,
  serviceOf,
  serviceUnder,
  taskDefinition,
} from './deploy-stage';
import { crash, type SignalAt } from './signal-at';

const migrate = { 'pre-deploy-command': 'MyContainer: npm run "migrate up"' };

/** The same service under each controller. */
const controllers: readonly [string, StageOptions][] = [
  ['CODE_DEPLOY', serviceUnder.CODE_DEPLOY],
  ['ECS', serviceUnder.ECS],
];

/** Somebody stops the deployment that is active, where it is. */
const stopActive = (stage: Stage) => {
  const [deployment] = stage.aws.compute.state.deployments;
  if (deployment) return codeDeployOf(stage).stopDeployment({ deploymentId: deployment.id });
  const serviceDeploymentArn = serviceOf(stage).serviceDeployments[0]!.arn;
  return ecsOf(stage).stopServiceDeployment({ serviceDeploymentArn, stopType: 'ABORT' });
};

const created = (stage: Stage) => stage.aws.mutations().map(({ operation }) => operation);
const oneOffTasks = ({ aws }: Stage) => aws.compute.state.tasks.filter(({ oneOff }) => oneOff);
/** The one-off task runs. */
const migrating = (stage: Stage): SignalAt => ({
  call: 'ecs:DescribeTasks',
  if: () => oneOffTasks(stage)[0]?.lastStatus === 'RUNNING',
  nth: 2,
});
const requestOf = (stage: Stage) => oneOffTasks(stage)[0]?.oneOff?.request;

describe.each(controllers)('a command before the deployment under %s', (_, options) => {
  const play = (oneOffTask: NonNullable<Scenario['oneOffTask']>) => ({ ...options, play: { oneOffTask } });

  it(
    'runs the new revision as the service runs, and its log is shown',
    on(play({ logLines: ['3 tables changed'], afterMs: 42_000 }), async (stage) => {
      const { status, log, outputs } = await stage.deploy({ inputs: migrate });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      const { network } = serviceOf(stage);
      expect(requestOf(stage)).toMatchObject({
        cluster: 'EcsCluster',
        taskDefinition: outputs['task-definition-arn'],
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: network },
        platformVersion: 'LATEST',
        overrides: { containerOverrides: [{ name: 'MyContainer', command: ['npm', 'run', 'migrate up'] }] },
      });
      expect(log).toMatch(/Log of pre-deploy-command:\n {2}3 tables changed\n.* ended with 0 after 42 s/);
      const calls = created(stage);
      expect(calls.indexOf('RunTask')).toBe(1);
      expect(calls.slice(2)).toEqual([expect.stringMatching(/CreateDeployment|UpdateService/)]);
    }),
  );

  it(
    'keeps the revision from being deployed unless it ends with 0',
    on(play({ exitCode: 3, logLines: ['table users is locked'] }), async (stage) => {
      const { status, changes, log, outputs, report } = await stage.deploy({ inputs: migrate });
      expect([status, outputs['deployment-status']]).toEqual([1, 'TASK_FAILED']);
      expect(changes).toEqual(['RegisterTaskDefinition', 'RunTask']);
      expect(log).toMatch(
        /Error: cannot deploy .*:2 to service EcsService: pre-deploy-command: container MyContainer of task \w+ ended with 3; no deployment was created; see https:\/\/.*\/tasks\//,
      );
      expect(log).toContain('table users is locked');
      expect(report).toContain('table users is locked');
    }),
  );

  it.each<[string, NonNullable<Scenario['oneOffTask']>, RegExp]>([
    ['is killed', { exitCode: 137, reason: 'OutOfMemoryError: killed' }, /ended with 137 \(OutOfMemoryError: killed\)/],
    [
      'cannot start',
      { cannotStart: 'CannotPullContainerError: no such image' },
      /never ran: TaskFailedToStart: .*no such image/,
    ],
    ['finds no place', { cannotPlace: 'RESOURCE:MEMORY' }, /could not be run: ECS starts no task: RESOURCE:MEMORY/],
    ['never ends', { neverEnds: true }, /had not ended after 4 minutes, and its task \w+ was stopped/],
  ])('says why where it %s', (_case, oneOffTask, said) =>
    on(play(oneOffTask), async (stage) => {
      const { status, log, outputs } = await stage.deploy({ inputs: { ...migrate, 'wait-for-minutes': '4' } });
      expect([status, outputs['deployment-status']]).toEqual([1, 'TASK_FAILED']);
      expect(log).toMatch(said);
      expect(created(stage)).not.toContain('CreateDeployment');
      await stage.aws.clock.advance(60_000);
      expect(oneOffTasks(stage).map(({ lastStatus }) => lastStatus)).toEqual(oneOffTasks(stage).map(() => 'STOPPED'));
    })(),
  );

  it(
    'is stopped, and its end told, when a signal comes',
    on(play({ neverEnds: true }), async (stage) => {
      const { status, log, changes } = await stage.deploy({ inputs: migrate, signal: migrating(stage) });
      expect([status, changes]).toEqual([143, ['RegisterTaskDefinition', 'RunTask', 'StopTask']]);
      expect(log).toMatch(
        /interrupted by SIGTERM: .*task \w+ was started, task \w+ was stopped, but no deployment was created/,
      );
    }),
  );

  it(
    'is taken up where an earlier run was killed, and is not run twice',
    on(play({ afterMs: 300_000 }), async (stage) => {
      expect((await stage.deploy({ inputs: migrate, signal: crash(migrating(stage)) })).status).toBe(137);
      const { status, log, changes } = await stage.deploy({ inputs: migrate });
      expect([status, changes]).toEqual([0, [expect.stringMatching(/CreateDeployment|UpdateService/)]]);
      expect(log).toMatch(/Task \w+ of an earlier run is working on pre-deploy-command: waiting for it/);
    }),
  );

  it(
    'is not run again where it has ended with 0 before an earlier run was killed, but for the next deployment',
    on(play({}), async (stage) => {
      const lift = deny(stage, '*:CreateDeployment', 'ecs:UpdateService');
      expect((await stage.deploy({ inputs: migrate })).status).toBe(1);
      lift();
      const second = await stage.deploy({ inputs: migrate });
      expect([second.status, second.changes]).toEqual([0, [expect.stringMatching(/CreateDeployment|UpdateService/)]]);
      expect(second.log).toMatch(/Task \w+ of an earlier run has already run pre-deploy-command/);
      const third = await stage.deploy({ inputs: { ...migrate, 'force-new-deployment': 'true' } });
      expect(third.changes[0]).toBe('RunTask');
    }),
  );

  it(
    'is run again where it failed',
    on(play({ exitCode: 1 }), async (stage) => {
      expect((await stage.deploy({ inputs: migrate })).status).toBe(1);
      stage.aws.compute.play({});
      const { status, changes } = await stage.deploy({ inputs: migrate });
      expect([status, changes[0]]).toEqual([0, 'RunTask']);
    }),
  );

  it(
    'is run where the deployment to adopt was stopped just before, and another one is begun',
    on({ ...options, play: { slowInstall: 600_000 } }, async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'none' } });
      stage.aws.compute.play({});
      let isStopped = false;
      const onOutput = (output: string) => {
        if (isStopped || !output.includes('Plan for service')) return;
        isStopped = true;
        void stopActive(stage);
      };
      const { status, changes } = await stage.deploy({ inputs: migrate, onOutput });
      expect([status, changes[0]]).toEqual([0, expect.stringMatching(/^Stop/)]);
      expect(changes.slice(1)).toEqual(['RunTask', expect.stringMatching(/CreateDeployment|UpdateService/)]);
    }),
  );

  it(
    'is not run where nothing is deployed, or a deployment of the revision is active already',
    on(play({}), async (stage) => {
      stage.write('task.json', running(pinned));
      await stage.deploy({ inputs: { 'wait-until': 'none' } });
      expect((await stage.deploy({ inputs: migrate })).changes).toEqual([]);
      const again = await stage.deploy({ inputs: migrate });
      expect([again.outputs['deployment-status'], again.changes]).toEqual(['UNCHANGED', []]);
    }),
  );

  it.each(['before', 'after'] as const)('is run once although the answer is lost %s it was started', (when) =>
    on(play({}), async (stage) => {
      stage.aws.faults.add({ on: 'ecs:RunTask', effect: { kind: 'drop', when } });
      expect((await stage.deploy({ inputs: migrate })).status).toBe(0);
      expect(oneOffTasks(stage)).toHaveLength(1);
    })(),
  );

  it(
    'is asked for again where an answer tells of neither a task nor a failure',
    on(play({}), async (stage) => {
      stage.aws.faults.add({ on: 'ecs:RunTask', effect: { kind: 'status', status: 200, body: '{}' } });
      expect((await stage.deploy({ inputs: migrate })).status).toBe(0);
      expect(oneOffTasks(stage)).toHaveLength(1);
    }),
  );

  it(
    'is stopped where the role may not see it',
    on(play({ neverEnds: true }), async (stage) => {
      deny(stage, 'ecs:DescribeTasks');
      const { status, changes, log } = await stage.deploy({ inputs: migrate });
      expect([status, changes]).toEqual([1, ['RegisterTaskDefinition', 'RunTask', 'StopTask']]);
      expect(log).toMatch(/Error: .*allow ecs:DescribeTasks.*No deployment was created; .*task \w+ was stopped/);
    }),
  );

  it.each([
    ['MyContainer npm', /pre-deploy-command: must have the form container: words/],
    ['MyContainer:', /pre-deploy-command: must have the form container: words/],
    ['MyContainer: ["npm"', /pre-deploy-command: its command begins with \[ but is not a JSON array/],
    ['MyContainer: []', /pre-deploy-command: has no command/],
    ["MyContainer: sh -c 'npm", /pre-deploy-command: its command has a quote \('\) that is never closed/],
    ['web: npm run migrate', /pre-deploy-command: container web is not in the task definition; it has MyContainer/],
  ])('is refused as %s', (command, said) =>
    on(options, async (stage) => {
      const { status, log, changes } = await stage.deploy({ inputs: { 'pre-deploy-command': command } });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toMatch(said);
    })(),
  );
});

it(
  'a sidecar that goes on does not keep the command from ending',
  on({ play: { oneOffTask: { afterMs: 1_000 } } }, async (stage) => {
    const migrator = container({ name: 'migrator', essential: false, portMappings: [] });
    stage.write('task.json', taskDefinition({ containerDefinitions: [container(), migrator] }));
    const { status, changes } = await stage.deploy({ inputs: { 'pre-deploy-command': 'migrator: ["up"]' } });
    expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', 'RunTask', 'StopTask', 'CreateDeployment']]);
  }),
);

it(
  'a command uses the settings of the AppSpec, which the new tasks will have',
  on({}, async (stage) => {
    stage.write('appspec.yaml', appSpec);
    const { status } = await stage.deploy({ inputs: migrate });
    expect(status).toBe(0);
    const { launchType, ...request } = requestOf(stage)!;
    expect(launchType).toBeUndefined();
    expect(request).toMatchObject({
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', base: 1, weight: 2 }],
      platformVersion: '1.4.0',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
      },
    });
  }),
);

const appSpec = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo: { ContainerName: MyContainer, ContainerPort: 80 }
        PlatformVersion: 1.4.0
        NetworkConfiguration:
          AwsvpcConfiguration: { Subnets: [subnet-1], SecurityGroups: [sg-1], AssignPublicIp: DISABLED }
        CapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Base: 1, Weight: 2 }]
`;

it(
  "a command waits for somebody else's deployment, and what is active is read again after it",
  on({ play: { oneOffTask: { afterMs: 120_000 } } }, async (stage) => {
    const somebody = () =>
      stage.aws.compute.startCompetingDeployment('tutorial-bluegreen-app', 'tutorial-bluegreen-dg');
    somebody();
    const onOutput = (output: string) => {
      if (output.includes('is RUNNING') && deployments(stage).length === 1) somebody();
    };
    const { status } = await stage.deploy({ inputs: migrate, onOutput });
    expect([status, deployments(stage)]).toEqual([0, ['user Succeeded', 'user Succeeded', 'user Succeeded']]);
    expect(oneOffTasks(stage)).toHaveLength(1);
    expect(stage.aws.compute.state.deployments.at(-1)?.green?.definition.family).toBe(family);
  }),
);

describe('a task of an earlier run', () => {
  const inputs = { 'pre-deploy-command': 'MyContainer: migrate' };

  it(
    'is not taken for none where AWS does not answer',
    on({}, async (stage) => {
      const effect = { kind: 'status', status: 503 } as const;
      stage.aws.faults.add({ on: 'ecs:ListTasks', times: 'always', effect });
      const { status, log, changes } = await stage.deploy({ inputs });
      expect([status, changes]).toEqual([1, ['RegisterTaskDefinition']]);
      expect(log).toMatch(/Error: cannot call ecs:ListTasks: .*No deployment was created; \S+:2 was registered/);
    }),
  );

  it(
    'is not known to a role that may not list tasks, which is told so',
    on({}, async (stage) => {
      deny(stage, 'ecs:ListTasks');
      const { status, log } = await stage.deploy({ inputs });
      expect(status).toBe(0);
      expect(log).toContain(
        'Whether an earlier run works on pre-deploy-command is not known: the role may not call ecs:ListTasks',
      );
    }),
  );
});

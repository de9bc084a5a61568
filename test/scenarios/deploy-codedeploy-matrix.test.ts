import { describe, expect, it } from '@jest/globals';
import type { Scenario, TutorialOptions } from '../local/aws/compute';
import {
  application,
  closePace,
  deployments,
  family,
  group,
  on,
  pinned,
  running,
  type Stage,
  servingRevision,
} from './deploy-stage';
import { crash, installing, registering, type SignalAt } from './signal-at';

/** One way in which a deployment goes, and all that it leaves. */
interface Case {
  readonly name: string;
  readonly seed?: TutorialOptions;
  readonly play?: Scenario;
  readonly given?: (stage: Stage) => unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly signal?: (stage: Stage) => SignalAt;
  readonly exit: number;
  /** The output `deployment-status`; undefined where there is no deployment to tell of. */
  readonly status: string | undefined;
  readonly says: RegExp;
  /** The deployments of CodeDeploy with their ends. */
  readonly ends: readonly (string | RegExp)[];
  /** The revision that has the traffic. */
  readonly serves: 1 | 2;
  readonly changes?: readonly string[];
}

const deployed = ['RegisterTaskDefinition', 'CreateDeployment'];
const rolledBack = ['user Failed', 'codeDeployRollback Succeeded'];
const stoppedBack = ['user Stopped', 'codeDeployRollback Succeeded'];
const late = (minutes: number, rollbackOn = '') => ({
  'wait-for-minutes': String(minutes),
  'wait-until': 'completed',
  'rollback-on': rollbackOn,
});
/** A deployment that has just been created. */
const begun = /(Created|InProgress)$/;
const refused = { times: 'always', effect: { kind: 'refuse' } } as const;
const hanging = { effect: { kind: 'hang', when: 'before' } } as const;

const hookFails = (event: NonNullable<Scenario['failHook']>['event']): Case => ({
  name: `the hook ${event} fails`,
  play: { failHook: { event, diagnostics: { message: 'page is broken' } } },
  exit: 3,
  status: 'ROLLED_BACK',
  says: new RegExp(`Error: .* was rolled back by d-\\w+: ${event} failed: .*page is broken`),
  ends: rolledBack,
  serves: 1,
});

const cases: readonly Case[] = [
  {
    name: 'it succeeds',
    exit: 0,
    status: 'SUCCEEDED',
    says: /runs CdkEcsInfraStackTaskDef:2: deployment d-\w+ succeeded/,
    ends: ['user Succeeded'],
    serves: 2,
  },
  hookFails('BeforeInstall'),
  hookFails('AfterInstall'),
  hookFails('AfterAllowTestTraffic'),
  hookFails('BeforeAllowTraffic'),
  hookFails('AfterAllowTraffic'),
  {
    name: 'an alarm goes off',
    seed: { alarms: ['Errors'], rollbackOn: ['DEPLOYMENT_STOP_ON_ALARM'], terminationWait: 5 },
    play: { alarmAt: { name: 'Errors', ms: 60_000 } },
    exit: 3,
    status: 'ROLLED_BACK',
    says: /was rolled back by d-\w+: an alarm went off/,
    ends: stoppedBack,
    serves: 1,
  },
  {
    name: 'its tasks crash',
    play: { crashTasks: { exitCode: 3, logLines: ['no database'] } },
    inputs: late(4, 'timeout'),
    exit: 3,
    status: 'ROLLED_BACK',
    says: /× EssentialContainerExited: .*exited with 3[\s\S]*no database/,
    ends: stoppedBack,
    serves: 1,
  },
  {
    name: 'its image cannot be pulled',
    play: { imagePullError: 'pull access denied' },
    inputs: late(4, 'timeout'),
    exit: 3,
    status: 'ROLLED_BACK',
    says: /× TaskFailedToStart: CannotPullContainerError: pull access denied/,
    ends: stoppedBack,
    serves: 1,
  },
  {
    name: 'its rollback fails',
    play: { failHook: { event: 'AfterAllowTraffic' }, rollbackFails: 'no capacity' },
    exit: 1,
    status: 'FAILED',
    says: /its rollback d-\w+ failed too \(.*no capacity.*\): check the traffic of the service/,
    ends: ['user Failed', 'codeDeployRollback Failed'],
    serves: 2,
  },
  {
    name: 'somebody stops it',
    seed: { terminationWait: 5 },
    play: { stopBySomebody: 20_000 },
    exit: 1,
    status: 'STOPPED',
    says: /did not finish: somebody stopped it .*nothing was rolled back/,
    ends: ['user Stopped'],
    serves: 1,
  },
  {
    name: 'somebody stops it with a rollback',
    seed: { terminationWait: 5 },
    play: { stopBySomebody: { ms: 60_000, rollback: true } },
    exit: 3,
    status: 'ROLLED_BACK',
    says: /was rolled back by d-\w+: somebody stopped it/,
    ends: stoppedBack,
    serves: 1,
  },
  {
    name: 'another deployment replaces it',
    seed: { terminationWait: 5 },
    play: { competingAt: 20_000 },
    exit: 5,
    status: 'SUPERSEDED',
    says: /was replaced by d-\w+, which somebody else started/,
    ends: ['user Stopped', begun],
    serves: 1,
  },
  {
    name: 'another one before it fails and is rolled back, which is waited for',
    play: { failHook: { event: 'AfterInstall' } },
    given: ({ aws }) => {
      aws.compute.startCompetingDeployment(application, group);
      const off = aws.compute.onEvent((event) => {
        if (event.type !== 'deployment' || event.status !== 'Failed') return;
        aws.compute.play({});
        off();
      });
    },
    inputs: closePace,
    exit: 0,
    status: 'SUCCEEDED',
    says: /Rollback d-\w+ has begun: waiting until it has ended[\s\S]*has ended: Succeeded[\s\S]*Registered/,
    ends: ['user Failed', 'codeDeployRollback Succeeded', 'user Succeeded'],
    serves: 2,
  },
  {
    name: 'its time is up',
    play: { neverStable: true },
    inputs: late(2),
    exit: 4,
    status: 'TIMED_OUT',
    says: /is still InProgress after 2 minutes and keeps running in AWS/,
    ends: ['user InProgress'],
    serves: 1,
  },
  {
    name: 'its time is up, and it is rolled back with all its traffic',
    seed: { terminationWait: 60 },
    inputs: late(14, 'timeout'),
    exit: 3,
    status: 'ROLLED_BACK',
    says: /was rolled back by d-\w+: it was not finished after 14 min/,
    ends: stoppedBack,
    serves: 1,
    changes: [...deployed, 'StopDeployment'],
  },
  {
    name: 'its time is up, and the role may not stop it',
    play: { neverStable: true },
    given: ({ aws }) => aws.faults.add({ on: 'codedeploy:StopDeployment', ...refused }),
    inputs: late(2, 'timeout'),
    exit: 4,
    status: 'TIMED_OUT',
    says: /Not rolled back: .*codedeploy:StopDeployment[\s\S]*Error: .* keeps running in AWS/,
    ends: ['user InProgress'],
    serves: 1,
  },
  {
    name: 'a signal comes between registering and creating',
    signal: () => registering,
    exit: 143,
    status: undefined,
    says: /interrupted by SIGTERM: arn:\S+:2 was registered, but no deployment was created; run again to deploy/,
    ends: [],
    serves: 1,
    changes: ['RegisterTaskDefinition'],
  },
  {
    name: 'a signal comes while it waits to be continued, and it is rolled back',
    seed: { readyWait: 600 },
    inputs: { 'rollback-on': 'interrupt' },
    signal: (stage) => ({
      call: 'codedeploy:GetDeployment',
      if: () => stage.aws.compute.state.deployments[0]?.status === 'Ready',
      nth: 2,
    }),
    exit: 143,
    status: 'STOPPED',
    says: /interrupted by SIGTERM: deployment d-\w+ was stopped and is being rolled back/,
    ends: ['user Stopped', begun],
    serves: 1,
    changes: [...deployed, 'StopDeployment'],
  },
  {
    name: 'a signal comes, and the role may not stop it',
    play: { neverStable: true },
    given: ({ aws }) => aws.faults.add({ on: 'codedeploy:StopDeployment', ...refused }),
    inputs: { 'rollback-on': 'interrupt' },
    signal: () => installing,
    exit: 143,
    status: 'IN_PROGRESS',
    says: /interrupted by SIGTERM: deployment d-\w+ could not be rolled back \(.*allow.*\) and is InProgress and keeps running in AWS/,
    ends: ['user InProgress'],
    serves: 1,
  },
  {
    name: 'it is forced',
    given: ({ write }) => write('task.json', running()),
    inputs: { 'force-new-deployment': 'true' },
    exit: 0,
    status: 'SUCCEEDED',
    says: /the latest revision is identical/,
    ends: ['user Succeeded'],
    serves: 1,
    changes: ['CreateDeployment'],
  },
  {
    name: 'the service runs it already',
    seed: { image: pinned },
    given: ({ write }) => write('task.json', running(pinned)),
    exit: 0,
    status: 'UNCHANGED',
    says: /runs CdkEcsInfraStackTaskDef:1 already; nothing was deployed/,
    ends: [],
    serves: 1,
    changes: [],
  },
  {
    name: 'a run was killed between registering and creating',
    given: async (stage) => {
      const lift = stage.aws.faults.add({ on: 'codedeploy:CreateDeployment', ...hanging });
      await stage.deploy({ signal: crash(registering) });
      lift();
    },
    exit: 0,
    status: 'SUCCEEDED',
    says: /the latest revision is identical/,
    ends: ['user Succeeded'],
    serves: 2,
    changes: ['CreateDeployment'],
  },
];

describe.each(['ECSAllAtOnce', 'ECSCanary10Percent5Minutes', 'ECSLinear10PercentEvery1Minutes'])('%s', (config) => {
  it.each(cases)(
    'when $name',
    ({ seed, play, given, inputs = {}, signal, exit, status, says, ends, serves, changes }) =>
      on(
        { seed: { deploymentConfig: `CodeDeployDefault.${config}`, ...seed }, ...(play && { play }) },
        async (stage) => {
          await given?.(stage);
          const done = await stage.deploy({ inputs, ...(signal && { signal: signal(stage) }) });
          expect(done.log).toMatch(says);
          expect([done.status, done.outputs['deployment-status']]).toEqual([exit, status]);
          expect([deployments(stage), servingRevision(stage)]).toEqual([
            ends.map((end) => (typeof end === 'string' ? end : expect.stringMatching(end))),
            `${family}:${serves}`,
          ]);
          if (changes) expect(done.changes).toEqual(changes);
          const [own] = stage.aws.compute.state.deployments.filter(({ creator }) => creator === 'user').slice(-1);
          if (status !== undefined && status !== 'UNCHANGED' && status !== 'SUPERSEDED') {
            expect(done.outputs).toMatchObject({
              'deployment-id': own?.id,
              'task-definition-arn': expect.stringMatching(new RegExp(`${family}:[12]$`)),
            });
          }
        },
      )(),
  );
});

import { describe, expect, it } from '@jest/globals';
import {
  after,
  before,
  breaker,
  compete,
  onService,
  servedRevision,
  serviceDeployments,
  strategies,
} from './deploy-ecs-stage';
import { type Stage, serviceOf } from './deploy-stage';
import { registering, rollingOut } from './signal-at';

const updates = ['RegisterTaskDefinition', 'UpdateService'];

describe.each(strategies)('another deployment, before a $name one', (strategy) => {
  it(
    'is waited for',
    onService(strategy, {}, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, updates]);
      expect(log).toMatch(/is active: waiting until it has ended[\s\S]*has ended: SUCCESSFUL[\s\S]*Registered/);
      expect(serviceDeployments(stage)).toEqual([`SUCCESSFUL ${before}`, `SUCCESSFUL ${after}`]);
    }),
  );

  it(
    'is waited for only so long, and nothing is registered then',
    onService(strategy, { play: { neverStable: true } }, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy({ inputs: { 'wait-for-minutes': '5' } });
      expect([status, changes]).toEqual([4, []]);
      expect(log).toMatch(/Error: cannot create the deployment: \w+ was still IN_PROGRESS after 5 minutes/);
    }),
  );

  it(
    'is stopped where that is asked for',
    onService(strategy, { play: { slowInstall: 100_000 } }, async (stage) => {
      await compete(stage);
      const { status, changes } = await stage.deploy({ inputs: { 'if-deploying': 'stop' } });
      expect([status, changes]).toEqual([0, ['StopServiceDeployment', ...updates]]);
      expect(serviceDeployments(stage)).toEqual([`ROLLBACK_SUCCESSFUL ${before}`, `SUCCESSFUL ${after}`]);
    }),
  );

  it(
    'is a reason to fail where that is asked for',
    onService(strategy, {}, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy({ inputs: { 'if-deploying': 'fail' } });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toMatch(/if-deploying: deployment \w+ is active, and fail was asked for/);
    }),
  );
});

describe.each(strategies)('the end of the time of a $name deployment', (strategy) => {
  const play = { neverStable: true };

  it(
    'leaves it as it is',
    onService(strategy, { play }, async (stage) => {
      const { status, outputs, log, changes } = await stage.deploy({ inputs: { 'wait-for-minutes': '2' } });
      expect([status, outputs['deployment-status'], changes]).toEqual([4, 'TIMED_OUT', updates]);
      expect(log).toMatch(/Error: .* is still IN_PROGRESS after 2 minutes and keeps running in AWS; see https/);
      expect(serviceDeployments(stage)).toEqual([`IN_PROGRESS ${after}`]);
    }),
  );

  it(
    'rolls it back where that is asked for',
    onService(strategy, { play }, async (stage) => {
      const inputs = { 'wait-for-minutes': '2', 'rollback-on': 'timeout' };
      const { status, outputs, log } = await stage.deploy({ inputs });
      expect([status, outputs['deployment-status']]).toEqual([3, 'ROLLED_BACK']);
      expect(log).toMatch(/Error: .* was rolled back: it was not finished after 2 min 0 s/);
      expect([serviceDeployments(stage), servedRevision(stage)]).toEqual([[`ROLLBACK_SUCCESSFUL ${after}`], before]);
    }),
  );
});

describe.each(strategies)('a signal in a $name deployment', (strategy) => {
  const play = { neverStable: true };

  it.each([['SIGTERM', 143] as const, ['SIGINT', 130] as const])('%s says how to go on', (signal, exit) =>
    onService(strategy, { play }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ signal: { ...rollingOut, name: signal } });
      expect([status, outputs['deployment-status']]).toEqual([exit, 'IN_PROGRESS']);
      expect(log).toMatch(
        new RegExp(`interrupted by ${signal}: deployment \\w+ is IN_PROGRESS and keeps running in AWS`),
      );
      expect(serviceDeployments(stage)).toEqual([`IN_PROGRESS ${after}`]);
    })(),
  );

  it(
    'rolls back where that is asked for',
    onService(strategy, { play }, async (stage) => {
      const { status, log, changes } = await stage.deploy({
        inputs: { 'rollback-on': 'interrupt' },
        signal: rollingOut,
      });
      expect([status, changes]).toEqual([143, [...updates, 'StopServiceDeployment']]);
      expect(log).toContain('was stopped and is being rolled back');
    }),
  );
});

const isReturning = (stage: Stage) => /^ROLLBACK_/.test(serviceOf(stage).serviceDeployments[0]?.status ?? '');

describe.each(strategies)('a signal in the rollback of a $name deployment', (strategy) => {
  it(
    'says that it goes on, and not how to stop it',
    onService(strategy, { more: breaker, play: { crashTasks: {} } }, async (stage) => {
      const { status, log } = await stage.deploy({
        signal: { call: 'ecs:DescribeServiceDeployments', if: () => isReturning(stage), nth: 2 },
      });
      expect(status).toBe(143);
      expect(log).toMatch(/interrupted by SIGTERM: deployment \w+ (is|had ended already:) ROLLBACK_\w+/);
      expect(log).not.toContain('stop-service-deployment');
    }),
  );
});

describe.each(strategies)('a signal around a $name deployment', (strategy) => {
  it(
    'right after the update leaves a deployment that is known',
    onService(strategy, {}, async (stage) => {
      const { status, outputs } = await stage.deploy({ signal: { call: 'ecs:UpdateService', when: 'took effect' } });
      const [deployment] = serviceOf(stage).serviceDeployments;
      expect([status, outputs['deployment-id']]).toEqual([143, deployment?.arn]);
    }),
  );

  it(
    'while another deployment is waited for leaves everything as it is',
    onService(strategy, { play: { neverStable: true } }, async (stage) => {
      await compete(stage);
      const { status, log, changes } = await stage.deploy({ signal: rollingOut });
      expect([status, changes]).toEqual([143, []]);
      expect(log).toContain('interrupted by SIGTERM: nothing was changed');
    }),
  );

  it(
    'between registering and updating says what was done, and a repeat goes on from there',
    onService(strategy, {}, async (stage) => {
      const lift = stage.aws.faults.add({ on: 'ecs:UpdateService', effect: { kind: 'hang', when: 'before' } });
      const { status, log, changes } = await stage.deploy({ signal: registering });
      lift();
      expect([status, changes, serviceDeployments(stage)]).toEqual([143, ['RegisterTaskDefinition'], []]);
      expect(log).toMatch(/Error: .*interrupted by SIGTERM/);
      expect(log).toContain(after);
      const again = await stage.deploy();
      expect([again.status, again.changes]).toEqual([0, ['UpdateService']]);
    }),
  );
});

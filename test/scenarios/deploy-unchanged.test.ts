/** When a service counts as unchanged, and what settings do to it then. */

import { describe, expect, it } from '@jest/globals';
import { after, breaker, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import {
  container,
  deny,
  deployments,
  family,
  on,
  pinned,
  running,
  type Stage,
  serviceOf,
  servingRevision,
  taskDefinition,
} from './deploy-stage';
import { crash, rollingOut } from './signal-at';

const [rolling] = strategies;

const refuseList = ({ aws }: Stage) => deny({ aws }, 'codedeploy:ListDeployments');

const failing = on({ seed: { rollbackOn: [] }, play: { failHook: { event: 'AfterAllowTraffic' } } }, async (stage) => {
  const first = await stage.deploy();
  expect([first.status, servingRevision(stage)]).toEqual([1, after]);
  const second = await stage.deploy();
  expect([second.status, second.changes]).toEqual([1, ['CreateDeployment']]);
  expect(second.log).toMatch(
    /runs this revision already, but its last deployment d-\w+ is Failed: it is deployed again/,
  );
});

const bridge = { networkMode: 'bridge' as const, requiresCompatibilities: [], cpu: '256', memory: '512' };

describe('a service is not unchanged', () => {
  it('after a deployment that failed with all its traffic moved', failing);

  it(
    'while a canary that was stopped still has its traffic',
    on(
      {
        seed: { deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes', rollbackOn: [] },
        play: { stopBySomebody: 120_000 },
      },
      async (stage) => {
        expect((await stage.deploy()).status).toBe(1);
        stage.aws.compute.play({});
        const { status, outputs } = await stage.deploy({ inputs: { 'task-definition': `${family}:1` } });
        expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
        const weights = stage.aws.compute.traffic(stage.seeded.productionListenerArn).map(({ weight }) => weight);
        expect([servingRevision(stage), Math.max(...weights)]).toEqual([`${family}:1`, 100]);
      },
    ),
  );

  it(
    'while a deployment is under way that the role may not list',
    on({ play: { slowInstall: 100_000 } }, async (stage) => {
      await stage.deploy({ inputs: { 'wait-until': 'none' } });
      refuseList(stage);
      const { status, outputs } = await stage.deploy({ inputs: { 'task-definition': `${family}:1` } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(deployments(stage)).toEqual(['user Succeeded', 'user Succeeded']);
      expect(servingRevision(stage)).toBe(`${family}:1`);
    }),
  );

  it.each([
    ['CODE_DEPLOY', on],
    ['ECS', (_: object, test: (stage: Stage) => Promise<void>) => onService(rolling, {}, test)],
  ] as const)('without its tasks, under %s', async (_, stageFor) => {
    await stageFor({}, async (stage) => {
      stage.write('task.json', running());
      stage.aws.compute.state.tasks.length = 0;
      const { status, log, outputs } = await stage.deploy();
      expect(log).toContain('the service runs this revision already, but 0 of its 2 tasks run: it is deployed again');
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
    })();
  });

  it(
    'when a fixed host port becomes a free one',
    on({ seed: { taskDefinition: bridge } }, async (stage) => {
      const ports = (hostPort: number) => ({
        ...bridge,
        containerDefinitions: [
          container({
            image: 'public.ecr.aws/nginx/nginx:1.27',
            portMappings: [{ containerPort: 80, hostPort, protocol: 'tcp' }],
          }),
        ],
      });
      stage.write('task.json', taskDefinition(ports(0)));
      const { changes, log } = await stage.deploy({ inputs: { 'dry-run': '', 'wait-until': 'none' } });
      expect([changes, log]).toEqual([
        ['RegisterTaskDefinition', 'CreateDeployment'],
        expect.stringContaining('hostPort'),
      ]);
    }),
  );
});

describe('settings without a new revision', () => {
  it(
    'are given to the service, and nothing is deployed',
    onService(rolling, { ecs: { image: pinned } }, async (stage) => {
      stage.write('task.json', running(pinned));
      const inputs = { 'rollback-on': 'failure', 'bake-time-minutes': '7', 'desired-count': '3' };
      const { status, outputs, changes } = await stage.deploy({ inputs });
      expect([status, outputs['deployment-status']]).toEqual([0, 'UNCHANGED']);
      expect(changes).toEqual(['UpdateService', 'UpdateService']);
      const { deploymentConfiguration, desiredCount } = serviceOf(stage);
      expect(deploymentConfiguration).toMatchObject({ ...breaker, bakeTimeInMinutes: 7 });
      expect([desiredCount, serviceDeployments(stage)]).toEqual([3, []]);
      expect((await stage.deploy({ inputs })).changes).toEqual([]);
    }),
  );

  it(
    'are not given to a deployment of a crashed run, but for the number of tasks',
    onService(rolling, { play: { slowInstall: 100_000 } }, async (stage) => {
      await stage.deploy({ signal: crash(rollingOut) });
      const { status, log } = await stage.deploy({ inputs: { 'desired-count': '4', 'rollback-on': 'failure' } });
      expect(status).toBe(0);
      expect(log).toContain('the requested ones do not apply to a deployment in progress');
      expect(serviceOf(stage).desiredCount).toBe(4);
    }),
  );
});

import { afterAll, describe, expect, it } from '@jest/globals';
import { allowedActions } from '../support/policies';
import { after, breaker, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import { container, deny, type Stage, taskDefinition } from './deploy-stage';

/** All that the action calls for a service under the ECS controller, and the least that can deploy. */
const full = allowedActions('ecs-bluegreen-deploy-ecs');
const least = allowedActions('ecs-bluegreen-deploy-ecs-minimal');
const made = new Set<string>();
const record = ({ aws }: Stage) => {
  for (const { service, operation } of aws.calls) made.add(`${service}:${operation}`);
};

describe('the policy for services under the ECS controller', () => {
  it.each(strategies)('allows a $name deployment', (strategy) =>
    onService(strategy, {}, async (stage) => {
      const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1';
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
      expect((await stage.deploy()).status).toBe(2);
      stage.write('task.json', taskDefinition());
      expect((await stage.deploy()).status).toBe(0);
      record(stage);
    })(),
  );

  it(
    'allows a deployment whose tasks crash, and its explanation',
    onService(strategies[1], { more: breaker, play: { crashTasks: { logLines: ['no'] } } }, async (stage) => {
      expect((await stage.deploy()).status).toBe(3);
      record(stage);
    }),
  );

  it(
    'allows a time-out with a rollback',
    onService(strategies[0], { play: { neverStable: true } }, async (stage) => {
      const inputs = { 'wait-for-minutes': '1', 'rollback-on': 'timeout' };
      expect((await stage.deploy({ inputs })).status).toBe(3);
      record(stage);
    }),
  );

  it(
    'allows a deployment that pauses for a gate',
    onService(
      strategies[1],
      {
        ecs: { alarms: ['errors'] },
        more: { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }] },
      },
      async (stage) => {
        await stage.deploy({ inputs: { 'wait-until': 'test-traffic' } });
        expect((await stage.deploy({ inputs: { 'if-deploying': 'continue' } })).status).toBe(0);
        record(stage);
      },
    ),
  );

  it(
    'allows a command before the deployment, and to stop it',
    onService(strategies[0], { play: { oneOffTask: { neverEnds: true } } }, async (stage) => {
      const inputs = { 'pre-deploy-command': 'MyContainer: npm run migrate', 'wait-for-minutes': '1' };
      expect((await stage.deploy({ inputs })).outputs['deployment-status']).toBe('TASK_FAILED');
      record(stage);
    }),
  );

  afterAll(() => {
    expect([...made].sort()).toEqual([...full].filter((action) => action !== 'iam:PassRole').sort());
  });
});

it.each(strategies)('the minimal policy is enough for a $name deployment', (strategy) =>
  onService(strategy, {}, async (stage) => {
    for (const on of [...full].filter((action) => !least.has(action))) {
      deny(stage, on);
    }
    const { status, log } = await stage.deploy();
    expect([status, serviceDeployments(stage)]).toEqual([0, [`SUCCESSFUL ${after}`]]);
    const refused = log.match(/the role may not call \S+/g) ?? [];
    expect(new Set(refused).size).toBe(refused.length);
  })(),
);

/** What a version of tomorrow may answer, and what a signal leaves unsaid. */

import { describe, expect, it } from '@jest/globals';
import { breaker, onService, strategies } from './deploy-ecs-stage';
import { group, on, serviceOf } from './deploy-stage';
import { rewritingAws } from './rewriting-aws';

it(
  'a strategy that this version does not know is deployed by, and nothing is said of its steps',
  onService(strategies[1], {}, async (stage) => {
    const service = serviceOf(stage);
    service.deploymentConfiguration = { ...service.deploymentConfiguration, strategy: 'SHADOW' as never };
    const { status, log } = await stage.deploy();
    expect(status).toBe(0);
    expect(log).toContain('controller       ECS, SHADOW');
    expect(log).not.toContain('unexpected error');
  }),
);

it(
  'a deployment group that does not exist is told with the one that deploys the service',
  on({}, async (stage) => {
    const inputs = { 'codedeploy-application': '', 'codedeploy-deployment-group': 'wrong' };
    const { status, log } = await stage.deploy({ inputs });
    expect(status).toBe(2);
    expect(log).toMatch(
      new RegExp(
        `there is no deployment group wrong of this service in any application, and the service is deployed by tutorial-bluegreen-app/${group}`,
      ),
    );
  }),
);

it.each(['ecs:DescribeServices', 'ecs:DescribeTaskDefinition', 'codedeploy:GetDeploymentGroup'])(
  'a signal while %s is read prints no plan, and no note about it',
  (operation) =>
    on({}, async (stage) => {
      stage.aws.faults.add({ on: operation, times: 'always', effect: { kind: 'hang' } });
      const { status, log, changes } = await stage.deploy({ signal: { call: operation } });
      expect([status, changes]).toEqual([143, []]);
      expect(log).not.toMatch(/Plan for|Note:|Interruption/);
    })(),
);

it(
  'a rollback without a reason is told by the event of the service that has one',
  onService(strategies[1], { more: breaker, play: { crashTasks: {} } }, async (stage) => {
    const { endpoint } = await stage.aws.listen();
    const middle = await rewritingAws(endpoint, (call, answer) => {
      if (call !== 'DescribeServiceDeployments') return answer;
      const deployments = answer['serviceDeployments'] as Record<string, unknown>[];
      const left = { statusReason: undefined, rollback: undefined, deploymentCircuitBreaker: undefined };
      return { ...answer, serviceDeployments: deployments.map((one) => ({ ...one, ...left })) };
    });
    const { status, log } = await stage.deploy({ env: { AWS_ENDPOINT_URL: middle.endpoint } });
    await middle.close();
    expect(status).toBe(3);
    expect(log).toMatch(/^Error: .* was rolled back: ECS deployment circuit breaker: tasks failed to start \(/m);
  }),
);

describe('an answer that leaves out what is always there', () => {
  const answers = (call: string, body: object) =>
    on({}, async (stage) => {
      const effect = { kind: 'garble', body: JSON.stringify(body) } as const;
      stage.aws.faults.add({ on: call, times: 'always', effect });
      const { status, log, changes } = await stage.deploy();
      expect(log).not.toMatch(/undefined|unexpected error/);
      expect([status, changes]).toEqual(expectedAt(call));
    })();
  const expectedAt = (call: string) =>
    call === 'ecs:DescribeServices' ? [1, []] : [0, ['RegisterTaskDefinition', 'CreateDeployment']];

  it('is no service without a status', () =>
    answers('ecs:DescribeServices', { services: [{ serviceName: 'EcsService' }] }));

  it('may be the platform of a deployment group that deploys this service', () =>
    answers('codedeploy:GetDeploymentGroup', {
      deploymentGroupInfo: { ecsServices: [{ clusterName: 'EcsCluster', serviceName: 'EcsService' }] },
    }));
});

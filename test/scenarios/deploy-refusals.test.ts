import { describe, expect, it } from '@jest/globals';
import { deny, on, serviceOf } from './deploy-stage';

const appSpec = (version: string, more = '') => `version: ${version}
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo: { ContainerName: MyContainer, ContainerPort: 80 }
${more}`;

const spot = [
  { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 3 },
  { capacityProvider: 'FARGATE', base: 1, weight: 1 },
];

describe('an AppSpec of a real team', () => {
  it.each(['1', '1.0', '"1"'])('with version %s is read as 0.0, with a note', (version) =>
    on({}, async (stage) => {
      stage.write('appspec.yaml', appSpec(version));
      const { status, log } = await stage.deploy();
      expect(status).toBe(0);
      expect(log).toContain('Note: appspec.yaml version: 1 is read as 0.0');
      const [deployment] = stage.aws.compute.state.deployments;
      expect(deployment?.revision.appSpecContent?.content).toMatch(/^\{"version":0\.0,/);
    })(),
  );

  it.each(['', '        CapacityProviderStrategy: []', '        capacityproviderstrategy:'])(
    'without capacity providers keeps those of the service (%j)',
    (more) =>
      on({}, async (stage) => {
        serviceOf(stage).capacityProviderStrategy = spot;
        for (const fleet of serviceOf(stage).fleets) fleet.capacityProviderStrategy = spot;
        stage.write('appspec.yaml', appSpec('0.0', more));
        const { status, log } = await stage.deploy();
        expect(status).toBe(0);
        expect(log).toContain('that of the service is added (FARGATE_SPOT, FARGATE), which CodeDeploy would drop');
        expect(stage.aws.compute.state.deployments[0]?.green?.capacityProviderStrategy).toEqual(spot);
      })(),
  );

  it(
    'with capacity providers of its own keeps them',
    on({}, async (stage) => {
      for (const fleet of serviceOf(stage).fleets) fleet.capacityProviderStrategy = spot;
      stage.write(
        'appspec.yaml',
        appSpec('0.0', '        CapacityProviderStrategy: [{ CapacityProvider: FARGATE, Base: 0, Weight: 1 }]'),
      );
      const { log } = await stage.deploy();
      expect(log).not.toContain('CapacityProviderStrategy');
      expect(stage.aws.compute.state.deployments[0]?.green?.capacityProviderStrategy).toEqual([
        { capacityProvider: 'FARGATE', base: 0, weight: 1 },
      ]);
    }),
  );
});

it.each(['canary', 'linear'])(
  '%s for a service without a load balancer is deployed, with a note: a gateway is not to be seen',
  (strategy) =>
    on({ ecs: { deployment: { bakeTimeInMinutes: 1 } } }, async (stage) => {
      serviceOf(stage).loadBalancers = [];
      const { status, log } = await stage.deploy({ inputs: { strategy } });
      expect(status).toBe(0);
      expect(log).toContain(
        `Note: ${strategy} shifts traffic with a load balancer, Service Connect, VPC Lattice or a gateway`,
      );
    })(),
);

it('says what a role costs that may not read task definitions', () =>
  on({}, async (stage) => {
    deny(stage, 'ecs:DescribeTaskDefinition');
    const { status, log } = await stage.deploy();
    expect(status).toBe(0);
    expect(log).toMatch(
      /so that every run registers and deploys a new one \(ecs:DescribeTaskDefinition is needed to tell\).*: the role may not call/,
    );
  })());

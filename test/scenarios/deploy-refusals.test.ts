import { describe, expect, it } from '@jest/globals';
import { deny, on, serviceOf, widePace } from './deploy-stage';

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

describe.each(['blue-green', 'canary', 'linear'])('strategy: %s for a service', (strategy) => {
  const lattice = {
    roleArn: 'arn:aws:iam::123456789012:role/ecsInfrastructureRole',
    targetGroupArn: 'arn:aws:vpc-lattice:us-west-2:123456789012:targetgroup/tg-0123456789abcdef0',
    portName: 'web',
  };
  const advanced = {
    alternateTargetGroupArn: lattice.targetGroupArn.replace(/0$/, '1'),
    productionListenerRule: 'arn:aws:vpc-lattice:us-west-2:123456789012:service/svc-1/listener/listener-1/rule/rule-1',
  };
  const note = 'shifts traffic with a load balancer, Service Connect, VPC Lattice or a gateway; ECS reports none';
  const shifted = { CANARY: 'canary', LINEAR: 'linear', BLUE_GREEN: 'blue-green' };
  const blueGreen = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 } as const;
  type Balancing = Pick<ReturnType<typeof serviceOf>, 'serviceConnect' | 'vpcLattice'> & { keepsBalancers?: true };

  it.each<[string, Balancing, boolean]>([
    ['VPC Lattice', { vpcLattice: [lattice] }, false],
    [
      'VPC Lattice with advancedConfiguration',
      { vpcLattice: [{ ...lattice, advancedConfiguration: advanced }] },
      false,
    ],
    ['Service Connect', { serviceConnect: { enabled: true } }, false],
    [
      'a load balancer and VPC Lattice with advancedConfiguration',
      { vpcLattice: [{ ...lattice, advancedConfiguration: advanced }], keepsBalancers: true },
      false,
    ],
    ['a gateway, which ECS does not tell of', {}, true],
  ])('with %s is deployed', (_, { keepsBalancers, ...balancing }, isNoted) =>
    on({ ecs: { deployment: keepsBalancers ? blueGreen : { bakeTimeInMinutes: 1 } } }, async (stage) => {
      const service = Object.assign(serviceOf(stage), balancing);
      if (!keepsBalancers) service.loadBalancers = [];
      const { status, outputs, log } = await stage.deploy({ inputs: { ...widePace, strategy } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      const { status: ended, target } = service.serviceDeployments[0]!;
      expect([ended, target.revision.taskDefinition]).toEqual(['SUCCESSFUL', outputs['task-definition-arn']]);
      const { strategy: set = '' } = service.deploymentConfiguration;
      expect(shifted[set as keyof typeof shifted]).toBe(strategy);
      expect(log.includes(note)).toBe(isNoted && strategy !== 'blue-green');
    })(),
  );

  it.each<[string, Balancing]>([
    ['VPC Lattice', { vpcLattice: [{ ...lattice, advancedConfiguration: advanced }] }],
    ['Service Connect', { serviceConnect: { enabled: true } }],
  ])('may have test traffic by %s, although its load balancer has no test listener', (_, balancing) =>
    on({ ecs: { deployment: blueGreen, testListener: false } }, async (stage) => {
      Object.assign(serviceOf(stage), balancing);
      const { status } = await stage.deploy({ inputs: { strategy, 'wait-until': 'test-traffic' } });
      expect(status).toBe(0);
    })(),
  );
});

it('says what a role costs that may not read task definitions', () =>
  on({}, async (stage) => {
    deny(stage, 'ecs:DescribeTaskDefinition');
    const { status, log } = await stage.deploy();
    expect(status).toBe(0);
    expect(log).toMatch(
      /so that every run registers and deploys a new one \(ecs:DescribeTaskDefinition is needed to tell\).*: the role may not call/,
    );
  })());

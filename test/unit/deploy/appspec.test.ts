import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readAppSpec } from '../../../actions/ecs-bluegreen-deploy/src/plan/appspec';
import { checkAppSpec, checkTarget } from '../../../actions/ecs-bluegreen-deploy/src/plan/appspec-checks';
import { completeAppSpec, generateAppSpec } from '../../../actions/ecs-bluegreen-deploy/src/plan/appspec-content';
import { fc } from '../../support/properties';

const arn = 'arn:aws:ecs:us-west-2:123456789012:task-definition/web:7';

const yaml = `
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "<TaskDefinitionArn>"
        LoadBalancerInfo:
          ContainerName: "MyContainer"
          ContainerPort: 80
        PlatformVersion: "LATEST"
        NetworkConfiguration:
          AwsvpcConfiguration:
            Subnets: [subnet-1, subnet-2]
Hooks:
  - AfterAllowTestTraffic: CheckThePage
`;
const read = (text: string) => readAppSpec({ name: 'appspec.yaml', text });

const taskDefinition = {
  containerDefinitions: [
    { name: 'MyContainer', portMappings: [{ containerPort: 80 }, { containerPortRange: '9000-9010' }] },
    { name: 'proxy' },
  ],
};
const around = {
  region: 'us-west-2',
  taskDefinition,
  loadBalancers: [{ containerName: 'MyContainer', containerPort: 80 }],
};

describe('an AppSpec that is completed', () => {
  it('has the ARN, the version as CodeDeploy writes it, and keeps everything else', () => {
    const content = completeAppSpec(read(yaml).appSpec!, arn, {});
    expect(content).toMatch(/^\{"version":0\.0,/);
    const expected = parse(yaml);
    expected.Resources[0].TargetService.Properties.TaskDefinition = arn;
    expect(JSON.parse(content)).toEqual(expected);
  });

  it('keeps the letter case of its keys, and may lack the task definition', () => {
    const text = JSON.stringify({
      hooks: [{ beforeAllowTraffic: 'Check' }],
      VERSION: 0.0,
      resources: [
        {
          mine: {
            type: 'AWS::ECS::Service',
            properties: { loadBalancerInfo: { containerName: 'a', containerPort: 1 } },
          },
        },
      ],
    });
    const { appSpec, findings } = read(text);
    expect(findings).toEqual([]);
    expect(appSpec).toMatchObject({
      container: 'a',
      port: 1,
      hooks: [{ event: 'beforeAllowTraffic', lambda: 'Check' }],
    });
    const { resources, hooks } = JSON.parse(completeAppSpec(appSpec!, arn, {}));
    expect(resources[0].mine.properties).toEqual({
      loadBalancerInfo: { containerName: 'a', containerPort: 1 },
      TaskDefinition: arn,
    });
    expect(hooks).toEqual([{ beforeAllowTraffic: 'Check' }]);
  });

  it('is the same text for the same input, whatever it holds', () => {
    const properties = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(properties, (extra) => {
        const resource = { Type: 'AWS::ECS::Service', Properties: { ...extra, LoadBalancerInfo: {} } };
        const text = JSON.stringify({ version: 0, Resources: [{ S: resource }] });
        const { appSpec } = read(text);
        if (!appSpec) return;
        const content = completeAppSpec(appSpec, arn, {});
        expect(completeAppSpec(read(text).appSpec!, arn, {})).toBe(content);
        expect(JSON.parse(content).version).toBe(0);
      }),
    );
  });
});

describe('an AppSpec that is generated', () => {
  it('has the container, the port, and what the running task set has', () => {
    const service = {
      taskSets: [
        {
          status: 'PRIMARY',
          platformVersion: '1.4.0',
          capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 3 }],
        },
      ],
    };
    expect(JSON.parse(generateAppSpec(service, { container: 'web', port: 8080 }, arn))).toEqual({
      version: 0,
      Resources: [
        {
          TargetService: {
            Type: 'AWS::ECS::Service',
            Properties: {
              TaskDefinition: arn,
              LoadBalancerInfo: { ContainerName: 'web', ContainerPort: 8080 },
              PlatformVersion: '1.4.0',
              CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Base: 0, Weight: 3 }],
            },
          },
        },
      ],
    });
  });
});

describe('an AppSpec that cannot be read', () => {
  it.each([
    ['a: [', 'is not YAML: Flow sequence'],
    ['- a', 'must be a mapping'],
    ['version: 2\nResources: []', 'must be 0.0, got 2'],
    ['version: 0.0\nResources: []', 'must be a list of exactly one resource'],
    [
      'version: 0.0\nResources: [{A: {Type: AWS::Lambda::Function}}]',
      'must be AWS::ECS::Service, got "AWS::Lambda::Function"',
    ],
    ['version: 0.0\nResources: [{A: {Type: AWS::ECS::Service}}]', 'must have Properties'],
    [
      'version: 0.0\nHooks: x\nResources: [{A: {Type: AWS::ECS::Service, Properties: {}}}]',
      'must be a list with one event',
    ],
  ])('%j says why', (text, problem) => {
    const { findings } = read(text);
    expect(findings.map((finding) => finding.problem).join()).toContain(problem);
  });
});

describe('an AppSpec that does not fit', () => {
  const check = (change: (text: string) => string) =>
    checkAppSpec(read(change(yaml)).appSpec!, around).map(({ where, problem }) => `${where}: ${problem}`);

  it('is told apart from one that fits', () => {
    expect(check((text) => text)).toEqual([]);
  });

  it.each<[string, (text: string) => string, string]>([
    ['no container', (text) => text.replace('ContainerName', 'Name'), 'must have a ContainerName'],
    ['no port', (text) => text.replace('ContainerPort: 80', ''), 'ContainerPort must be a port from 1 to 65535'],
    [
      'another container',
      (text) => text.replace('"MyContainer"', 'web'),
      'container web is not in the task definition; it has MyContainer, proxy',
    ],
    [
      'a port that is not open',
      (text) => text.replace('80', '81'),
      'container MyContainer does not open port 81 in the task definition; it opens 80, 9000-9010',
    ],
    [
      'another port than the service',
      (text) => text.replace('80', '9005'),
      'says MyContainer:9005, but the load balancer of the service sends to MyContainer:80',
    ],
    [
      'an unknown event',
      (text) => text.replace('AfterAllowTestTraffic', 'AfterTest'),
      'Hooks.AfterTest: is not an event that can have a hook',
    ],
    [
      'an event without hooks',
      (text) => text.replace('AfterAllowTestTraffic', 'Install'),
      'Hooks.Install: is not an event that can have a hook',
    ],
    ['no function', (text) => text.replace('CheckThePage', '""'), 'must be the name or the ARN of a Lambda function'],
    [
      'a function elsewhere',
      (text) => text.replace('CheckThePage', 'arn:aws:lambda:eu-west-1:123456789012:function:x'),
      'must be a Lambda function in us-west-2',
    ],
  ])('%s', (_, change, problem) => {
    expect(check(change).join('\n')).toContain(problem);
  });

  it('has the container of the service where it is generated', () => {
    expect(checkTarget('task-definition', { container: 'proxy', port: 80 }, { taskDefinition })).toEqual([
      {
        where: 'task-definition',
        problem: 'container proxy does not open port 80 in the task definition; it opens none; add a portMapping',
      },
    ]);
  });
});

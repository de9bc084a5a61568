import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { projectRoot } from '../../support/project-files';

/** What cfn-lint does not look at, and what an account would refuse. */

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Export?: { readonly Name: string } }>>;
}

const textOf = (name: string) => readFileSync(join(projectRoot, 'docs/templates', name), 'utf8');
/** Short forms such as `!Ref` become the text behind them. */
const read = (name: string) => parse(textOf(name), { logLevel: 'silent' }) as Template;
const platform = read('platform.yaml');
const services = ['service-codedeploy.yaml', 'service-ecs.yaml'] as const;

const ofType = ({ Resources }: Template, type: string) =>
  Object.entries(Resources).filter(([, one]) => one.Type === type);
const dependsOn = ({ DependsOn = [] }: Resource) => [DependsOn].flat();

describe('platform.yaml', () => {
  // When a DependsOn attribute is required, in the CloudFormation template reference: the load balancer is in these subnets.
  it('attaches the gateway before anything needs a public address, and detaches it afterwards', () => {
    const [attachment] = ofType(platform, 'AWS::EC2::VPCGatewayAttachment');
    const subnets = ofType(platform, 'AWS::EC2::Subnet');
    expect(subnets).toHaveLength(2);
    for (const [name, subnet] of subnets) {
      expect(dependsOn(subnet)).toContain(attachment![0]);
      expect(JSON.stringify(platform.Resources['LoadBalancer'])).toContain(`"${name}"`);
    }
  });

  // aws-cloudformation/cloudformation-coverage-roadmap#818
  it('creates a cluster that can be the first one of an account', () => {
    for (const [, { Properties }] of ofType(platform, 'AWS::ECS::Cluster')) {
      expect(Properties).not.toHaveProperty('CapacityProviders');
    }
  });
});

describe.each(services)('%s', (name) => {
  const template = read(name);

  it('imports what platform.yaml exports', () => {
    const imported = [...textOf(name).matchAll(/\$\{Platform\}(-\w+)/g)].map(([, suffix]) => suffix!);
    const exported = Object.values(platform.Outputs).flatMap(({ Export }) => (Export ? [Export.Name] : []));
    expect(imported.length).toBeGreaterThan(5);
    for (const suffix of imported) expect(exported).toContain(`\${AWS::StackName}${suffix}`);
  });

  it('creates the service when its target groups belong to the load balancer', () => {
    const [[, service]] = ofType(template, 'AWS::ECS::Service') as [[string, Resource]];
    const named = [...dependsOn(service), ...JSON.stringify(service).matchAll(/Listener\w*":"(\w+)"/g)].map((one) =>
      typeof one === 'string' ? one : one[1],
    );
    const forwarding = [
      ...ofType(template, 'AWS::ElasticLoadBalancingV2::Listener'),
      ...ofType(template, 'AWS::ElasticLoadBalancingV2::ListenerRule'),
    ].filter(([, one]) => JSON.stringify(one).includes('TargetGroup'));
    expect(forwarding).toHaveLength(2);
    for (const [rule] of forwarding) expect(named).toContain(rule);
  });

  it('listens where visitors and tests are let in', () => {
    const ranges = JSON.stringify(platform.Resources['LoadBalancerSecurityGroup']);
    for (const port of ['ProductionPort', 'TestPort']) {
      const { MinValue, MaxValue } = template.Parameters[port] as Record<string, unknown>;
      expect(ranges).toContain(`"FromPort":${MinValue},"ToPort":${MaxValue}`);
    }
  });

  it('runs the container, the port and the log group that task.json names', () => {
    const task = JSON.parse(textOf('task.json'));
    const [container] = task.containerDefinitions;
    const [[, first]] = ofType(template, 'AWS::ECS::TaskDefinition') as [[string, Resource]];
    const [own] = first.Properties['ContainerDefinitions'] as [
      { Name: string; PortMappings: { ContainerPort: number }[] },
    ];
    expect([own.Name, own.PortMappings[0]?.ContainerPort]).toEqual([
      container.name,
      container.portMappings[0].containerPort,
    ]);
    expect(template.Resources['LogGroup']!.Properties['LogGroupName']).toBe(`/ecs/$\{ServiceName}`);
    expect(container.logConfiguration.options['awslogs-group']).toBe(`/ecs/${task.family}`);
  });
});

describe('deploy-role.yaml', () => {
  it('has a parameter for every name that the policies of docs/iam have as an example', () => {
    expect(textOf('deploy-role.yaml')).not.toMatch(/Cdk|EcsCluster|EcsService|tutorial|AppRole|team\/app|\d{12}/);
  });
});

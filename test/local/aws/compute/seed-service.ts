import type { AwsVpcConfiguration, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { createFleet, runAtOnce } from './ecs/fleets';
import { registerTaskDefinition } from './ecs/task-definitions';
import { addBalancer, type SeededBalancer } from './seed-balancer';
import type { ClusterRecord, ServiceRecord } from './state';
import { arnOf, dateOf, roleArnOf, type World } from './world';

/** What a seeded service looks like; everything has a default. */
export interface ServiceOptions {
  readonly cluster?: string;
  readonly service?: string;
  readonly family?: string;
  readonly container?: string;
  readonly containerPort?: number;
  readonly image?: string;
  readonly desiredCount?: number;
  /** On port 8080; there is one by default. */
  readonly testListener?: boolean;
  /** Further fields of the first task definition, and replacements of its defaults. */
  readonly taskDefinition?: Partial<RegisterTaskDefinitionRequest>;
  /** Alarms that watch its deployments, all OK. */
  readonly alarms?: readonly string[];
}

/** Names and ARNs of what was seeded. */
export interface Seeded extends SeededBalancer {
  readonly clusterArn: string;
  readonly serviceArn: string;
  readonly taskDefinitionArn: string;
}

export const defaults = {
  cluster: 'EcsCluster',
  service: 'EcsService',
  family: 'CdkEcsInfraStackTaskDef',
  container: 'MyContainer',
  containerPort: 80,
  image: 'public.ecr.aws/nginx/nginx:1.27',
  desiredCount: 2,
};

/** A service behind a load balancer with two target groups; the first carries all traffic. */
export async function seedService(
  world: World,
  options: ServiceOptions & { readonly controller: ServiceRecord['controller'] },
): Promise<Seeded> {
  const names = { ...defaults, ...options };
  const { definition } = registerTaskDefinition(world, {
    ...firstTaskDefinition(world, names),
    ...options.taskDefinition,
  });
  const balancer = addBalancer(world, names.service, options.testListener ?? true);
  const { blueTargetGroupArn } = balancer;
  const service = addService(world, names, blueTargetGroupArn);
  const fleet = createFleet(world, service, definition, {
    targetGroupArn: blueTargetGroupArn,
    status: 'PRIMARY',
    replacement: false,
  });
  await runAtOnce(world, fleet);
  return {
    clusterArn: service.cluster.arn,
    serviceArn: service.arn,
    taskDefinitionArn: definition.taskDefinitionArn ?? '',
    ...balancer,
  };
}

function firstTaskDefinition(world: World, names: typeof defaults): RegisterTaskDefinitionRequest {
  const { family, container: name, image, containerPort } = names;
  const options = {
    'awslogs-group': `/ecs/${family}`,
    'awslogs-region': world.region,
    'awslogs-stream-prefix': 'ecs',
  };
  world.state.logGroups.set(`/ecs/${family}`, new Map());
  return {
    family,
    executionRoleArn: roleArnOf(world, 'iam', 'role/AppRole'),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name,
        image,
        essential: true,
        portMappings: [{ containerPort, hostPort: containerPort, protocol: 'tcp' }],
        logConfiguration: { logDriver: 'awslogs', options },
      },
    ],
  };
}

function addCluster(world: World, name: string): ClusterRecord {
  const cluster = world.state.clusters.get(name) ?? { name, arn: arnOf(world, 'ecs', `cluster/${name}`) };
  world.state.clusters.set(name, cluster);
  return cluster;
}

const vpc: AwsVpcConfiguration = {
  subnets: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'],
  securityGroups: ['sg-0a1b2c3d4e5f60003'],
  assignPublicIp: 'ENABLED',
};

function addService(
  world: World,
  names: typeof defaults & { readonly controller: ServiceRecord['controller'] },
  targetGroupArn: string,
): ServiceRecord {
  const cluster = addCluster(world, names.cluster);
  const service: ServiceRecord = {
    arn: arnOf(world, 'ecs', `service/${cluster.name}/${names.service}`),
    name: names.service,
    cluster,
    controller: names.controller,
    createdAt: dateOf(world),
    status: 'ACTIVE',
    desiredCount: names.desiredCount,
    loadBalancers: [{ targetGroupArn, containerName: names.container, containerPort: names.containerPort }],
    network: vpc,
    platformVersion: 'LATEST',
    capacityProviderStrategy: undefined,
    deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    events: [],
    fleets: [],
    serviceDeployments: [],
    serviceRevisions: [],
  };
  world.state.services.set(service.arn, service);
  return service;
}

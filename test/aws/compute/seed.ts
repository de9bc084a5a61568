import type {
  AutoRollbackEvent,
  BlueGreenDeploymentConfiguration,
  DeploymentReadyAction,
  TrafficRoute,
} from '@aws-sdk/client-codedeploy';
import type { AwsVpcConfiguration, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { createFleet, runAtOnce } from './ecs/fleets';
import { registerTaskDefinition } from './ecs/task-definitions';
import type { ApplicationRecord, ClusterRecord, DeploymentGroupRecord, ListenerRecord, ServiceRecord } from './state';
import { arnOf, dateOf, type World } from './world';

/** What a seeded tutorial looks like; everything has a default. */
export interface TutorialOptions {
  readonly cluster?: string;
  readonly service?: string;
  readonly application?: string;
  readonly group?: string;
  readonly family?: string;
  readonly container?: string;
  readonly containerPort?: number;
  readonly image?: string;
  readonly desiredCount?: number;
  readonly testListener?: boolean;
  readonly deploymentConfig?: string;
  /** Minutes; with a number the deployment stops for ContinueDeployment before production traffic moves. */
  readonly readyWait?: number;
  /** Minutes; undefined leaves the setting absent. */
  readonly terminationWait?: number;
  readonly keepBlue?: boolean;
  readonly rollbackOn?: readonly AutoRollbackEvent[];
  readonly alarms?: readonly string[];
  /** Further fields of the first task definition, and replacements of its defaults. */
  readonly taskDefinition?: Partial<RegisterTaskDefinitionRequest>;
  readonly controller?: 'CODE_DEPLOY' | 'EXTERNAL';
}

/** Names and ARNs of what was seeded. */
export interface Seeded {
  readonly clusterArn: string;
  readonly serviceArn: string;
  readonly taskDefinitionArn: string;
  readonly loadBalancerArn: string;
  readonly productionListenerArn: string;
  readonly testListenerArn: string | undefined;
  readonly blueTargetGroupArn: string;
  readonly greenTargetGroupArn: string;
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

/** The service of the tutorial under CodeDeploy, its first revision running, and its deployment group. */
export async function seedTutorial(world: World, options: TutorialOptions = {}): Promise<Seeded> {
  const seeded = await seedService(world, { testListener: true, controller: 'CODE_DEPLOY', ...options });
  const application = addApplication(world, options.application ?? 'tutorial-bluegreen-app');
  addGroup(world, application, options);
  for (const name of options.alarms ?? []) world.state.alarms.set(name, { name, state: 'OK' });
  return seeded;
}

type ServiceOptions = Pick<
  TutorialOptions,
  | 'cluster'
  | 'service'
  | 'family'
  | 'container'
  | 'containerPort'
  | 'image'
  | 'desiredCount'
  | 'testListener'
  | 'taskDefinition'
> & { readonly controller: ServiceRecord['controller'] };

/** A service behind a load balancer with two target groups; the first carries all traffic. */
export async function seedService(world: World, options: ServiceOptions): Promise<Seeded> {
  const names = { ...defaults, ...options };
  const { definition } = registerTaskDefinition(world, {
    ...firstTaskDefinition(world, names),
    ...options.taskDefinition,
  });
  const [blueTargetGroupArn, greenTargetGroupArn] = [1, 2].map((number) =>
    addTargetGroup(world, names.service, number),
  ) as [string, string];
  const loadBalancerArn = arnOf(
    world,
    'elasticloadbalancing',
    `loadbalancer/app/${names.service}/${world.ids.hex(16)}`,
  );
  const production = addListener(world, loadBalancerArn, 80, blueTargetGroupArn);
  const test = options.testListener ? addListener(world, loadBalancerArn, 8080, blueTargetGroupArn) : undefined;
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
    loadBalancerArn,
    productionListenerArn: production.arn,
    testListenerArn: test?.arn,
    blueTargetGroupArn,
    greenTargetGroupArn,
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
    executionRoleArn: `arn:aws:iam::${world.account}:role/AppRole`,
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

function addTargetGroup(world: World, service: string, number: number): string {
  const name = `${service}-tg${number}`.slice(-32);
  const arn = arnOf(world, 'elasticloadbalancing', `targetgroup/${name}/${world.ids.hex(16)}`);
  world.state.targetGroups.set(arn, {
    TargetGroupArn: arn,
    TargetGroupName: name,
    Protocol: 'HTTP',
    Port: 80,
    TargetType: 'ip',
    HealthCheckEnabled: true,
    HealthCheckPath: '/',
    HealthCheckPort: 'traffic-port',
    HealthCheckProtocol: 'HTTP',
    HealthCheckIntervalSeconds: 5,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: '200' },
  });
  return arn;
}

function addListener(world: World, loadBalancerArn: string, port: number, targetGroupArn: string): ListenerRecord {
  const arn = `${loadBalancerArn.replace(':loadbalancer/', ':listener/')}/${world.ids.hex(16)}`;
  const rule = {
    arn: `${arn.replace(':listener/', ':listener-rule/')}/${world.ids.hex(16)}`,
    priority: 'default',
    forwards: [{ targetGroupArn, weight: 100 }],
  };
  const listener = { arn, loadBalancerArn, port, rules: [rule] };
  world.state.listeners.set(arn, listener);
  return listener;
}

function addApplication(world: World, name: string): ApplicationRecord {
  const application = world.state.applications.get(name) ?? {
    id: world.ids.uuid(),
    name,
    createTime: dateOf(world),
    groups: new Map(),
  };
  world.state.applications.set(name, application);
  return application;
}

function addGroup(world: World, application: ApplicationRecord, options: TutorialOptions): void {
  const { cluster: clusterName, service: serviceName } = { ...defaults, ...options };
  const name = options.group ?? 'tutorial-bluegreen-dg';
  const rollbackOn = options.rollbackOn ?? ['DEPLOYMENT_FAILURE'];
  const group: DeploymentGroupRecord = {
    applicationName: application.name,
    deploymentGroupId: world.ids.uuid(),
    deploymentGroupName: name,
    deploymentConfigName: options.deploymentConfig ?? 'CodeDeployDefault.ECSAllAtOnce',
    serviceRoleArn: `arn:aws:iam::${world.account}:role/CodeDeployRole`,
    computePlatform: 'ECS',
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    ecsServices: [{ clusterName, serviceName }],
    loadBalancerInfo: { targetGroupPairInfoList: [pairOf(world, serviceName)] },
    blueGreenDeploymentConfiguration: waitsOf(options),
    autoRollbackConfiguration: { enabled: rollbackOn.length > 0, events: [...rollbackOn] },
    alarmConfiguration: {
      enabled: (options.alarms ?? []).length > 0,
      ignorePollAlarmFailure: false,
      alarms: (options.alarms ?? []).map((alarm) => ({ name: alarm })),
    },
    triggerConfigurations: [],
  };
  application.groups.set(name, group);
}

/** The two target groups and the listeners of a service's load balancer. */
function pairOf(world: World, service: string) {
  const listeners = [...world.state.listeners.values()].filter(({ arn }) => arn.includes(`/app/${service}/`));
  const route = (port: number): TrafficRoute | undefined => {
    const found = listeners.find((listener) => listener.port === port);
    return found && { listenerArns: [found.arn] };
  };
  const test = route(8080);
  return {
    targetGroups: [1, 2].map((number) => ({ name: `${service}-tg${number}`.slice(-32) })),
    prodTrafficRoute: route(80),
    ...(test ? { testTrafficRoute: test } : {}),
  };
}

function waitsOf({ readyWait, terminationWait, keepBlue }: TutorialOptions): BlueGreenDeploymentConfiguration {
  const ready: DeploymentReadyAction = readyWait === undefined ? 'CONTINUE_DEPLOYMENT' : 'STOP_DEPLOYMENT';
  return {
    deploymentReadyOption: {
      actionOnTimeout: ready,
      ...(readyWait === undefined ? {} : { waitTimeInMinutes: readyWait }),
    },
    terminateBlueInstancesOnDeploymentSuccess: {
      action: keepBlue ? 'KEEP_ALIVE' : 'TERMINATE',
      ...(terminationWait === undefined ? {} : { terminationWaitTimeInMinutes: terminationWait }),
    },
  };
}

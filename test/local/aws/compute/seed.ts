import type {
  AutoRollbackEvent,
  BlueGreenDeploymentConfiguration,
  DeploymentReadyAction,
  TrafficRoute,
} from '@aws-sdk/client-codedeploy';
import { targetGroupName } from './seed-balancer';
import { defaults, type Seeded, type ServiceOptions, seedService } from './seed-service';
import type { ApplicationRecord, DeploymentGroupRecord } from './state';
import { dateOf, roleArnOf, type World } from './world';

/** What a seeded tutorial looks like; everything has a default. */
export interface TutorialOptions extends ServiceOptions {
  readonly application?: string;
  readonly group?: string;
  readonly deploymentConfig?: string;
  /** Minutes; with a number the deployment stops for ContinueDeployment before production traffic moves. */
  readonly readyWait?: number;
  /** Minutes; undefined leaves the setting absent. */
  readonly terminationWait?: number;
  readonly keepBlue?: boolean;
  readonly rollbackOn?: readonly AutoRollbackEvent[];
  readonly controller?: 'CODE_DEPLOY' | 'EXTERNAL';
}

/** The service of the tutorial under CodeDeploy, its first revision running, and its deployment group. */
export async function seedTutorial(world: World, options: TutorialOptions = {}): Promise<Seeded> {
  const seeded = await seedService(world, { controller: 'CODE_DEPLOY', ...options });
  const application = addApplication(world, options.application ?? 'tutorial-bluegreen-app');
  addGroup(world, application, options);
  for (const name of options.alarms ?? []) world.state.alarms.set(name, { name, state: 'OK' });
  return seeded;
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
    serviceRoleArn: roleArnOf(world, 'iam', 'role/CodeDeployRole'),
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
    targetGroups: [1, 2].map((number) => ({ name: targetGroupName(service, number) })),
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

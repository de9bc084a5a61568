import type { AlarmConfiguration, DeploymentConfigInfo, DeploymentGroupInfo } from '@aws-sdk/client-codedeploy';
import type {
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  DeploymentConfiguration,
  DeploymentControllerType,
  LoadBalancer,
  PropagateTags,
  RunTaskRequest,
  SchedulingStrategy,
  ServiceConnectConfiguration,
  ServiceEvent,
  ServiceVolumeConfiguration,
  Tag,
  TaskDefinition,
  TaskStopCode,
  VpcLatticeConfiguration,
} from '@aws-sdk/client-ecs';
import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DeploymentRecord } from './codedeploy/record';
import type { Course } from './course';
import type { ServiceDeploymentRecord, ServiceRevisionRecord } from './ecs/record';

/** Everything the simulation knows. Tests read it; operations and the clock's jobs change it. */
export interface State {
  readonly clusters: Map<string, ClusterRecord>;
  /** By ARN. */
  readonly services: Map<string, ServiceRecord>;
  /** In order of registration, inactive ones included. */
  readonly taskDefinitions: TaskDefinitionRecord[];
  readonly tasks: TaskRecord[];
  readonly applications: Map<string, ApplicationRecord>;
  readonly deploymentConfigs: Map<string, DeploymentConfigInfo>;
  readonly deployments: DeploymentRecord[];
  readonly targetGroups: Map<string, TargetGroup>;
  readonly listeners: Map<string, ListenerRecord>;
  /** Streams by name in groups by name. */
  readonly logGroups: Map<string, Map<string, LogEvent[]>>;
  readonly alarms: Map<string, AlarmRecord>;
}

export interface ClusterRecord {
  readonly arn: string;
  readonly name: string;
}

export interface TaskDefinitionRecord {
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
}

export interface ServiceRecord {
  readonly arn: string;
  readonly name: string;
  readonly cluster: ClusterRecord;
  readonly controller: DeploymentControllerType;
  readonly createdAt: Date;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  loadBalancers: LoadBalancer[];
  network: AwsVpcConfiguration;
  platformVersion: string;
  capacityProviderStrategy: CapacityProviderStrategyItem[] | undefined;
  deploymentConfiguration: DeploymentConfiguration;
  /** `REPLICA` where it is not set. */
  schedulingStrategy?: SchedulingStrategy;
  serviceConnect?: ServiceConnectConfiguration;
  /** With `advancedConfiguration`, which is newer than the SDK. */
  vpcLattice?: readonly (VpcLatticeConfiguration & { readonly advancedConfiguration?: object })[];
  managedTags?: boolean;
  propagateTags?: PropagateTags;
  volumes?: ServiceVolumeConfiguration[];
  /** Newest first. */
  readonly events: ServiceEvent[];
  /** Task sets (CODE_DEPLOY) or deployments (ECS), newest first; what has drained is gone. */
  fleets: Fleet[];
  /** Under the ECS controller, newest first. */
  readonly serviceDeployments: ServiceDeploymentRecord[];
  readonly serviceRevisions: ServiceRevisionRecord[];
}

/** Tasks that the scheduler keeps running together: a task set, or a deployment of the ECS controller. */
export interface Fleet {
  /** `ecs-svc/` and 19 digits; the tasks' `startedBy`. */
  readonly id: string;
  readonly service: ServiceRecord;
  readonly definition: TaskDefinition;
  readonly targetGroupArn: string | undefined;
  readonly createdAt: Date;
  /** The digests of its images: ECS resolves tags once for each deployment. */
  readonly imageDigests: ReadonlyMap<string, string>;
  /** The CodeDeploy deployment that made it. */
  readonly externalId: string | undefined;
  /** A revision that has not proven itself yet, which a scenario's troubles hit. */
  replacement: boolean;
  network: AwsVpcConfiguration;
  platformVersion: string;
  capacityProviderStrategy: CapacityProviderStrategyItem[] | undefined;
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  failedTasks: number;
  steadyAt: Date | undefined;
  updatedAt: Date;
  /** Under the ECS controller. */
  rollout: { state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'; reason: string } | undefined;
}

export interface TaskRecord {
  readonly arn: string;
  readonly id: string;
  readonly fleet: Fleet;
  readonly definition: TaskDefinition;
  readonly createdAt: Date;
  readonly privateIp: string;
  readonly course: Course;
  readonly containers: TaskContainer[];
  /** A task that RunTask started; it belongs to no service, and its fleet only says how it runs. */
  readonly oneOff?: { readonly request: RunTaskRequest; readonly clientToken: string | undefined };
  lastStatus: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** Where the process of a local run listens. */
  address: { readonly host: string; readonly port: number } | undefined;
  target: TargetState | undefined;
  pullStartedAt: Date | undefined;
  pullStoppedAt: Date | undefined;
  startedAt: Date | undefined;
  stoppingAt: Date | undefined;
  stoppedAt: Date | undefined;
  stopCode: TaskStopCode | undefined;
  stoppedReason: string | undefined;
}

export interface TaskContainer {
  readonly name: string;
  readonly image: string;
  /** As the tag was resolved for the first task of its deployment. */
  readonly imageDigest: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  exitCode: number | undefined;
  reason: string | undefined;
}

/** A task as a target of its fleet's target group. */
export interface TargetState {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';
  readonly reason: string | undefined;
  readonly description: string | undefined;
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  /** The first is the default rule. */
  readonly rules: RuleRecord[];
}

export interface RuleRecord {
  readonly arn: string;
  readonly priority: string;
  forwards: readonly { readonly targetGroupArn: string; readonly weight: number }[];
}

export interface LogEvent {
  readonly at: number;
  readonly message: string;
}

export interface AlarmRecord {
  readonly name: string;
  state: 'OK' | 'ALARM';
}

export interface ApplicationRecord {
  readonly id: string;
  readonly name: string;
  readonly createTime: Date;
  readonly groups: Map<string, DeploymentGroupRecord>;
}

export type DeploymentGroupRecord = DeploymentGroupInfo & {
  readonly applicationName: string;
  readonly deploymentGroupName: string;
  readonly alarmConfiguration: AlarmConfiguration;
};

export const emptyState = (): State => ({
  clusters: new Map(),
  services: new Map(),
  taskDefinitions: [],
  tasks: [],
  applications: new Map(),
  deploymentConfigs: new Map(),
  deployments: [],
  targetGroups: new Map(),
  listeners: new Map(),
  logGroups: new Map(),
  alarms: new Map(),
});

import type { DeploymentConfigInfo, DeploymentGroupInfo, DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type {
  RegisterTaskDefinitionRequest,
  Service,
  ServiceDeploymentStatus,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Finding } from '../../../../shared/errors';

/** What a read of AWS gave: the thing, that it does not exist (and how AWS or the rule says so), or no answer. */
export type ReadResult<T> = { readonly found: T } | { readonly missing: string } | { readonly unknown: string };

export const foundIn = <T>(result: ReadResult<T>): T | undefined => ('found' in result ? result.found : undefined);

/** Replaces a time that AWS has not given; milliseconds since the epoch otherwise. */
export const unknownTime = 0;

/** Everything that the decision is made from. Nothing was changed to get it. */
export interface CurrentState {
  readonly service: ReadResult<Service>;
  readonly desired: Desired;
  /** The revision that takes the traffic now. */
  readonly running: ReadResult<Revision>;
  /** Further revisions that task sets or deployments of the service have, such as one that is being deployed. */
  readonly underWay: readonly Revision[];
  /** The latest revision of the desired family, where the desired one comes from a file. */
  readonly latest: ReadResult<Revision>;
  /** The images of the desired containers that are named as in ECR, with what ECR has under that name. */
  readonly images: readonly { readonly image: string; readonly inEcr: ReadResult<PushedImage> }[];
  /** The tasks of the service; read only where the service may run what is desired already, and tags name its images. */
  readonly tasks: ReadResult<readonly RunningTask[]>;
  /** The alarms that the deployment will have, as far as they exist. */
  readonly alarms: ReadResult<readonly AlarmState[]>;
  /** What the deployments of its controller are like; undefined where there is no such service, or no way to deploy. */
  readonly deployments: CodeDeployState | EcsState | undefined;
}

/** A CloudWatch alarm: `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
export interface AlarmState {
  readonly name: string;
  readonly state: string;
}

/** What a run knows already when it reads again. */
export interface Earlier {
  /** The revision that it has registered. */
  readonly registered: string | undefined;
  /** The deployment that had ended when it began: a later one was begun since. */
  readonly ended: string | undefined;
}

/** An image as ECR has it. */
export interface PushedImage {
  readonly digest: string;
  /** Milliseconds since the epoch, by the clock of AWS; `unknownTime` where ECR does not tell. */
  readonly pushedAt: number;
}

/** A task of the service, with the digests of the images that it runs. */
export interface RunningTask {
  readonly revision: string | undefined;
  /** Milliseconds since the epoch, by the clock of AWS. */
  readonly startedAt: number;
  readonly images: readonly { readonly container: string; readonly digest: string | undefined }[];
}

/** What is asked to be deployed: a file to register, a revision as it is, or nothing where a rollback is asked for. */
export type Desired =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly request: RegisterTaskDefinitionRequest;
      readonly errors: readonly Finding[];
      readonly notices: readonly string[];
    }
  | { readonly kind: 'revision'; readonly name: string; readonly result: ReadResult<Revision> };

export interface CodeDeployState {
  readonly controller: 'CODE_DEPLOY';
  readonly group: ReadResult<Group>;
  /** The configuration that will be used: the one given, else the group's. */
  readonly config: ReadResult<DeploymentConfigInfo>;
  readonly active: ReadResult<readonly DeploymentInfo[]>;
}

export interface EcsState {
  readonly controller: 'ECS';
  readonly active: ReadResult<readonly ListedServiceDeployment[]>;
}

/** The deployment controllers under which a service can be deployed. */
export type ControllerName = NonNullable<CurrentState['deployments']>['controller'];

/** A service by its names. */
export interface ServiceNames {
  readonly cluster: string;
  readonly service: string;
}

/** A revision as AWS has it, with its tags. */
export interface Revision {
  readonly arn: string;
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/** A deployment group by its names. */
export interface GroupNames {
  readonly application: string;
  readonly name: string;
}

/** A deployment group, by the names under which it was found. */
export interface Group extends GroupNames {
  readonly info: DeploymentGroupInfo;
}

/** A service deployment, and what it deploys. */
export interface ListedServiceDeployment {
  /** Its ARN; where the role may not list them, the id of the service's deployment. */
  readonly id: string;
  readonly status: ServiceDeploymentStatus;
  /** Milliseconds since the epoch, by the clock of AWS. */
  readonly createdAt: number;
  readonly taskDefinition: string | undefined;
}

/** The task definition that will run; undefined where it does not exist. */
export function desiredTaskDefinition(desired: Desired) {
  switch (desired.kind) {
    case 'file':
      return desired.request;
    case 'revision':
      return foundIn(desired.result)?.taskDefinition;
    case 'nothing':
      return undefined;
  }
}

/** Whether a group deploys the service. */
export const deploysService = (info: DeploymentGroupInfo, { cluster, service }: ServiceNames): boolean =>
  (info.ecsServices ?? []).some((target) => target.clusterName === cluster && target.serviceName === service);

import type {
  DeploymentConfiguration,
  DeploymentLifecycleHookDetail,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentStatus,
  ServiceRevision,
} from '@aws-sdk/client-ecs';
import type { Course } from '../course';
import type { Fleet, ServiceRecord } from '../state';

/** A stage that the documentation of `lifecycleStage` lists and its enumeration lacks is a stage all the same. */
export type Stage = ServiceDeploymentLifecycleStage | 'PRE_PRODUCTION_TRAFFIC_SHIFT';

/** A service deployment of the ECS controller. */
export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly service: ServiceRecord;
  readonly createdAt: Date;
  /** Its steps; a rollback has its own. */
  course: Course;
  readonly configuration: DeploymentConfiguration;
  readonly source: RevisionInDeployment | undefined;
  readonly target: RevisionInDeployment;
  status: ServiceDeploymentStatus;
  statusReason: string | undefined;
  stage: Stage | undefined;
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  stoppedAt: Date | undefined;
  updatedAt: Date;
  rollback: { readonly reason: string; readonly startedAt: Date; readonly serviceRevisionArn: string } | undefined;
  readonly hooks: DeploymentLifecycleHookDetail[];
  breakerTriggered: boolean;
  triggeredAlarms: string[];
}

/** Statuses that a service deployment never leaves. */
export const isOver = ({ status }: ServiceDeploymentRecord): boolean =>
  status === 'SUCCESSFUL' || status === 'STOPPED' || status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED';

export interface RevisionInDeployment {
  readonly revision: ServiceRevisionRecord;
  readonly fleet: Fleet;
  productionWeight: number;
  testWeight: number;
}

export type ServiceRevisionRecord = ServiceRevision & {
  readonly serviceRevisionArn: string;
  readonly taskDefinition: string;
};

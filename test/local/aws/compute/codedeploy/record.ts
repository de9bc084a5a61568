import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  DeploymentConfigInfo,
  DeploymentCreator,
  DeploymentStatus,
  Diagnostics,
  ErrorInformation,
  RevisionLocation,
  RollbackInfo,
} from '@aws-sdk/client-codedeploy';
import type { Course } from '../course';
import type { LifecycleEventName } from '../scenario';
import type { DeploymentGroupRecord, Fleet, ServiceRecord } from '../state';
import type { AppSpec } from './appspec';

/** A deployment of CodeDeploy. */
export interface DeploymentRecord {
  readonly id: string;
  readonly group: DeploymentGroupRecord;
  readonly service: ServiceRecord;
  readonly config: DeploymentConfigInfo;
  readonly revision: RevisionLocation;
  readonly previousRevision: RevisionLocation | undefined;
  readonly appSpec: AppSpec;
  readonly creator: DeploymentCreator;
  readonly description: string | undefined;
  readonly autoRollback: AutoRollbackConfiguration;
  readonly alarms: AlarmConfiguration;
  readonly overrideAlarms: AlarmConfiguration | undefined;
  readonly createTime: Date;
  readonly course: Course;
  readonly events: LifecycleEventRecord[];
  status: DeploymentStatus;
  startTime: Date | undefined;
  completeTime: Date | undefined;
  error: ErrorInformation | undefined;
  rollbackInfo: RollbackInfo | undefined;
  /** What the deployment waits for ContinueDeployment with. */
  awaiting: 'READY_WAIT' | 'TERMINATION_WAIT' | undefined;
  blue: Fleet | undefined;
  green: Fleet | undefined;
  updatedAt: Date;
}

export interface LifecycleEventRecord {
  readonly name: LifecycleEventName;
  status: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped' | 'Unknown';
  startTime: Date | undefined;
  endTime: Date | undefined;
  diagnostics: Diagnostics | undefined;
}

/** Names of the alarms that stop a deployment. */
export const alarmsOf = ({ alarms }: DeploymentRecord): string[] =>
  alarms.enabled ? (alarms.alarms ?? []).map(({ name }) => name ?? '') : [];

/** Statuses that a deployment never leaves. */
export const isFinal = (status: DeploymentStatus): boolean =>
  status === 'Succeeded' || status === 'Failed' || status === 'Stopped';

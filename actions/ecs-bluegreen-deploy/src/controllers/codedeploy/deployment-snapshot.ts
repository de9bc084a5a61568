import type { DeploymentInfo, ECSTarget, ECSTaskSet, LifecycleEvent } from '@aws-sdk/client-codedeploy';
import { isPassed } from '../../plan/codedeploy-lifecycle';
import { unknownTime } from '../../plan/current-state';
import { asClause, oneLine, oneName } from '../../text';
import type { Rollback, Snapshot, TaskCounts } from '../../watch/model';

/** What one poll of a deployment shows. Times are milliseconds since the epoch. */
export interface DeploymentSnapshot extends Snapshot {
  /** `Created`, `Queued`, `InProgress`, `Baking`, `Ready`, or a final one. */
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly events: readonly LifecycleEventSnapshot[];
  /** The old tasks are only waiting for their end. */
  readonly terminationWait: boolean;
  /** Events of the rollback configuration that holds for this deployment; empty where it rolls nothing back. */
  readonly rollbackEvents: readonly string[];
}

export interface LifecycleEventSnapshot {
  readonly name: string;
  readonly status: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** What the failed hook or step said. */
  readonly diagnostics: string | undefined;
  /** That is a code or a name alone, without a message. */
  readonly isBare?: boolean;
}

/** Reads the answer of GetDeployment; `last` is what was seen before. */
export function snapshotOf(info: DeploymentInfo, last?: Pick<DeploymentSnapshot, 'createdAt'>): DeploymentSnapshot {
  return {
    id: info.deploymentId ?? '',
    createdAt: info.createTime?.getTime() ?? last?.createdAt ?? unknownTime,
    status: info.status ?? 'Created',
    error: info.errorInformation && {
      code: oneName(info.errorInformation.code),
      message: oneLine(info.errorInformation.message),
    },
    events: [],
    blue: undefined,
    green: undefined,
    terminationWait: info.instanceTerminationWaitTimeStarted ?? false,
    rollbackEvents: info.autoRollbackConfiguration?.enabled ? (info.autoRollbackConfiguration.events ?? []) : [],
    rollback: rollbackOf(info),
    rollbackRefused: refusalOf(info),
    successor: undefined,
    isBrief: false,
    alarmed: info.errorInformation?.code === 'ALARM_ACTIVE',
    stopped: [],
    serviceEvents: [],
  };
}

/** A deployment to ECS has twelve. */
const mostEvents = 100;

/** Adds what BatchGetDeploymentTargets shows of the service. */
export function withTarget(
  snapshot: DeploymentSnapshot,
  { lifecycleEvents = [], taskSetsInfo = [], status }: ECSTarget,
): DeploymentSnapshot {
  const events = lifecycleEvents.slice(0, mostEvents).map(lifecycleEvent);
  const labelled = (label: string) => taskSetsInfo.find(({ taskSetLabel }) => taskSetLabel === label);
  return {
    ...snapshot,
    terminationWait: snapshot.terminationWait || (isRunning(snapshot) && (status === 'Succeeded' || isThrough(events))),
    events,
    blue: taskSet(labelled('Blue')),
    green: taskSet(labelled('Green')),
  };
}

const isRunning = ({ status }: DeploymentSnapshot) => status === 'InProgress' || status === 'Baking';

/** GetDeployment never says that an ECS deployment waits for the end of the old tasks (containers-roadmap #269). */
const isThrough = (events: readonly LifecycleEventSnapshot[]) =>
  events.some(({ name, status }) => name === 'AllowTraffic' && status === 'Succeeded') &&
  events.every(({ status }) => isPassed(status));

const rollbackOf = ({ rollbackInfo }: DeploymentInfo): Rollback | undefined =>
  rollbackInfo?.rollbackDeploymentId
    ? { id: rollbackInfo.rollbackDeploymentId, status: undefined, error: undefined }
    : undefined;

/** The message may also be about a rollback in progress, before its deployment is known. Source: the API model, RollbackInfo. */
function refusalOf({ rollbackInfo }: DeploymentInfo): string | undefined {
  const { rollbackDeploymentId, rollbackMessage = '' } = rollbackInfo ?? {};
  const isUnderWay = rollbackDeploymentId !== undefined || /in progress|succeeded/i.test(rollbackMessage);
  return isUnderWay || rollbackMessage === '' ? undefined : oneLine(rollbackMessage);
}

function lifecycleEvent({
  lifecycleEventName,
  status,
  startTime,
  endTime,
  diagnostics,
}: LifecycleEvent): LifecycleEventSnapshot {
  const { errorCode, message, logTail, scriptName } = diagnostics ?? {};
  const code = errorCode !== undefined && nothingSaid.has(errorCode) ? undefined : errorCode;
  const said = [scriptName, code, message, logTail]
    .map((text) => asClause(text ?? ''))
    .filter(Boolean)
    .join(': ');
  return {
    name: oneName(lifecycleEventName),
    status: status ?? 'Unknown',
    start: startTime?.getTime(),
    end: endTime?.getTime(),
    diagnostics: said === '' ? undefined : oneLine(said),
    isBare: !(message || logTail),
  };
}

/** Codes that give no reason. */
const nothingSaid: ReadonlySet<string> = new Set(['Success', 'UnknownError']);

/** A number that CodeDeploy leaves out is not 0: then none is known. */
function taskSet(set: ECSTaskSet | undefined): TaskCounts | undefined {
  const { desiredCount: desired, runningCount: running, pendingCount: pending = 0, trafficWeight } = set ?? {};
  if (desired === undefined || running === undefined) return undefined;
  const traffic = trafficWeight === undefined ? undefined : Math.round(trafficWeight * 10) / 10;
  const name = set?.targetGroup?.name;
  return { desired, pending, running, traffic, targetGroup: name === undefined ? undefined : oneName(name) };
}

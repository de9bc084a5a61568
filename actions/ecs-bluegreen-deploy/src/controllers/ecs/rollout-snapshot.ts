import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { unusableAnswer } from '../../../../../shared/aws/call';
import { unknownTime } from '../../plan/current-state';
import { alarmsRollBack, rollsBack } from '../../plan/ecs-settings';
import { asClause, oneLine } from '../../text';
import type { TaskCounts } from '../../watch/model';
import { rollbackOf, type ServiceSnapshot } from './service-snapshot';

/** What was known of a deployment before: when it was created, by the clock of AWS, and what was seen of it. */
export type Earlier = Pick<ServiceSnapshot, 'createdAt'> & Partial<Pick<ServiceSnapshot, 'status' | 'reason'>>;

/**
 * What the service itself shows of one of its deployments (`ecs-svc/…`): for roles that may not read service
 * deployments. The rollout state alone decides; that the service is stable says nothing, for it is so after a rollback as
 * well.
 *
 * @throws the error of an answer that cannot be used where it leaves out what tells its deployments apart
 */
export function snapshotByRollout(service: Service, id: string, last: Earlier): ServiceSnapshot {
  const { deployments = [] } = service;
  const own = deployments.find((deployment) => deployment.id === id);
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const createdAt = own?.createdAt?.getTime() ?? last.createdAt;
  const { status, successor } = statusOf(service, own, primary, { id, createdAt, last });
  // The failed one may still be "in progress" when the primary one says why it is back.
  const [ofOwn, ofPrimary] = [own, primary].map(reasonOf);
  const isWayBack = /rolling back/i.test(ofPrimary ?? '') && own?.rolloutState !== 'FAILED';
  const reason = (isWayBack ? ofPrimary : ofOwn || ofPrimary) || last.reason || failureIn(service, id);
  const others = deployments.filter(
    (deployment) => deployment !== own && (deployment.createdAt?.getTime() ?? 0) < createdAt,
  );
  return {
    id,
    createdAt,
    status,
    // What a rollback says at its end explains nothing.
    reason:
      status === 'SUCCESSFUL' || status === 'IN_PROGRESS'
        ? undefined
        : returns.has(last.status ?? '')
          ? last.reason
          : reason,
    stage: undefined,
    stageSince: 0,
    hooks: [],
    breaker:
      own?.rolloutState === 'FAILED' && /circuit breaker/i.test(reason ?? '')
        ? { failures: own.failedTasks ?? 0 }
        : undefined,
    isBrief: (service.deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING',
    targetsHealthy: undefined,
    alarmed: /alarm/i.test(reason ?? ''),
    alarms: [],
    blue: others.length > 0 ? counted(others) : undefined,
    green: own && counted([own]),
    rollback: rollbackOf(status, reason),
    rollbackRefused: undefined,
    successor,
    stopped: [],
    serviceEvents: [],
  };
}

/** That one has completed explains nothing of another one. */
const reasonOf = (one: Deployment | undefined) =>
  one?.rolloutState === 'COMPLETED' ? undefined : asClause(oneLine(one?.rolloutStateReason));

/** Why a deployment failed that the service no longer shows, by its events. */
function failureIn({ events = [] }: Service, id: string): string | undefined {
  const start = `(deployment ${id}) deployment failed: `;
  const message = events.map((one) => one.message ?? '').find((one) => one.includes(start));
  return message && asClause(oneLine(message.slice(message.indexOf(start) + start.length)));
}

type Status = Pick<ServiceSnapshot, 'status' | 'successor'>;

/** A newer primary deployment has replaced this one; an older one means that it is rolled back. */
function statusOf(
  service: Service,
  own: Deployment | undefined,
  primary: Deployment | undefined,
  { id, createdAt, last }: { readonly id: string; readonly createdAt: number; readonly last: Earlier },
): Status {
  const alone = (status: string): Status => ({ status, successor: undefined });
  if (own && own === primary) {
    if (own.rolloutState === 'COMPLETED' || isCompleted(service, own)) return alone('SUCCESSFUL');
    if (own.rolloutState !== 'FAILED') return alone('IN_PROGRESS');
    // The old deployment becomes the primary one a moment later.
    return alone(goesBack(service, own) ? 'ROLLBACK_REQUESTED' : 'STOPPED');
  }
  const { deployments = [] } = service;
  if (deployments.length === 0) return alone('STOPPED');
  const isNamed = deployments.every(({ id }) => id !== undefined);
  if (!isNamed || primary?.createdAt === undefined) {
    throw unusableAnswer({ service: 'ecs', operation: 'DescribeServices' }, 'it does not tell its deployments apart');
  }
  const isNewer = createdAt !== unknownTime && primary.createdAt.getTime() > createdAt;
  // Once the rollback was seen, whatever follows belongs to it, although it may have a new id.
  if (isNewer && last.status !== 'ROLLBACK_IN_PROGRESS' && !isReturn(service, primary)) {
    return { status: 'STOPPED', successor: { id: primary.id } };
  }
  const other =
    createdAt === unknownTime || returns.has(last.status ?? '') ? undefined : failedSince(service, id, createdAt);
  if (other !== undefined) return { status: 'STOPPED', successor: { id: other } };
  return alone(primary.rolloutState === 'COMPLETED' ? 'ROLLBACK_SUCCESSFUL' : 'ROLLBACK_IN_PROGRESS');
}

/** The deployment that replaced this one and has failed since, by the events: what is gone back from is that one. */
function failedSince({ events = [] }: Service, id: string, createdAt: number): string | undefined {
  const later = events.filter((event) => (event.createdAt?.getTime() ?? 0) > createdAt);
  const failed = later.flatMap(({ message = '' }) => /\(deployment (\S+)\) deployment failed/.exec(message)?.[1] ?? []);
  return failed.includes(id) ? undefined : failed[0];
}

/** Statuses of a deployment that is on its way back. */
const returns: ReadonlySet<string> = new Set(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);

/** The circuit breaker and alarms may go back by a deployment with a new id, which says so, and so does an event. */
const isReturn = ({ events = [] }: Service, { id = '', rolloutStateReason = '' }: Deployment) =>
  /rolling back to/i.test(rolloutStateReason) ||
  events.some(({ message = '' }) => /rolling back to/i.test(message) && message.includes(id));

/** Behind a Classic Load Balancer there is no rollout state (API model): only an event shows that it is over. */
const isCompleted = ({ events = [] }: Service, { id, rolloutState }: Deployment) =>
  rolloutState === undefined &&
  events.some(({ message = '' }) => message.includes(`(deployment ${id}) deployment completed`));

/** What failed the deployment decides; and there must be an older one to go back to. */
function goesBack({ deployments = [], deploymentConfiguration = {} }: Service, own: Deployment): boolean {
  if (deployments.every((deployment) => deployment === own)) return false;
  const { rolloutStateReason: why = '' } = own;
  const byAlarm = deploymentConfiguration.alarms?.enable === true && alarmsRollBack(deploymentConfiguration);
  if (/alarm/i.test(why)) return byAlarm;
  return rollsBack(deploymentConfiguration) || (byAlarm && !/circuit breaker/i.test(why));
}

/** A number that ECS leaves out is not 0: then none is known. */
const counted = (deployments: readonly Deployment[]): TaskCounts | undefined => {
  const isCounted = deployments.every((one) => one.desiredCount !== undefined && one.runningCount !== undefined);
  if (!isCounted) return undefined;
  const sum = (of: (deployment: Deployment) => number | undefined) =>
    deployments.reduce((total, deployment) => total + (of(deployment) ?? 0), 0);
  return {
    desired: sum(({ desiredCount }) => desiredCount),
    pending: sum(({ pendingCount }) => pendingCount),
    running: sum(({ runningCount }) => runningCount),
    traffic: undefined,
    targetGroup: undefined,
  };
};

import {
  rollbackOf,
  type ServiceSnapshot,
} from '../../../actions/ecs-bluegreen-deploy/src/controllers/ecs/service-snapshot';

export const own = 'arn:aws:ecs:us-west-2:123456789012:service-deployment/EcsCluster/EcsService/ours';
export const other = own.replace('ours', 'next');

/** A snapshot of our service deployment in progress. */
export function serviceSnapshot(parts: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  const status = parts.status ?? 'IN_PROGRESS';
  return {
    id: own,
    createdAt: 0,
    status,
    reason: undefined,
    stage: 'SCALE_UP',
    stageSince: 0,
    hooks: [],
    breaker: undefined,
    isBrief: false,
    targetsHealthy: undefined,
    alarmed: false,
    alarms: [],
    blue: { desired: 2, pending: 0, running: 2, traffic: 100, targetGroup: 'tg1' },
    green: { desired: 2, pending: 0, running: 2, traffic: 0, targetGroup: 'tg2' },
    rollback: rollbackOf(status, parts.reason),
    rollbackRefused: undefined,
    successor: undefined,
    stopped: [],
    serviceEvents: [],
    ...parts,
  };
}

import type { DeploymentSnapshot } from '../../../actions/ecs-bluegreen-deploy/src/controllers/codedeploy/deployment-snapshot';
import { lifecycle } from '../../../actions/ecs-bluegreen-deploy/src/plan/codedeploy-lifecycle';

/** A snapshot of deployment d-OURS, with the events before `at` succeeded. */
export function deploymentSnapshot(
  parts: Partial<DeploymentSnapshot> & { readonly upTo?: string; readonly failedAt?: string } = {},
) {
  const { upTo, failedAt, ...rest } = parts;
  const reached = (lifecycle as readonly string[]).indexOf(upTo ?? failedAt ?? '');
  const statusAt = (at: number) => {
    if (failedAt !== undefined && at === reached) return 'Failed';
    if (failedAt !== undefined && at > reached) return 'Skipped';
    return at <= reached ? 'Succeeded' : 'Pending';
  };
  const snapshot: DeploymentSnapshot = {
    id: 'd-OURS',
    createdAt: 0,
    status: 'InProgress',
    error: undefined,
    events: lifecycle.map((name, at) => ({
      name,
      status: statusAt(at),
      start: 0,
      end: 4_000,
      diagnostics: statusAt(at) === 'Failed' ? 'ScriptFailed: page is broken' : undefined,
    })),
    blue: { desired: 2, pending: 0, running: 2, traffic: 100, targetGroup: 'tg1' },
    green: { desired: 2, pending: 0, running: 2, traffic: 0, targetGroup: 'tg2' },
    terminationWait: false,
    rollbackEvents: [],
    rollback: undefined,
    rollbackRefused: undefined,
    isBrief: false,
    alarmed: rest.error?.code === 'ALARM_ACTIVE',
    successor: undefined,
    stopped: [],
    serviceEvents: [],
    ...rest,
  };
  return snapshot;
}

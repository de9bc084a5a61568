import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Service } from '@aws-sdk/client-ecs';
import { readActive, readDeployment, readTarget, stopDeployment } from '../../aws/codedeploy-deployments';
import { readGroup } from '../../aws/codedeploy-groups';
import { readService } from '../../aws/ecs-service';
import type { Effects } from '../../aws/effects';
import { readIfAllowed } from '../../aws/reads';
import { isActive } from '../../plan/codedeploy-lifecycle';
import { foundIn } from '../../plan/current-state';
import type { CodeDeployPlan } from '../../plan/plan';
import type { ActiveDeployment, ActiveDeployments } from '../../watch/controller';
import { type DeploymentSnapshot, snapshotOf, withTarget } from './deployment-snapshot';

/** The active deployments of this group. */
export const activeDeployments = (
  plan: Pick<CodeDeployPlan, 'group' | 'request'>,
  effects: Effects,
): ActiveDeployments => ({
  find: () => findActive(plan, effects),
  stop: async (id) => stopDeployment(id, { rollback: await mayDivide(id, plan, effects) }, effects),
  rollBack: (id) => stopDeployment(id, { rollback: true }, effects),
  async stateOf(id) {
    const info = await readDeployment(effects.aws, id);
    const { status = 'Created' } = info;
    const active = isActive(status);
    const ends = active && (await isEnding(snapshotOf(info), plan, effects));
    return { active, text: ends ? 'in its termination wait' : status, calls: 2 };
  },
  async rollbacks() {
    const active = foundIn(await readActive(effects.aws, plan.group)) ?? [];
    return active.flatMap(({ deploymentId, creator }) => (isRollback({ creator }) ? [deploymentId!] : []));
  },
});

/** Whether an active deployment only waits for the end of the old tasks, as far as the role may see its target. */
async function isEnding(
  now: DeploymentSnapshot,
  { request }: Pick<CodeDeployPlan, 'request'>,
  { aws }: Effects,
): Promise<boolean> {
  const target = foundIn(await readIfAllowed(() => readTarget(aws.once(), now.id, request)));
  return target !== undefined && withTarget(now, target).terminationWait;
}

/**
 * Whether a deployment that is stopped now, without a rollback, may leave the traffic divided: it is moving, or nobody can tell. Before that
 * there is nothing to take back, and after it a rollback would undo what was deployed.
 */
async function mayDivide(id: string, { request }: Pick<CodeDeployPlan, 'request'>, { aws }: Effects): Promise<boolean> {
  const result = await readIfAllowed(() => readTarget(aws, id, request));
  if (!('found' in result)) return true;
  const { lifecycleEvents = [] } = result.found ?? {};
  const move = lifecycleEvents.find(({ lifecycleEventName }) => lifecycleEventName === 'AllowTraffic');
  return move !== undefined && move.status !== 'Pending' && move.status !== 'Succeeded';
}

const isRollback = ({ creator }: Pick<DeploymentInfo, 'creator'>) => creator === 'codeDeployRollback';

async function findActive(
  { group, request }: Pick<CodeDeployPlan, 'group' | 'request'>,
  { aws }: Effects,
): Promise<ActiveDeployment | undefined> {
  const listed = foundIn(await readActive(aws, group));
  // For roles that may not list deployments: the group tells the last one.
  const last = listed ? undefined : foundIn(await readGroup(aws, group))?.info.lastAttemptedDeployment;
  const active = listed ?? (isActive(last?.status) ? [await readDeployment(aws, last!.deploymentId!)] : []);
  const found = active.find((one) => !isRollback(one)) ?? active[0];
  if (!found) return undefined;
  // The deployment that is rolled back shows how its rollback goes.
  const failed = found.rollbackInfo?.rollbackTriggeringDeploymentId;
  const id = (isRollback(found) ? failed : undefined) ?? found.deploymentId!;
  const service = foundIn(await readService(aws, request));
  return {
    id,
    createdAt: found.createTime?.getTime() ?? 0,
    taskDefinition: service && revisionOf(service, id),
    returns: isRollback(found),
  };
}

/** The revision of the task set that a deployment made. */
const revisionOf = ({ taskSets = [] }: Service, id: string) =>
  taskSets.find(({ externalId }) => externalId === id)?.taskDefinition;

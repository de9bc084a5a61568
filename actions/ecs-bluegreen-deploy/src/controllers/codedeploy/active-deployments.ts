import { readActive, readDeployment, stopDeployment } from '../../aws/codedeploy-deployments';
import type { Effects } from '../../aws/effects';
import { isActive } from '../../plan/codedeploy-lifecycle';
import { foundIn, type GroupNames } from '../../plan/current-state';
import type { ActiveDeployments } from '../../watch/controller';

/** The active deployments of this group. */
export const activeDeployments = (group: GroupNames, effects: Effects): ActiveDeployments => ({
  stop: (id) => stopDeployment(id, { rollback: false }, effects),
  async stateOf(id) {
    const { status = 'Created', instanceTerminationWaitTimeStarted: isEnding } = await readDeployment(effects.aws, id);
    const active = isActive(status);
    return { active, text: active && isEnding ? 'in its termination wait' : status };
  },
  async rollbacks() {
    const active = foundIn(await readActive(effects.aws, group)) ?? [];
    return active.flatMap(({ deploymentId, creator }) => (creator === 'codeDeployRollback' ? [deploymentId!] : []));
  },
});

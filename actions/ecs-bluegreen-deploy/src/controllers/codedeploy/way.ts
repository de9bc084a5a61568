import { type GroupNames, isActive, readActive } from '../../aws/codedeploy-deployments';
import { readDeployment } from '../../aws/codedeploy-reads';
import { stopDeployment } from '../../aws/codedeploy-stop';
import type { Effects } from '../../aws/effects';
import { foundIn } from '../../aws/reads';
import type { Way } from '../../watch/controller';

/** What stands in the way of a deployment of this group. */
export const wayOf = (group: GroupNames, effects: Effects): Way => ({
  stop: (id) => stopDeployment(id, { rollback: false }, effects),
  async stateOf(id) {
    const { status = 'Created', instanceTerminationWaitTimeStarted: isEnding } = await readDeployment(effects.aws, id);
    const active = isActive(status);
    return { active, text: active && isEnding ? 'in its termination wait' : status };
  },
  async followers() {
    const active = foundIn(await readActive(effects.aws, group)) ?? [];
    return active.flatMap(({ deploymentId, creator }) => (creator === 'codeDeployRollback' ? [deploymentId!] : []));
  },
});

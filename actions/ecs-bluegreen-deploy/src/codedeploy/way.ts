import type { Effects } from '../effects';
import { type GroupNames, isActive, readActive } from '../observe/deployments';
import { foundIn } from '../observe/look';
import type { Way } from '../watching/path';
import { readDeployment } from './reads';
import { stopDeployment } from './stop';

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

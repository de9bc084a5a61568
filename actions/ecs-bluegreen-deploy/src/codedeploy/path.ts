import type { Effects } from '../effects';
import { type GroupNames, isActive, readActive } from '../observe/deployments';
import { foundIn } from '../observe/look';
import { appSpecFor, type CodeDeployPlan } from '../plan/plan';
import { setDesiredCount } from '../service/scale';
import type { Path, Way } from '../watching/path';
import { tryToStop } from '../watching/try-to-stop';
import { createConfig } from './config';
import { DeploymentLooker } from './look';
import { type Observation, observed } from './observation';
import { readDeployment } from './reads';
import { startDeployment } from './start';
import { next } from './state';
import { stopDeployment } from './stop';

/** Deployments of CodeDeploy. */
export const codeDeployPath = (plan: CodeDeployPlan, effects: Effects): Path<Observation> => ({
  async start(arn, deadline) {
    await createConfig(plan.configToCreate, effects);
    await setDesiredCount(plan, effects);
    return startDeployment(plan, appSpecFor(plan.appSpec, plan.service, arn), deadline, effects);
  },
  looker: (arn, tell) => {
    const subject = { ...plan.request, group: plan.group, revision: arn };
    return new DeploymentLooker(effects.aws, subject, () => effects.clock.now(), tell);
  },
  next,
  rollBack: (id) => tryToStop(() => stopDeployment(id, { rollback: true }, effects), effects),
  lookOnce: async (id) => observed(await readDeployment(effects.steady.once(), id)),
  way: wayOf(plan.group, effects),
});

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

import { readStatus } from '../../aws/ecs-deployment-reads';
import { stopServiceDeployment } from '../../aws/ecs-deployment-stop';
import { activeStatuses, isArn } from '../../aws/ecs-deployments';
import { readService } from '../../aws/ecs-service';
import type { Effects } from '../../aws/effects';
import { foundIn } from '../../aws/reads';
import type { ServicePlan } from '../../plan/plan';
import type { Path, Way } from '../../watch/controller';
import { tryToStop } from '../../watch/try-to-stop';
import { observedByRollout } from './rollout-snapshot';
import { next } from './service-moves';
import { ServiceDeploymentLooker } from './service-poller';
import { type Observation, rollbackOf } from './service-snapshot';
import { readActive, startServiceDeployment } from './update-service';

/** Service deployments of the ECS controller. */
export function serviceDeploymentPath(plan: ServicePlan, effects: Effects): Path<Observation> {
  const way = wayOf(plan, effects);
  return {
    start: (arn, deadline) => startServiceDeployment(plan, arn, { deadline, way }, effects),
    looker: (revision, tell) => {
      const subject = { ...plan.request, revision, is: plan.service };
      return new ServiceDeploymentLooker(effects.aws, subject, () => effects.clock.now(), tell);
    },
    next,
    rollBack: (id) => tryToStop(() => stopServiceDeployment(id, plan.request, effects), effects),
    async lookOnce(id) {
      const aws = effects.steady.once();
      if (!isArn(id)) return observedByRollout(foundIn(await readService(aws, plan.request)) ?? {}, id, undefined);
      const { status = 'PENDING', statusReason } = await readStatus(aws, plan.request, id);
      return { status, rollback: rollbackOf(status, statusReason) };
    },
    way,
  };
}

/** What stands in the way of a new service deployment. A rollback is a part of the deployment that goes back. */
const wayOf = (plan: ServicePlan, effects: Effects): Way => ({
  stop: (id) => stopServiceDeployment(id, plan.request, effects),
  async stateOf(id) {
    if (isArn(id)) {
      const { status = 'PENDING' } = await readStatus(effects.aws, plan.request, id);
      return { active: activeStatuses.includes(status), text: status };
    }
    const active = (await readActive(plan, effects)).find((one) => one.id === id);
    return { active: active !== undefined, text: active?.status ?? 'it is no longer active' };
  },
  followers: async () => [],
});

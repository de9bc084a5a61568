import { continueServiceDeployment, stopServiceDeployment } from '../../aws/ecs-deployment-changes';
import { listActive, readServiceDeploymentsSince, readStatus } from '../../aws/ecs-deployments';
import { readService } from '../../aws/ecs-service';
import { type Effects, tryToStop } from '../../aws/effects';
import { foundIn, unknownTime } from '../../plan/current-state';
import { activeStatuses, isAdvancing, isArn } from '../../plan/ecs-lifecycle';
import type { EcsPlan } from '../../plan/plan';
import { oneName } from '../../text';
import type { ActiveDeployments, Controller } from '../../watch/controller';
import { watchBy } from '../../watch/deployment-watch';
import { servingOf } from '../serving-of';
import { snapshotByRollout } from './rollout-snapshot';
import { next } from './service-moves';
import { ServicePoller } from './service-poller';
import { rollbackOf } from './service-snapshot';
import { newTasksOf } from './serving-tasks';
import { readActive, startServiceDeployment } from './update-service';

/** Alarms that are named; ECS takes 10. */
const mostAlarms = 50;

/** Service deployments of the ECS controller. */
export function ecsController(plan: EcsPlan, effects: Effects): Controller {
  const active = activeDeployments(plan, effects);
  return {
    start: (arn) => startServiceDeployment(plan, arn, effects),
    async begunSince(arn, time) {
      const deployments = foundIn(await readServiceDeploymentsSince(effects.aws, plan.request, time)) ?? [];
      return deployments.some(({ taskDefinition }) => taskDefinition === arn);
    },
    watch(start, revision, say) {
      const subject = { ...plan.request, revision, is: plan.service };
      const poller = new ServicePoller(effects.aws, subject, () => effects.clock.now(), say);
      return watchBy(start, poller, next);
    },
    continueDeployment: (id) => continueServiceDeployment(id, plan.request, effects),
    rollBack: (id, uninterruptible) =>
      tryToStop(() => stopServiceDeployment(id, plan.request, { ...effects, uninterruptible })),
    serving(deployment, arn) {
      const aws = effects.aws.once();
      return servingOf(aws, plan.request, (service) => newTasksOf(aws, service, deployment, arn));
    },
    async readStatus({ id, createdAt }) {
      const aws = effects.uninterruptible.once();
      if (!isArn(id)) return snapshotByRollout(foundIn(await readService(aws, plan.request)) ?? {}, id, { createdAt });
      const { status = 'PENDING', statusReason } = await readStatus(aws, plan.request, id);
      return { status, rollback: rollbackOf(status, statusReason) };
    },
    active,
    alarms() {
      return { title: 'Alarms of the service', lines: plan.alarms.slice(0, mostAlarms).map(oneName) };
    },
  };
}

/** The active deployments of the service. A rollback is a part of the deployment that goes back. */
const activeDeployments = (plan: EcsPlan, effects: Effects): ActiveDeployments => ({
  async find() {
    // The list names the deployment that is to be rolled back; the service, on a way back, the one that it goes back to.
    const listed = foundIn(await listActive(effects.uninterruptible, plan.request));
    const [found] = listed ?? (await readActive(plan, effects));
    if (!found) return undefined;
    const returns = !isAdvancing(found.status);
    // By the service alone, the deployment that it goes back to is seen: its service deployment, which succeeded once, says nothing.
    const createdAt = returns && !isArn(found.id) ? unknownTime : found.createdAt;
    return { ...found, returns, createdAt };
  },
  stop: (id) => stopServiceDeployment(id, plan.request, effects),
  rollBack: (id) => stopServiceDeployment(id, plan.request, effects),
  async stateOf(id) {
    if (isArn(id)) {
      const { status = 'PENDING' } = await readStatus(effects.aws, plan.request, id);
      return { active: activeStatuses.includes(status), text: status, calls: 1 };
    }
    const active = (await readActive(plan, effects)).find((one) => one.id === id);
    // The list is refused, and the service is read instead.
    return { active: active !== undefined, text: active?.status ?? 'it is no longer active', calls: 2 };
  },
  rollbacks: async () => [],
});

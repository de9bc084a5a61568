import type { Service } from '@aws-sdk/client-ecs';
import { continueDeployment, readDeployment, readSince, stopDeployment } from '../../aws/codedeploy-deployments';
import { type Effects, tryToStop } from '../../aws/effects';
import { deploysAppSpec } from '../../plan/appspec-content';
import { appSpecFor } from '../../plan/codedeploy-plan';
import { foundIn } from '../../plan/current-state';
import type { CodeDeployPlan } from '../../plan/plan';
import { oneName } from '../../text';
import type { Controller } from '../../watch/controller';
import { watchBy } from '../../watch/deployment-watch';
import { countsOf, type NewTasks, servingOf } from '../serving-of';
import { activeDeployments } from './active-deployments';
import { startDeployment } from './create-deployment';
import { next } from './deployment-moves';
import { DeploymentPoller } from './deployment-poller';
import { snapshotOf } from './deployment-snapshot';

/** Alarms that are named; CodeDeploy takes 10. */
const mostAlarms = 50;

/** Deployments of CodeDeploy. */
export function codeDeployController(plan: CodeDeployPlan, effects: Effects): Controller {
  const active = activeDeployments(plan, effects);
  return {
    start: (arn) => startDeployment(plan, appSpecFor(plan.appSpec!, plan.service, arn), arn, effects),
    async begunSince(arn, time) {
      const content = appSpecFor(plan.appSpec!, plan.service, arn);
      const deployments = foundIn(await readSince(effects.aws, plan.group, time)) ?? [];
      return deployments.some((one) => deploysAppSpec(one, content));
    },
    watch(start, arn, say) {
      const subject = { ...plan.request, group: plan.group, revision: arn };
      const poller = new DeploymentPoller(effects.aws, subject, () => effects.clock.now(), say);
      return watchBy(start, poller, next);
    },
    rollBack: (id, uninterruptible) =>
      tryToStop(() => stopDeployment(id, { rollback: true }, { ...effects, uninterruptible })),
    continueDeployment: (id) => continueDeployment(id, effects),
    serving: (deployment, arn) =>
      servingOf(effects.aws.once(), plan.request, (service) => newTasksOf(service, deployment?.id, arn)),
    async readStatus({ id }) {
      const aws = effects.uninterruptible.once();
      const snapshot = snapshotOf(await readDeployment(aws, id));
      if (!snapshot.rollback?.id) return snapshot;
      const { status } = await readDeployment(aws, snapshot.rollback.id);
      return { ...snapshot, rollback: { ...snapshot.rollback, status } };
    },
    active,
    alarms() {
      return { title: 'Alarms of the deployment group', lines: plan.alarms.slice(0, mostAlarms).map(oneName) };
    },
  };
}

/**
 * The tasks of a deployment: those of the task set that it has made, else of the primary one with its revision. A set that another
 * deployment has replaced since is scaled down to none.
 */
export function newTasksOf({ taskSets = [] }: Service, deploymentId: string | undefined, revision: string): NewTasks {
  const primary = taskSets.find(({ status }) => status === 'PRIMARY');
  const own = taskSets.find(({ externalId }) => externalId !== undefined && externalId === deploymentId);
  const isReplaced = own !== primary && own?.computedDesiredCount === 0 && primary?.computedDesiredCount !== 0;
  const set = (isReplaced ? undefined : own) ?? (primary?.taskDefinition === revision ? primary : undefined);
  if (!set) return { tasks: undefined, targetGroups: [] };
  return {
    tasks: countsOf(set.runningCount, set.computedDesiredCount),
    targetGroups: (set.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
  };
}

import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Service } from '@aws-sdk/client-ecs';
import { completeAppSpec, deploysAppSpec, generateAppSpec } from './appspec-content';
import type { AppSpecPlan } from './codedeploy-checks';
import { type CodeDeployState, foundIn, unknownTime } from './current-state';
import { chosenConfig, configToCreate } from './deployment-config';
import { planOf } from './make-plan';
import { type Active, adopts, type BasicPlan, type CodeDeployPlan, movedSince } from './plan';
import { trafficPlan } from './traffic';

/** The plan for a service under the CODE_DEPLOY controller, whose reads have all found something. */
export function composeCodeDeploy(
  basic: BasicPlan,
  state: CodeDeployState,
  appSpec: AppSpecPlan | undefined,
): CodeDeployPlan {
  const { request } = basic;
  const group = foundIn(state.group)!;
  const config = chosenConfig(request);
  const toCreate = configToCreate(request, state.config);
  const name = config ?? group.info.deploymentConfigName;
  const traffic = trafficPlan(group.info, foundIn(state.config) ?? toCreate, name);
  const last = group.info.lastAttemptedDeployment;
  const plan = planOf(basic, traffic, { active: sortActive(state, basic, appSpec), last });
  const previous = plan.active.own.length > 0 ? revisionBefore(plan) : plan.previous;
  return { ...plan, previous, controller: 'CODE_DEPLOY', group, appSpec, config, configToCreate: toCreate };
}

/** The revision before that of an own deployment, which may have all the traffic already. */
function revisionBefore({ service: { taskSets = [] }, revision, previous }: BasicPlan): string | undefined {
  const own = revision.kind === 'deploy' ? revision.arn : undefined;
  if (previous !== own) return previous;
  const before = taskSets.filter(({ status }) => status !== 'PRIMARY').map(({ taskDefinition }) => taskDefinition);
  return before.find((one) => one !== own) ?? before[0];
}

/** The AppSpec for a revision: what CodeDeploy gets. A repeated run gets the same text. */
export const appSpecFor = (appSpec: AppSpecPlan, service: Service, arn: string): string =>
  appSpec.kind === 'file'
    ? completeAppSpec(appSpec.appSpec, arn, service)
    : generateAppSpec(service, appSpec.target, arn);

function sortActive({ active }: CodeDeployState, basic: BasicPlan, appSpec: AppSpecPlan | undefined): Active {
  const { revision, service } = basic;
  const arn = revision.kind === 'deploy' ? revision.arn : undefined;
  const all = foundIn(active) ?? [];
  const same =
    appSpec && arn !== undefined
      ? all.filter((one) => one.creator === 'user' && deploysAppSpec(one, appSpecFor(appSpec, service, arn)))
      : [];
  const createdAt = ({ createTime }: DeploymentInfo) => createTime?.getTime() ?? unknownTime;
  const own = same.filter((one) => adopts(basic, arn!, createdAt(one)));
  const outdated = same.filter((one) => !own.includes(one)).flatMap((one) => movedSince(basic, arn!, createdAt(one)));
  const ids = (deployments: typeof all) => deployments.map(({ deploymentId }) => deploymentId!);
  return { own: ids(own), others: ids(all.filter((one) => !own.includes(one))), outdated };
}

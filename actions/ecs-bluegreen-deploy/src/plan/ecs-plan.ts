import { activeByRollout, type ServiceDeploymentFound } from '../aws/ecs-deployments';
import type { EcsSituation } from '../aws/read-current-state';
import { foundIn } from '../aws/reads';
import { failureText, serviceTraffic, settingsFor } from './ecs-settings';
import { type Active, type BasicPlan, planOf, type ServicePlan } from './plan';

/** The plan for a service under the ECS controller. Pure. */
export function composeService(basic: BasicPlan, { active: look }: EcsSituation): ServicePlan {
  const { request, service } = basic;
  const settings = settingsFor(request, service);
  const configuration = settings ?? service.deploymentConfiguration ?? {};
  const active = sortActive(foundIn(look) ?? activeByRollout(service), basic);
  const plan = planOf(basic, serviceTraffic(configuration), active);
  return { ...plan, controller: 'ECS', settings, onFailure: failureText(configuration) };
}

/** A deployment of this revision that is rolled back is in the way like any other one. */
function sortActive(all: readonly ServiceDeploymentFound[], { revision, joins }: BasicPlan): Active {
  const isOwn = (one: ServiceDeploymentFound) => joins && revision.kind === 'deploy' && deploys(one, revision.arn);
  const ids = (some: typeof all) => some.map(({ id }) => id);
  return { own: ids(all.filter(isOwn)), others: ids(all.filter((one) => !isOwn(one))) };
}

/** Whether a service deployment is on its way to a revision. */
export const deploys = ({ status, taskDefinition }: ServiceDeploymentFound, arn: string): boolean =>
  taskDefinition === arn && (status === 'PENDING' || status === 'IN_PROGRESS');

import { foundIn } from '../observe/look';
import type { EcsSituation } from '../observe/observe';
import { runsAlready } from '../observe/service';
import { activeByRollout, type ServiceDeploymentFound } from '../observe/service-deployments';
import type { BasicPlan, RevisionPlan, ServicePlan } from './plan';
import { failureText, serviceTraffic, settingsFor } from './settings';
import { waitPlan } from './waits';

/** The plan for a service under the ECS controller. Pure. */
export function composeService(basic: BasicPlan, { active: look }: EcsSituation): ServicePlan {
  const { request, service, revision } = basic;
  const settings = settingsFor(request, service);
  const configuration = settings ?? service.deploymentConfiguration ?? {};
  const traffic = serviceTraffic(configuration);
  const active = sortActive(foundIn(look) ?? activeByRollout(service), revision);
  const isRunning = revision.kind === 'deploy' && runsAlready(service, revision.arn);
  const isActive = active.own.length + active.others.length > 0;
  return {
    ...basic,
    controller: 'ECS',
    settings,
    traffic,
    wait: waitPlan(request.inputs['wait-until'], traffic, request.waitFor / 60_000),
    onFailure: failureText(configuration),
    active,
    unchanged: isRunning && !isActive && !request.inputs['force-new-deployment'],
  };
}

/** A deployment of this revision that is rolled back is in the way like any other one. */
function sortActive(all: readonly ServiceDeploymentFound[], revision: RevisionPlan): ServicePlan['active'] {
  const isOwn = (one: ServiceDeploymentFound) => revision.kind === 'deploy' && deploys(one, revision.arn);
  const ids = (some: typeof all) => some.map(({ id }) => id);
  return { own: ids(all.filter(isOwn)), others: ids(all.filter((one) => !isOwn(one))) };
}

/** Whether a service deployment is on its way to a revision. */
export const deploys = ({ status, taskDefinition }: ServiceDeploymentFound, arn: string): boolean =>
  taskDefinition === arn && (status === 'PENDING' || status === 'IN_PROGRESS');

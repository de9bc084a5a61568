import type { Service } from '@aws-sdk/client-ecs';
import { type EcsState, foundIn, type ListedServiceDeployment, unknownTime } from './current-state';
import { createdApart, isAdvancing } from './ecs-lifecycle';
import { failureText, serviceTraffic, settingsFor } from './ecs-settings';
import { planOf } from './make-plan';
import { type Active, adopts, type BasicPlan, type EcsPlan, movedSince } from './plan';

/** The plan for a service under the ECS controller. */
export function composeEcs(basic: BasicPlan, { active: result }: EcsState): EcsPlan {
  const { request, service } = basic;
  const settings = settingsFor(request, service);
  const configuration = settings ?? service.deploymentConfiguration ?? {};
  const active = sortActive(foundIn(result) ?? activeByRollout(service), basic);
  const plan = planOf(basic, serviceTraffic(configuration), { active, last: undefined });
  return { ...plan, controller: 'ECS', settings, onFailure: failureText(configuration) };
}

/** A deployment of this revision that is being rolled back is waited for like any other. */
function sortActive(all: readonly ListedServiceDeployment[], basic: BasicPlan): Active {
  const { revision } = basic;
  const arn = revision.kind === 'deploy' ? revision.arn : undefined;
  const same = arn === undefined ? [] : all.filter((one) => deploys(one, arn));
  const own = same.filter((one) => adopts(basic, arn!, one.createdAt));
  const outdated = same.filter((one) => !own.includes(one)).flatMap((one) => movedSince(basic, arn!, one.createdAt));
  const ids = (some: typeof all) => some.map(({ id }) => id);
  return { own: ids(own), others: ids(all.filter((one) => !own.includes(one))), outdated };
}

/** Whether a service deployment is deploying a revision. */
export const deploys = ({ status, taskDefinition }: ListedServiceDeployment, arn: string): boolean =>
  taskDefinition === arn && isAdvancing(status);

/**
 * Of service deployments, the one that an update to a revision has started and ECS created at a time (milliseconds; undefined where that
 * is not known): the one that deploys the revision; of several, as when two runs force one each, the nearest in time. Where the role may
 * not read what any of them deploys, the only one of that time. Undefined where ECS leaves out what would tell it from another one.
 */
export function begunBy(
  listed: readonly ListedServiceDeployment[],
  revision: string,
  at: number | undefined,
): ListedServiceDeployment | undefined {
  const isTold = listed.some(({ taskDefinition }) => taskDefinition !== undefined);
  const distance = ({ createdAt }: ListedServiceDeployment) =>
    at && createdAt !== unknownTime ? Math.abs(createdAt - at) : 0;
  const [own, ...others] = listed
    .filter(({ taskDefinition = revision }) => taskDefinition === revision)
    .filter((one) => isTold || (at && distance(one) <= createdApart))
    .sort((one, other) => distance(one) - distance(other));
  const isKnown = own?.createdAt !== unknownTime && (isTold ? own?.taskDefinition !== undefined : others.length === 0);
  return isKnown ? own : undefined;
}

/** The active deployments as the service itself shows them: for roles that may not list service deployments. */
export function activeByRollout(service: Service | undefined): ListedServiceDeployment[] {
  return (service?.deployments ?? [])
    .filter(({ status, rolloutState }) => status === 'PRIMARY' && rolloutState === 'IN_PROGRESS')
    .map(({ id = '', createdAt, taskDefinition, rolloutStateReason = '' }) => ({
      id,
      status: /rolling back/i.test(rolloutStateReason) ? 'ROLLBACK_IN_PROGRESS' : 'IN_PROGRESS',
      createdAt: createdAt?.getTime() ?? 0,
      taskDefinition,
    }));
}

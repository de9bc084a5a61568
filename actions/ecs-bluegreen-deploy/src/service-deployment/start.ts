import type { Service, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { ActionError } from '../../../../shared/errors';
import { changeOnce, type Effects } from '../effects';
import { foundIn } from '../observe/look';
import { readService } from '../observe/service';
import {
  activeByRollout,
  readActiveServiceDeployments,
  readServiceDeploymentsSince,
  type ServiceDeploymentFound,
} from '../observe/service-deployments';
import type { ServicePlan } from '../plan/plan';
import { deploys } from '../plan/service-plan';
import { shortId } from '../text';
import { clearTheWay } from '../watching/clear-the-way';
import type { Started, Way } from '../watching/path';

/** Updates the service to a revision, or picks up the deployment of an earlier run that is still on its way. */
export async function startServiceDeployment(
  plan: ServicePlan,
  arn: string,
  { deadline, way }: { readonly deadline: number; readonly way: Way },
  effects: Effects,
): Promise<Started> {
  for (;;) {
    const active = await readActive(plan, effects);
    const own = active.find((one) => deploys(one, arn));
    if (own) return pickUp(own, effects);
    if (active.length === 0) return update(plan, arn, effects);
    // UpdateService would replace a deployment that somebody started since the plan was made.
    refuseOthers(plan, active);
    const ids = active.map(({ id }) => id);
    await clearTheWay(way, ids, { request: plan.request, deadline }, effects);
  }
}

/** What is on its way, as far as the role may see it. */
export async function readActive(plan: ServicePlan, { steady }: Effects): Promise<readonly ServiceDeploymentFound[]> {
  const listed = foundIn(await readActiveServiceDeployments(steady, plan.request));
  return listed ?? activeByRollout(foundIn(await readService(steady, plan.request)));
}

function pickUp({ id, createdAt }: ServiceDeploymentFound, { log }: Effects): Started {
  log.info(`Deployment ${shortId(id)} of this very revision is active already: watching it`);
  return { id, createdAt };
}

function refuseOthers({ request }: ServicePlan, active: readonly ServiceDeploymentFound[]): void {
  if (request.inputs['if-deploying'] !== 'fail') return;
  const ids = active.map(({ id }) => shortId(id)).join(', ');
  throw new ActionError(
    `cannot update the service: deployment ${ids} is active, and if-deploying is fail; run again when it has ended`,
  );
}

/** Those that were created within this many milliseconds before may be taken for new ones, unless they are known. */
const memory = 24 * 3_600_000;

async function update(plan: ServicePlan, arn: string, effects: Effects): Promise<Started> {
  const { steady, clock, log } = effects;
  const begun = clock.now();
  const known = new Set([
    ...(foundIn(await readServiceDeploymentsSince(steady, plan.request, begun - memory)) ?? []).map(({ id }) => id),
    ...deploymentIds(foundIn(await readService(steady, plan.request))),
  ]);
  const search = { plan, arn, known, since: begun - memory };
  const send = async () => {
    const ecs = await steady.once().ecs();
    await ecs.updateService(updateInput(plan, arn));
    return undefined;
  };
  const recognise = async () => ((await isUnderWay(search, effects)) ? waitForOwn(search, effects) : undefined);
  const recognised = await changeOnce<Started | undefined>(send, recognise, effects);
  log.info(`Updated service ${plan.request.service}`);
  return recognised ?? waitForOwn(search, effects);
}

const deploymentIds = (service: Service | undefined) => (service?.deployments ?? []).flatMap(({ id }) => id ?? []);

/** What UpdateService gets: the revision, and only those settings that the user gave. Pure. */
export function updateInput(plan: ServicePlan, arn: string): UpdateServiceRequest {
  const { request, service, settings } = plan;
  const { 'desired-count': desiredCount, 'force-new-deployment': forced } = request.inputs;
  // ECS starts nothing for the revision that it has, although its deployment failed.
  const force = forced || service.taskDefinition === arn;
  return {
    cluster: request.cluster,
    service: request.service,
    taskDefinition: arn,
    ...(settings && { deploymentConfiguration: settings }),
    ...(desiredCount !== undefined && { desiredCount }),
    ...(force && { forceNewDeployment: true }),
  };
}

interface Search {
  readonly plan: ServicePlan;
  readonly arn: string;
  /** Ids of what was there before. */
  readonly known: ReadonlySet<string>;
  readonly since: number;
}

/** The new deployment of the revision: by what it deploys, not by its time. */
async function findOwn(search: Search, effects: Effects): Promise<Started | undefined> {
  const { plan, arn, known, since } = search;
  const listed = foundIn(await readServiceDeploymentsSince(effects.steady, plan.request, since));
  if (!listed) return ownOfService(search, effects);
  return listed.find(({ id, taskDefinition }) => !known.has(id) && taskDefinition === arn);
}

/** The same among the deployments that the service itself shows: for roles that may not list service deployments. */
async function ownOfService({ plan, arn, known }: Search, { steady }: Effects): Promise<Started | undefined> {
  const service = foundIn(await readService(steady, plan.request));
  const own = service?.deployments?.find(({ id = '', taskDefinition }) => !known.has(id) && taskDefinition === arn);
  return own && { id: own.id!, createdAt: own.createdAt?.getTime() ?? 0 };
}

/** Whether an update whose answer was lost took effect. The service shows it before the list does. */
const isUnderWay = async (search: Search, effects: Effects): Promise<boolean> =>
  ((await ownOfService(search, effects)) ?? (await findOwn(search, effects))) !== undefined;

/** ECS lists a service deployment within seconds of the update; this is how many looks are made, a second apart. */
const mostLooks = 30;

/** Not ended by an interruption: what was started must be known before the action may leave. */
async function waitForOwn(search: Search, effects: Effects): Promise<Started> {
  for (let look = 1; look <= mostLooks; look++) {
    const own = await findOwn(search, effects);
    if (own) {
      effects.log.info(`Started deployment ${shortId(own.id)}`);
      return own;
    }
    await effects.clock.sleep(1_000);
  }
  const { service } = search.plan.request;
  throw new ActionError(
    `cannot find the deployment: service ${service} was updated to ${search.arn}, but ECS lists no deployment of it; look at the service`,
  );
}

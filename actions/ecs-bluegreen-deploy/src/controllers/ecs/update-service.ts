import type { Service, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { ActionError } from '../../../../../shared/errors';
import { setDesiredCount } from '../../aws/adjust-service';
import {
  activeByRollout,
  readActiveServiceDeployments,
  readServiceDeploymentsSince,
  type ServiceDeploymentFound,
} from '../../aws/ecs-deployments';
import { readService } from '../../aws/ecs-service';
import { changeOnce, type Effects, notKnown, Uncertain, unlessLost } from '../../aws/effects';
import { foundIn } from '../../aws/reads';
import { deploys } from '../../plan/ecs-plan';
import { settingsFor } from '../../plan/ecs-settings';
import type { ServicePlan } from '../../plan/plan';
import { shortId } from '../../text';
import type { Started, Way } from '../../watch/controller';
import { clearTheWay } from '../../watch/wait-for-active';

/** Updates the service to a revision, or picks up the deployment of an earlier run that is still on its way. */
export async function startServiceDeployment(
  plan: ServicePlan,
  arn: string,
  { deadline, way }: { readonly deadline: number; readonly way: Way },
  effects: Effects,
): Promise<Started> {
  for (;;) {
    const active = await readActive(plan, effects);
    const own = plan.joins ? active.find((one) => deploys(one, arn)) : undefined;
    if (own) return pickUp(own, plan, effects);
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

async function pickUp(
  { id, createdAt }: ServiceDeploymentFound,
  plan: ServicePlan,
  effects: Effects,
): Promise<Started> {
  const { log } = effects;
  log.info(`Deployment ${shortId(id)} of this very revision is active already: watching it`);
  if (plan.settings) log.warn('Its settings stay: those that were asked for are not given to a deployment under way');
  await setDesiredCount(plan, effects);
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

async function update(planned: ServicePlan, arn: string, effects: Effects): Promise<Started> {
  const { steady, clock, log, done } = effects;
  const { request } = planned;
  // Who was waited for may have changed the settings: what goes back must be what is there now.
  const service = foundIn(await readService(steady, request)) ?? planned.service;
  const plan = { ...planned, service, settings: settingsFor(request, service) };
  const begun = clock.now();
  const before = await readServiceDeploymentsSince(steady, request, begun - memory);
  const search: Search = {
    plan,
    arn,
    known: new Set([...(foundIn(before) ?? []).map(({ id }) => id), ...deploymentIds(service)]),
    // What was not known before cannot be told from what is new.
    isListed: 'found' in before,
    since: begun - memory,
  };
  const send = async () => {
    const ecs = await steady.once().ecs();
    const { service } = await ecs.updateService(updateInput(plan, arn));
    return service?.deployments?.find(({ status }) => status === 'PRIMARY')?.createdAt?.getTime();
  };
  const recognise = async () =>
    (await ownOfService(search, effects))?.createdAt ?? (await findOwn(search, effects))?.createdAt;
  const uncertain = `It is not known whether service ${request.service} was updated to ${arn}`;
  const createdAt = await changeOnce<number | undefined>({ uncertain, send, recognise }, effects);
  log.info(`Updated service ${request.service}`);
  done.push(`service ${request.service} was updated to ${arn}`);
  const since = createdAt === undefined ? search.since : createdAt - tolerance;
  return waitForOwn({ ...search, since }, effects);
}

/** A service deployment may be a little older than the deployment of the service that belongs to it. Milliseconds. */
const tolerance = 10_000;

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
  /** Whether `known` has the service deployments too, so that a new one can be told among them. */
  readonly isListed: boolean;
  /** It was not created before this time, by the clock of AWS. */
  readonly since: number;
}

/** The new deployment of the revision: by what it deploys, not by its time. */
async function findOwn(search: Search, effects: Effects): Promise<Started | undefined> {
  const { plan, arn, known, isListed, since } = search;
  if (!isListed) return ownOfService(search, effects);
  const listed = foundIn(await readServiceDeploymentsSince(effects.steady, plan.request, since));
  return listed?.find(({ id, taskDefinition }) => !known.has(id) && taskDefinition === arn);
}

/** The same among the deployments that the service itself shows: for roles that may not list service deployments. */
async function ownOfService({ plan, arn, known }: Search, { steady }: Effects): Promise<Started | undefined> {
  const service = foundIn(await readService(steady, plan.request));
  const own = service?.deployments?.find(({ id = '', taskDefinition }) => !known.has(id) && taskDefinition === arn);
  return own && { id: own.id!, createdAt: own.createdAt?.getTime() ?? 0 };
}

/** ECS lists a service deployment within seconds of the update; this is how many looks are made, a second apart. */
const mostLooks = 30;

/**
 * Not ended by an interruption: what was started must be known before the action may leave.
 *
 * @throws Uncertain where it cannot be found
 */
async function waitForOwn(search: Search, effects: Effects): Promise<Started> {
  const { clock, log } = effects;
  const find = (look: number) => (look < mostLooks ? findOwn(search, effects) : ownOfService(search, effects));
  for (let look = 1; look <= mostLooks; look++) {
    const own = await unlessLost(() => find(look));
    if (own !== undefined && own !== notKnown) {
      log.info(`Started deployment ${shortId(own.id)}`);
      return own;
    }
    await clock.sleep(1_000);
  }
  const { service } = search.plan.request;
  const cause = new ActionError(`cannot find the deployment of service ${service}: ECS does not show it`);
  throw new Uncertain('ECS carries out the update all the same, and nobody watches it', cause);
}

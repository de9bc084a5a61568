import type { Service, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { readActiveServiceDeployments, readServiceDeploymentsSince } from '../../aws/ecs-deployments';
import { readService, setDesiredCount } from '../../aws/ecs-service';
import { changeOnce, type Effects, Outdated } from '../../aws/effects';
import { foundIn, type ListedServiceDeployment } from '../../plan/current-state';
import { createdApart } from '../../plan/ecs-lifecycle';
import { activeByRollout, deploys } from '../../plan/ecs-plan';
import { settingsFor } from '../../plan/ecs-settings';
import { adopts, type EcsPlan, lacksTask, primaryOf } from '../../plan/plan';
import { tagOptions, volumesAsked } from '../../plan/service-options';
import { shortId } from '../../text';
import type { Start } from '../../watch/controller';
import type { StartedDeployment } from '../../watch/model';
import { type Accepted, findOwn, ownAmong, ownOfService, readNew, type Search, waitForOwn } from './own-deployment';

/** Updates the service to a revision, or adopts the deployment of an earlier run that is still in progress. */
export async function startServiceDeployment(plan: EcsPlan, arn: string, effects: Effects): Promise<Start> {
  const { clock, uninterruptible } = effects;
  const since = clock.now() - memory;
  const before = await readServiceDeploymentsSince(uninterruptible, plan.request, since);
  // Last: the change rests on it.
  const { service, active } = await readFresh(plan, effects);
  const own = active.find((one) => deploys(one, arn) && adopts(plan, arn, one.createdAt));
  if (own) return { kind: 'started', deployment: await adopt(own, plan, effects) };
  // UpdateService would replace a deployment that somebody started since the plan was made.
  if (active.length > 0) return { kind: 'busy', ids: active.map(({ id }) => id) };
  if (lacksTask(plan) || progressOf(service) !== progressOf(plan.service)) return { kind: 'moved' };
  const settings = settingsFor(plan.request, service);
  const search: Search = {
    plan: { ...plan, service, settings },
    arn,
    known: new Set([...(foundIn(before) ?? []).map(({ id }) => id), ...deploymentIds(service)]),
    // What was not known before cannot be distinguished from what is new.
    isListed: 'found' in before,
    since,
  };
  try {
    return { kind: 'started', deployment: await update(search, effects) };
  } catch (error) {
    if (error instanceof Outdated) return { kind: 'moved' };
    throw error;
  }
}

/** Milliseconds; after a longer read, what was read first may have changed since. */
const freshFor = 5_000;
/** The most reads: when AWS hangs again and again, the last one has to do. */
const mostReads = 4;

/** The service and what is active, as they are now. */
async function readFresh(plan: EcsPlan, effects: Effects) {
  const { clock, uninterruptible } = effects;
  for (let reads = 1; ; reads++) {
    const begun = clock.now();
    // The service before what is active: a deployment that begins in between is seen.
    const service = foundIn(await readService(uninterruptible, plan.request)) ?? plan.service;
    const active = await readActive(plan, effects);
    const isFresh = clock.now() - begun <= freshFor;
    if (isFresh || active.length > 0 || reads === mostReads) return { service, active };
  }
}

/** The deployment that a service has now and how it stands: one that was to be adopted may have ended since it was planned. */
const progressOf = (service: Service): string => {
  const { id, rolloutState } = primaryOf(service) ?? {};
  return `${id} ${rolloutState}`;
};

/** The active deployments, as far as the role may see them. */
export async function readActive(
  plan: EcsPlan,
  { uninterruptible }: Effects,
): Promise<readonly ListedServiceDeployment[]> {
  const listed = foundIn(await readActiveServiceDeployments(uninterruptible, plan.request));
  return listed ?? activeByRollout(foundIn(await readService(uninterruptible, plan.request)));
}

async function adopt(
  { id, createdAt }: ListedServiceDeployment,
  plan: EcsPlan,
  effects: Effects,
): Promise<StartedDeployment> {
  const { log } = effects;
  log.info(`Deployment ${shortId(id)} of this very revision is active already: watching it`);
  if (plan.settings)
    log.warn('Its settings stay as they are: the requested ones do not apply to a deployment in progress');
  await setDesiredCount(plan, effects);
  return { id, createdAt, adopted: true };
}

/** Those that were created within this many milliseconds before may be taken for new ones, unless they are known. */
const memory = 24 * 3_600_000;

async function update(search: Search, effects: Effects): Promise<StartedDeployment> {
  const { uninterruptible, log, done } = effects;
  const { plan, arn } = search;
  const { request } = plan;
  const input = updateInput(plan, arn);
  const send = async (): Promise<Accepted> => {
    const ecs = await uninterruptible.once().ecs();
    return ownAmong((await ecs.updateService(input)).service, search) ?? {};
  };
  const once = { ...effects, uninterruptible: uninterruptible.once() };
  // UpdateService would replace what somebody else has begun to deploy while AWS did not accept it, or deploy again what was rolled back.
  const isOutdated = async () => {
    const { service, active } = await readFresh(plan, once);
    if (active.length > 0 || progressOf(service) !== progressOf(plan.service)) return true;
    return search.isListed && (await readNew(search, once)).length > 0;
  };
  const recognise = async () => (await ownOfService(search, effects)) ?? (await findOwn(search, effects));
  // ECS makes a new deployment of each forced update, and none of a second one that asks for what there is.
  const forced = input.forceNewDeployment === true ? { mostUnknown: 1 } : {};
  const uncertain = `It is not known whether service ${request.service} was updated to ${arn}`;
  const accepted = await changeOnce<Accepted>({ uncertain, send, recognise, isOutdated, ...forced }, effects);
  log.info(`Updated service ${request.service}`);
  done.push(`service ${request.service} was updated to ${arn}`);
  const { createdAt } = accepted;
  const since = createdAt === undefined ? search.since : createdAt - createdApart;
  return waitForOwn({ ...search, since, at: createdAt }, accepted, effects);
}

const deploymentIds = (service: Service | undefined) => (service?.deployments ?? []).flatMap(({ id }) => id ?? []);

/** What UpdateService gets: the revision, and only those settings that the user gave. */
function updateInput(plan: EcsPlan, arn: string): UpdateServiceRequest {
  const { request, service, settings } = plan;
  const { 'desired-count': desiredCount, 'force-new-deployment': forced } = request.inputs;
  // ECS starts nothing for the revision that it has, although its deployment failed.
  const force = forced || service.taskDefinition === arn;
  const volumes = volumesAsked(request);
  return {
    cluster: request.cluster,
    service: request.service,
    taskDefinition: arn,
    ...(settings && { deploymentConfiguration: settings }),
    ...tagOptions(request, service),
    ...(volumes && { volumeConfigurations: volumes }),
    ...(desiredCount !== undefined && { desiredCount }),
    ...(force && { forceNewDeployment: true }),
  };
}

import type { Service, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { ActionError } from '../../../../../shared/errors';
import { type Polled, poll } from '../../../../../shared/poll';
import { readActiveServiceDeployments, readServiceDeploymentsSince } from '../../aws/ecs-deployments';
import { readService, setDesiredCount } from '../../aws/ecs-service';
import { changeOnce, type Effects, Outdated, Uncertain } from '../../aws/effects';
import { notKnown, unlessLost } from '../../aws/reads';
import { foundIn, type ListedServiceDeployment } from '../../plan/current-state';
import { createdApart } from '../../plan/ecs-lifecycle';
import { activeByRollout, begunBy, deploys } from '../../plan/ecs-plan';
import { settingsFor } from '../../plan/ecs-settings';
import { adopts, type EcsPlan, lacksTask, primaryOf } from '../../plan/plan';
import { tagOptions, volumesAsked } from '../../plan/service-options';
import { shortId } from '../../text';
import type { Start } from '../../watch/controller';
import type { StartedDeployment } from '../../watch/model';

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

/** What is known of the deployment once ECS has accepted the update. */
type Accepted = Partial<StartedDeployment>;

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

interface Search {
  readonly plan: EcsPlan;
  readonly arn: string;
  /** Ids of what was there before. */
  readonly known: ReadonlySet<string>;
  /** Whether `known` has the service deployments too, so that a new one can be recognized among them. */
  readonly isListed: boolean;
  /** It was not created before this time, by the clock of AWS. */
  readonly since: number;
  /** When AWS has created it; milliseconds since the epoch, undefined where it has not said so. */
  readonly at?: number | undefined;
}

/** The new deployment of the revision among those that ECS lists, where the role may see them and what they deploy. */
async function findOwn(search: Search, effects: Effects): Promise<StartedDeployment | undefined> {
  const { arn, isListed, at } = search;
  if (!isListed) return ownOfService(search, effects);
  const fresh = await readNew(search, effects);
  const own = begunBy(fresh, arn, at);
  if (own) return { id: own.id, createdAt: own.createdAt, adopted: false };
  const isHidden = fresh.length > 0 && fresh.every(({ taskDefinition }) => taskDefinition === undefined);
  return isHidden ? ownOfService(search, effects) : undefined;
}

/** The service deployments that were not there before, as far as ECS lists them. */
async function readNew({ plan, known, since }: Search, { uninterruptible }: Effects) {
  const listed = foundIn(await readServiceDeploymentsSince(uninterruptible, plan.request, since)) ?? [];
  return listed.filter(({ id }) => !known.has(id));
}

/** The same among the deployments that the service itself shows: for roles that may not list service deployments. */
async function ownOfService(search: Search, { uninterruptible }: Effects): Promise<StartedDeployment | undefined> {
  return ownAmong(foundIn(await readService(uninterruptible, search.plan.request)), search);
}

function ownAmong(service: Service | undefined, { arn, known }: Search): StartedDeployment | undefined {
  const own = service?.deployments?.find(({ id = '', taskDefinition }) => !known.has(id) && taskDefinition === arn);
  return own?.id ? { id: own.id, createdAt: own.createdAt?.getTime() ?? 0, adopted: false } : undefined;
}

/** ECS lists a service deployment within seconds of the update; for so many milliseconds it is looked for, every second. */
const listedWithin = 30_000;

/**
 * An interruption leaves it only those requests that are answered within its seconds: what was started must be known before
 * the action may leave.
 *
 * @throws Uncertain where it cannot be found; with the deployment of the service, where the update named it
 */
async function waitForOwn(search: Search, accepted: Accepted, effects: Effects): Promise<StartedDeployment> {
  const { service } = search.plan.request;
  const { id, createdAt = effects.clock.now() } = accepted;
  try {
    const own = await pollForOwn(search, effects);
    if (own) return own;
    // The service itself tells of the deployment that the update named.
    if (id !== undefined && !effects.signal.aborted) return { id, createdAt, adopted: false, isUnseen: true };
    throw new ActionError(`cannot find the deployment of service ${service}: ECS does not show it`);
  } catch (error) {
    const what = 'ECS carries out the update anyway, and nobody is watching it';
    throw new Uncertain(what, error, { id, createdAt });
  }
}

async function pollForOwn(search: Search, effects: Effects): Promise<StartedDeployment | undefined> {
  const { clock, log, signal } = effects;
  const once = { ...effects, uninterruptible: effects.uninterruptible.once() };
  const deadline = clock.now() + listedWithin;
  const read = async (): Promise<Polled<StartedDeployment | undefined>> => {
    const isLate = clock.now() >= deadline;
    const value = await unlessLost(() => (isLate ? ownOfService(search, once) : findOwn(search, once)));
    const own = value === notKnown ? undefined : value;
    // So few polls are not worth slowing down for.
    return { value: own, calls: 0, slowDown: false, isComplete: own !== undefined };
  };
  for await (const { value: own, isLast } of poll({ clock, interval: 1_000, deadline, read })) {
    if (own) {
      log.info(`Started deployment ${shortId(own.id)}`);
      return own;
    }
    if (isLast || signal.aborted) break;
  }
  return undefined;
}

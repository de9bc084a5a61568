import type { Service } from '@aws-sdk/client-ecs';
import { ActionError } from '../../../../../shared/errors';
import { type Polled, poll } from '../../../../../shared/poll';
import { readServiceDeploymentsSince } from '../../aws/ecs-deployments';
import { readService } from '../../aws/ecs-service';
import { type Effects, notKnown, Uncertain, unlessLost } from '../../aws/effects';
import { foundIn } from '../../plan/current-state';
import { begunBy } from '../../plan/ecs-plan';
import type { EcsPlan } from '../../plan/plan';
import { shortId } from '../../text';
import type { StartedDeployment } from '../../watch/model';

/** What is known of the deployment once ECS has accepted the update. */
export type Accepted = Partial<StartedDeployment>;

/** What tells the deployment that an update of this run has started from others. */
export interface Search {
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
export async function findOwn(search: Search, effects: Effects): Promise<StartedDeployment | undefined> {
  const { arn, isListed, at } = search;
  if (!isListed) return ownOfService(search, effects);
  const fresh = await readNew(search, effects);
  const own = begunBy(fresh, arn, at);
  if (own) return { id: own.id, createdAt: own.createdAt, adopted: false };
  const isHidden = fresh.length > 0 && fresh.every(({ taskDefinition }) => taskDefinition === undefined);
  return isHidden ? ownOfService(search, effects) : undefined;
}

/** The service deployments that were not there before, as far as ECS lists them. */
export async function readNew({ plan, known, since }: Search, { uninterruptible }: Effects) {
  const listed = foundIn(await readServiceDeploymentsSince(uninterruptible, plan.request, since)) ?? [];
  return listed.filter(({ id }) => !known.has(id));
}

/** The same among the deployments that the service itself shows: for roles that may not list service deployments. */
export async function ownOfService(
  search: Search,
  { uninterruptible }: Effects,
): Promise<StartedDeployment | undefined> {
  return ownAmong(foundIn(await readService(uninterruptible, search.plan.request)), search);
}

/** The same in a service that was read. */
export function ownAmong(service: Service | undefined, { arn, known }: Search): StartedDeployment | undefined {
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
export async function waitForOwn(search: Search, accepted: Accepted, effects: Effects): Promise<StartedDeployment> {
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

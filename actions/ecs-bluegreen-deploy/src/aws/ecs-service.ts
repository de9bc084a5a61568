import type { Service } from '@aws-sdk/client-ecs';
import { unusableAnswer } from '../../../../shared/aws/call';
import type { Aws } from '../../../../shared/aws/clients';
import { ActionError } from '../../../../shared/errors';
import { excerpt } from '../../../../shared/excerpt';
import { foundIn, type ReadResult, type ServiceNames } from '../plan/current-state';
import type { Plan } from '../plan/plan';
import { tagOptions } from '../plan/service-options';
import { nameTargetGroups, oneLine, oneName } from '../text';
import type { Effects } from './effects';
import { readOrMissing } from './reads';

/** Reads the service. @throws the error of an answer that cannot be used where that leaves its status out */
export async function readService(aws: Aws, { cluster, service }: ServiceNames): Promise<ReadResult<Service>> {
  const ecs = await aws.ecs();
  const answer = await readOrMissing(() => ecs.describeServices({ cluster, services: [service] }), {
    ClusterNotFoundException: `there is no cluster ${cluster} in ${aws.region}`,
  });
  if (!('found' in answer)) return answer;
  const found = answer.found.services?.[0];
  if (found && found.status === undefined) {
    throw unusableAnswer({ service: 'ecs', operation: 'DescribeServices' }, 'the service has no status');
  }
  return found ? { found } : { missing: `there is no service ${service} in cluster ${cluster} in ${aws.region}` };
}

/** The service, or its deployment, was deleted while it was deployed. */
export class Gone extends ActionError {}

/** Errors that say that the service is not there, or not even its cluster. */
const notThere: ReadonlySet<string> = new Set(['ClusterNotFoundException', 'ServiceNotFoundException']);

export const isNotThere = (error: unknown): boolean => notThere.has((error as Error)?.name);

/** @throws Gone where the service is not there any more */
export async function readPresentService(aws: Aws, names: ServiceNames): Promise<Service> {
  const result = await readService(aws, names);
  const service = foundIn(result);
  if (service && service.status !== 'INACTIVE') return service;
  const why = 'missing' in result ? result.missing : `service ${names.service} is INACTIVE`;
  throw new Gone(`${why}: it was deleted in the meantime; create it again, then run again`);
}

/** What ECS says of a service. */
export interface ServiceEvent {
  readonly id: string;
  readonly message: string;
}

/** ECS keeps the last 100. */
const mostEvents = 100;
/** Before it is shortened: an event may list many tasks. */
const longestMessage = 4_000;

/** The events of a service since a time (milliseconds), oldest first. */
export async function readServiceEvents(aws: Aws, names: ServiceNames, since: number): Promise<ServiceEvent[]> {
  const service = foundIn(await readService(aws, names));
  return (service?.events ?? [])
    .slice(0, mostEvents)
    .filter(({ createdAt }) => (createdAt?.getTime() ?? 0) > since)
    .map(({ id, message }) => ({ id: oneName(id), message: oneLine(shortened(excerpt(message, longestMessage))) }))
    .reverse();
}

/** Without what every event of a service repeats: its name, its task sets, the ARNs around names, and lists of tasks. */
const shortened = (message: string) =>
  nameTargetGroups(message.replace(/^\(service [^)]*\) /, '')).replace(/:( \(task [0-9a-f]+\))+\.?$/, '');

/** Sets the number of tasks where another one was asked for. Setting it twice does no harm. */
export async function setDesiredCount(
  { request: { cluster, service }, scaleTo }: Pick<Plan, 'request' | 'scaleTo'>,
  { uninterruptible, log, done }: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<void> {
  if (scaleTo === undefined) return;
  const ecs = await uninterruptible.ecs();
  await ecs.updateService({ cluster, service, desiredCount: scaleTo });
  done.push(`the desired count was set to ${scaleTo}`);
  log.info(`Set the desired count of ${service} to ${scaleTo}`);
}

/** Applies what was asked for besides the revision to a service that is not deployed; none of it starts a deployment (API model). */
export async function adjustService(
  plan: Plan,
  effects: Pick<Effects, 'uninterruptible' | 'log' | 'done'>,
): Promise<void> {
  await setDesiredCount(plan, effects);
  if (plan.controller !== 'ECS') return;
  const options = tagOptions(plan.request, plan.service);
  if (!plan.settings && !options) return;
  const { cluster, service } = plan.request;
  const ecs = await effects.uninterruptible.ecs();
  const settings = plan.settings && { deploymentConfiguration: plan.settings };
  await ecs.updateService({ cluster, service, ...settings, ...options });
  const what = [...(settings ? ['deployment settings'] : []), ...(options ? ['options of its tags'] : [])].join(
    ' and ',
  );
  effects.done.push(`the ${what} of ${service} were changed`);
  effects.log.info(`Changed the ${what} of ${service}, for future deployments`);
}

import type { Aws } from '../../../../shared/aws/clients';
import { excerpt } from '../../../../shared/excerpt';
import { nameTargetGroups, oneLine, oneName } from '../text';
import { readService } from './ecs-service';
import { foundIn } from './reads';

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
export async function readServiceEvents(
  aws: Aws,
  query: { readonly cluster: string; readonly service: string },
  since: number,
): Promise<ServiceEvent[]> {
  const service = foundIn(await readService(aws, query));
  return (service?.events ?? [])
    .slice(0, mostEvents)
    .filter(({ createdAt }) => (createdAt?.getTime() ?? 0) > since)
    .map(({ id, message }) => ({ id: oneName(id), message: oneLine(shortened(excerpt(message, longestMessage))) }))
    .reverse();
}

/** Without what every event of a service repeats: its name, its task sets, the ARNs around names, and lists of tasks. */
const shortened = (message: string) =>
  nameTargetGroups(message.replace(/^\(service [^)]*\) /, '')).replace(/:( \(task [0-9a-f]+\))+\.?$/, '');

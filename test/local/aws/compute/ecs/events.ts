import type { Fleet, ServiceRecord } from '../state';
import { dateOf, type World } from '../world';

/** AWS keeps the last hundred. */
const kept = 100;

/** Adds a service event in AWS's words; a task set is named beside its service. */
export function addEvent(world: World, service: ServiceRecord, text: string, fleet?: Fleet): void {
  const taskSet = fleet && service.controller === 'CODE_DEPLOY' ? `, taskSet ${fleet.id}` : '';
  service.events.unshift({
    id: world.ids.uuid(),
    createdAt: dateOf(world),
    message: `(service ${service.name}${taskSet}) ${text}`,
  });
  service.events.length = Math.min(service.events.length, kept);
}

import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { TaskRecord } from '../state';

/** The container behind the load balancer; without one, the first. */
export function servingContainer({ fleet, definition }: TaskRecord): ContainerDefinition | undefined {
  const balanced = fleet.service.loadBalancers[0]?.containerName;
  const containers = definition.containerDefinitions ?? [];
  return containers.find(({ name }) => name === balanced) ?? containers[0];
}

import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { portOf } from '../elb-traffic';
import type { TaskRecord } from '../state';
import type { World } from '../world';

/** The container behind the load balancer; without one, the first. */
export function servingContainer({ fleet, definition }: TaskRecord): ContainerDefinition | undefined {
  const balanced = fleet.service.loadBalancers[0]?.containerName;
  const containers = definition.containerDefinitions ?? [];
  return containers.find(({ name }) => name === balanced) ?? containers[0];
}

/** Starts the process behind a task, where a runtime has such; resolves with where it serves. */
export async function startProcess(world: World, task: TaskRecord): Promise<TaskRecord['address']> {
  const container = servingContainer(task);
  return world.runtime?.start({
    arn: task.arn,
    image: container?.image ?? '',
    ...(container?.command ? { command: container.command } : {}),
    environment: Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name ?? '', value ?? ''])),
    containerPort: portOf(task.fleet),
  });
}

/** Ends the process behind a task, where there is one. */
export async function stopProcess(world: World, task: TaskRecord): Promise<void> {
  if (!task.address) return;
  await world.runtime?.stop(task.arn);
  task.address = undefined;
}

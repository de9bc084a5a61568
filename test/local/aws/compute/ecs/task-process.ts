import { portOf } from '../elb-traffic';
import { writeLog } from '../logs';
import type { TaskRecord } from '../state';
import type { World } from '../world';
import { servingContainer } from './serving-container';

/** Starts the process behind a task, where a runtime has such; resolves with where it serves. A one-off task serves nothing. */
export async function startProcess(world: World, task: TaskRecord): Promise<TaskRecord['address']> {
  if (task.oneOff) return undefined;
  const container = servingContainer(task);
  return world.runtime?.start({
    arn: task.arn,
    image: container?.image ?? '',
    ...(container?.command ? { command: container.command } : {}),
    environment: Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name ?? '', value ?? ''])),
    containerPort: portOf(task.fleet),
    log: (line) => writeLog(world, task, line),
  });
}

/** Ends the process behind a task, where there is one. */
export async function stopProcess(world: World, task: TaskRecord): Promise<void> {
  if (!task.address) return;
  await world.runtime?.stop(task.arn);
  task.address = undefined;
}

import { minutes } from '../timing';
import type { World } from '../world';
import { isSteady } from './fleets';
import type { ServiceDeploymentRecord } from './record';
import { succeed } from './service-deployment-end';

/** A rolling update: done when the new tasks are healthy and a bake time, where there is one, went by. */
export async function roll(world: World, record: ServiceDeploymentRecord): Promise<void> {
  const { course, target, configuration } = record;
  await course.until(() => isSteady(world, target.fleet));
  await course.wait(minutes(configuration.bakeTimeInMinutes));
  succeed(world, record);
}

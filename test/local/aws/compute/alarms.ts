import { byAlarm, endDeployment } from './codedeploy/ending';
import { alarmsOf } from './codedeploy/record';
import type { World } from './world';

/** An alarm goes off: it stops the deployments that watch it. */
export function raiseAlarm(world: World, name: string): void {
  world.state.alarms.set(name, { name, state: 'ALARM' });
  const watching = world.state.deployments.filter(
    (deployment) => deployment.creator === 'user' && deployment.startTime && alarmsOf(deployment).includes(name),
  );
  for (const deployment of watching) endDeployment(world, deployment, byAlarm(name));
  world.changes.notify();
}

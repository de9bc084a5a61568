import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { Course } from '../course';
import { setHealth } from '../elb-traffic';
import type { Fleet, ServiceRecord, TaskRecord } from '../state';
import { dateOf, type World } from '../world';
import { addEvent } from './events';
import { stopTask } from './task-end';
import { createTask, healthy, liveTask, startTask } from './task-life';

/** A fleet of so many tasks that the scheduler does not run yet. */
export function createFleet(
  world: World,
  service: ServiceRecord,
  definition: TaskDefinition,
  rest: Pick<Fleet, 'targetGroupArn' | 'status' | 'replacement'> & Partial<Pick<Fleet, 'externalId' | 'rollout'>>,
): Fleet {
  const fleet: Fleet = {
    id: `ecs-svc/${world.ids.digits(19)}`,
    service,
    definition,
    createdAt: dateOf(world),
    imageDigests: digestsOf(world, definition),
    externalId: undefined,
    rollout: undefined,
    network: service.network,
    platformVersion: service.platformVersion,
    capacityProviderStrategy: service.capacityProviderStrategy,
    desiredCount: service.desiredCount,
    failedTasks: 0,
    steadyAt: undefined,
    updatedAt: dateOf(world),
    ...rest,
  };
  service.fleets.unshift(fleet);
  return fleet;
}

/** What the tags of a task definition's images are at this moment. */
export const digestsOf = (world: World, { containerDefinitions = [] }: TaskDefinition): ReadonlyMap<string, string> =>
  new Map(containerDefinitions.map(({ image = '' }) => [image, world.imageDigest(image)]));

const tasksOf = (world: World, fleet: Fleet): TaskRecord[] => world.state.tasks.filter((task) => task.fleet === fleet);

const liveTasks = (world: World, fleet: Fleet): TaskRecord[] =>
  tasksOf(world, fleet).filter((task) => task.desiredStatus === 'RUNNING');

export const runningCount = (world: World, fleet: Fleet): number =>
  tasksOf(world, fleet).filter((task) => task.lastStatus === 'RUNNING').length;

export const pendingCount = (world: World, fleet: Fleet): number =>
  liveTasks(world, fleet).filter((task) => task.lastStatus !== 'RUNNING').length;

/** As many tasks as wanted run, and the load balancer finds them healthy. */
export function isSteady(world: World, fleet: Fleet): boolean {
  const isChecked = fleet.targetGroupArn !== undefined && !(fleet.replacement && world.scenario.unchecked);
  const ready = liveTasks(world, fleet).filter(
    (task) => task.lastStatus === 'RUNNING' && (!isChecked || task.target?.state === 'healthy'),
  );
  return ready.length === fleet.desiredCount && liveTasks(world, fleet).length === fleet.desiredCount;
}

/** The scheduler: starts what is missing, stops what is too much, replaces what stopped, until the fleet drains. */
export function scheduleFleet(world: World, fleet: Fleet): void {
  const course = new Course(world);
  void course.run(async () => {
    const missing = () => fleet.desiredCount - liveTasks(world, fleet).length;
    const unsteady = () => isSteady(world, fleet) !== (fleet.steadyAt !== undefined);
    for (let restarts = fleet.failedTasks; isActive(fleet); ) {
      if (missing() > 0) await replaceTasks(world, fleet, course, missing(), restarts++);
      if (missing() < 0) removeTasks(world, fleet, -missing());
      noteSteadiness(world, fleet);
      await course.until(() => missing() !== 0 || unsteady() || !isActive(fleet));
    }
  });
}

/** A deployment that failed starts no more tasks. */
const isActive = ({ status, rollout }: Fleet): boolean =>
  (status === 'PRIMARY' || status === 'ACTIVE') && rollout?.state !== 'FAILED';

async function replaceTasks(world: World, fleet: Fleet, course: Course, count: number, restarts: number) {
  if (restarts > 0) await course.wait(world.timing.restart * Math.min(restarts, 6));
  if (!isActive(fleet)) return;
  if (fleet.failedTasks >= 3 && fleet.failedTasks % 3 === 0) {
    const guide = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
    addEvent(world, fleet.service, `is unable to consistently start tasks successfully. ${guide}`, fleet);
  }
  startTasks(world, fleet, count);
}

function startTasks(world: World, fleet: Fleet, count: number): void {
  const tasks = Array.from({ length: count }, () => createTask(world, fleet));
  addEvent(
    world,
    fleet.service,
    `has started ${count} tasks: ${tasks.map(({ id }) => `(task ${id})`).join(' ')}.`,
    fleet,
  );
  for (const task of tasks) void liveTask(world, task);
}

function noteSteadiness(world: World, fleet: Fleet): void {
  const steady = isSteady(world, fleet);
  if (steady && !fleet.steadyAt) {
    addEvent(world, fleet.service, 'has reached a steady state.', fleet);
    fleet.steadyAt = dateOf(world);
  }
  if (!steady) fleet.steadyAt = undefined;
}

/** Stops the newest tasks of a fleet that is to be smaller. */
function removeTasks(world: World, fleet: Fleet, count: number): void {
  const surplus = liveTasks(world, fleet).slice(-count);
  for (const task of surplus) stopTask(world, task, `Scaling activity initiated by (deployment ${fleet.id})`);
  addEvent(world, fleet.service, `has stopped ${surplus.length} running tasks: ${namesOf(surplus)}.`, fleet);
}

/** Ends a fleet: its targets drain, its tasks stop, and then the service forgets it. */
export function drainFleet(world: World, fleet: Fleet): void {
  if (fleet.status === 'DRAINING' || fleet.status === 'INACTIVE') return;
  Object.assign(fleet, { status: 'DRAINING', desiredCount: 0, updatedAt: dateOf(world) });
  const tasks = liveTasks(world, fleet);
  const registered = tasks.filter((task) => task.target).length;
  for (const task of tasks) stopTask(world, task, `Scaling activity initiated by (deployment ${fleet.id})`);
  if (registered > 0) addEvent(world, fleet.service, `has begun draining connections on ${registered} tasks.`, fleet);
  if (tasks.length > 0) {
    addEvent(world, fleet.service, `has stopped ${tasks.length} running tasks: ${namesOf(tasks)}.`, fleet);
  }
  world.clock.after(world.timing.stop, () => {
    fleet.status = 'INACTIVE';
    fleet.service.fleets = fleet.service.fleets.filter((other) => other !== fleet);
    world.changes.notify();
  });
}

const namesOf = (tasks: readonly TaskRecord[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ');

/** A fleet that has been running and healthy for long, as a service that is seeded has one. */
export async function runAtOnce(world: World, fleet: Fleet): Promise<void> {
  const tasks = Array.from({ length: fleet.desiredCount }, () => createTask(world, fleet));
  for (const task of tasks) {
    await startTask(world, task);
    if (fleet.targetGroupArn && task.lastStatus === 'RUNNING') setHealth(world, task, healthy);
  }
  noteSteadiness(world, fleet);
  scheduleFleet(world, fleet);
}

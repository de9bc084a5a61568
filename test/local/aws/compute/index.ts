import type { SimulationClock } from '../clock';
import { digestOf } from '../ecr/blobs';
import type { Service } from '../service';
import { raiseAlarm } from './alarms';
import { createCloudWatch } from './cloudwatch';
import { createCodeDeploy } from './codedeploy';
import { addPredefinedConfigs } from './codedeploy/configs';
import { findGroup } from './codedeploy/groups';
import { Changes } from './course';
import { createEcs } from './ecs';
import { stopProcess } from './ecs/task-process';
import { createElb } from './elb';
import { type TrafficShare, trafficOf } from './elb-traffic';
import { createLogs } from './logs';
import { createPlayer, startCompetitor } from './player';
import type { TaskRuntime } from './runtime';
import type { Scenario } from './scenario';
import { seedTutorial, type TutorialOptions } from './seed';
import { type EcsServiceOptions, seedEcsService } from './seed-ecs';
import type { Seeded } from './seed-service';
import { emptyState, type State } from './state';
import { fargateTiming, type Timing } from './timing';
import { type ComputeEvent, createIds, type World } from './world';

export type { TrafficShare, TrafficTarget } from './elb-traffic';
export type { RuntimeTask, TaskRuntime } from './runtime';
export type { HookEvent, HookStage, LifecycleEventName, Scenario, TaskTrouble } from './scenario';
export type { TutorialOptions } from './seed';
export type { EcsServiceOptions } from './seed-ecs';
export type { Seeded, ServiceOptions } from './seed-service';
export type { State } from './state';
export type { Timing } from './timing';
export type { ComputeEvent } from './world';

export interface ComputeOptions {
  readonly clock: SimulationClock;
  readonly account: string;
  readonly region: string;
  /** Whether an image can be pulled; without it every image can. */
  readonly imageExists?: (image: string) => boolean;
  /** The digest that an image has now; without it, and where it answers nothing, one that follows from the name. */
  readonly imageDigest?: (image: string) => string | undefined;
  readonly runtime?: TaskRuntime;
  readonly timing?: Partial<Timing>;
}

/** The compute half of the embedded AWS: ECS, CodeDeploy, the load balancer and logs. */
export interface Compute {
  readonly services: readonly Service[];
  readonly state: State;
  seedTutorial(options?: TutorialOptions): Promise<Seeded>;
  /** A service under the ECS controller, its first revision running. */
  seedEcsService(options?: EcsServiceOptions): Promise<Seeded>;
  /** Sets what goes wrong, before or during a deployment; replaces what was set before, `{}` ends it. */
  play(scenario: Scenario): void;
  /** Somebody else's deployment with CodeDeploy, to the revision that runs. Returns its id. */
  startCompetingDeployment(applicationName: string, deploymentGroupName: string): string;
  raiseAlarm(name: string): void;
  /** What a listener (or a rule) does with a request at this moment. */
  traffic(listenerArn: string): readonly TrafficShare[];
  /** Calls back on everything that happens; the answer ends that. */
  onEvent(listener: (event: ComputeEvent) => void): () => void;
  /** Stops the processes behind the tasks that run. */
  close(): Promise<void>;
}

export function createCompute(options: ComputeOptions): Compute {
  const listeners = new Set<(event: ComputeEvent) => void>();
  const world = createWorld(options, (event) => {
    for (const listener of listeners) listener(event);
  });
  const player = createPlayer(world);
  listeners.add(player.see);
  addPredefinedConfigs(world);
  return {
    services: [createEcs(world), createCodeDeploy(world), createElb(world), createCloudWatch(world), createLogs(world)],
    state: world.state,
    seedTutorial: (seed) => seedTutorial(world, seed),
    seedEcsService: (seed) => seedEcsService(world, seed),
    play: player.play,
    startCompetingDeployment: (applicationName, deploymentGroupName) =>
      startCompetitor(world, findGroup(world, { applicationName, deploymentGroupName })).id,
    raiseAlarm: (name) => raiseAlarm(world, name),
    traffic: (listenerArn) => trafficOf(world, listenerArn),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => stopProcesses(world),
  };
}

const createWorld = (options: ComputeOptions, emit: World['emit']): World => ({
  clock: options.clock,
  account: options.account,
  region: options.region,
  changes: new Changes(),
  state: emptyState(),
  timing: { ...fargateTiming, ...options.timing },
  runtime: options.runtime,
  ids: createIds(`${options.account}/${options.region}`),
  scenario: {},
  imageExists: options.imageExists ?? (() => true),
  imageDigest: (image) => options.imageDigest?.(image) ?? digestOf(Buffer.from(image)),
  emit,
});

async function stopProcesses(world: World): Promise<void> {
  const { tasks } = world.state;
  for (const task of tasks) {
    task.course.interrupt();
    task.desiredStatus = 'STOPPED';
  }
  await Promise.all(tasks.map((task) => stopProcess(world, task)));
}

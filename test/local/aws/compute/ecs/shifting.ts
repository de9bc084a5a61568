import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { minutes } from '../timing';
import { dateOf, type World } from '../world';
import { drainFleet, isSteady, scheduleFleet } from './fleets';
import type { ServiceDeploymentRecord, Stage } from './record';
import { route, succeed } from './service-deployment-end';
import { runHooks } from './stage-hooks';

/** The stages of a blue/green, canary or linear deployment, in their order, with what each does. */
const stages: readonly (readonly [Stage, (world: World, record: ServiceDeploymentRecord) => Promise<void>])[] = [
  ['RECONCILE_SERVICE', reconcile],
  ['PRE_SCALE_UP', pass],
  ['SCALE_UP', scaleUp],
  ['POST_SCALE_UP', pass],
  ['TEST_TRAFFIC_SHIFT', shiftTestTraffic],
  ['POST_TEST_TRAFFIC_SHIFT', pass],
  ['PRODUCTION_TRAFFIC_SHIFT', shiftProductionTraffic],
  ['POST_PRODUCTION_TRAFFIC_SHIFT', pass],
  ['BAKE_TIME', bake],
  ['CLEAN_UP', pass],
];

/** Deploys stage by stage. */
export async function shift(world: World, record: ServiceDeploymentRecord): Promise<void> {
  for (const [stage, act] of stages) {
    record.stage = stage;
    record.updatedAt = dateOf(world);
    emitStage(world, record, stage, 'InProgress');
    await runHooks(world, record, stage);
    await act(world, record);
    await record.course.wait(world.timing.step);
    emitStage(world, record, stage, 'Succeeded');
  }
  succeed(world, record);
}

const emitStage = (world: World, { arn: id }: ServiceDeploymentRecord, event: Stage, status: string): void =>
  world.emit({ type: 'lifecycle', at: world.clock.now(), id, event, status });

async function pass(): Promise<void> {}

/** A deployment that this one replaced left tasks behind the target group that is needed now. */
async function reconcile(world: World, { course, service, source, target }: ServiceDeploymentRecord): Promise<void> {
  const left = service.fleets.filter((fleet) => fleet !== source?.fleet && fleet !== target.fleet);
  for (const fleet of left) drainFleet(world, fleet);
  await course.until(() => left.every(({ status }) => status === 'INACTIVE'));
}

async function scaleUp(world: World, record: ServiceDeploymentRecord): Promise<void> {
  route(world, record, 0, 0);
  scheduleFleet(world, record.target.fleet);
  await record.course.until(() => isSteady(world, record.target.fleet));
}

async function shiftTestTraffic(world: World, record: ServiceDeploymentRecord): Promise<void> {
  await record.course.wait(world.timing.shift);
  if (record.service.loadBalancers[0]?.advancedConfiguration?.testListenerRule) route(world, record, 0, 100);
}

async function shiftProductionTraffic(world: World, record: ServiceDeploymentRecord): Promise<void> {
  await record.course.wait(world.timing.shift);
  for (const { weight, waitMs } of stepsOf(record.configuration)) {
    record.stage = 'PRE_PRODUCTION_TRAFFIC_SHIFT';
    await runHooks(world, record, 'PRE_PRODUCTION_TRAFFIC_SHIFT');
    record.stage = 'PRODUCTION_TRAFFIC_SHIFT';
    route(world, record, weight, record.target.testWeight);
    await record.course.wait(waitMs);
  }
}

/** Percentages of green, each with the milliseconds until the next. The defaults are those of ECS. */
function stepsOf(configuration: DeploymentConfiguration): { readonly weight: number; readonly waitMs: number }[] {
  const all = { weight: 100, waitMs: 0 };
  if (configuration.strategy === 'CANARY') {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = configuration.canaryConfiguration ?? {};
    return [{ weight: canaryPercent, waitMs: minutes(canaryBakeTimeInMinutes) }, all];
  }
  if (configuration.strategy !== 'LINEAR') return [all];
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = configuration.linearConfiguration ?? {};
  const count = Math.ceil(100 / stepPercent) - 1;
  const waitMs = minutes(stepBakeTimeInMinutes);
  return [...Array.from({ length: count }, (_, index) => ({ weight: (index + 1) * stepPercent, waitMs })), all];
}

async function bake(_world: World, { course, configuration }: ServiceDeploymentRecord): Promise<void> {
  await course.wait(minutes(configuration.bakeTimeInMinutes));
}

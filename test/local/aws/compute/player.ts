import { raiseAlarm } from './alarms';
import { readAppSpec } from './codedeploy/appspec';
import { addDeployment, revisionOf } from './codedeploy/create';
import { byHand, endDeployment } from './codedeploy/ending';
import { startDeployment } from './codedeploy/lifecycle';
import { type DeploymentRecord, isFinal } from './codedeploy/record';
import { isOver, type ServiceDeploymentRecord } from './ecs/record';
import { rollBackByUser, stopByUser } from './ecs/service-deployments';
import { startServiceDeployment } from './ecs/start-service-deployment';
import type { Scenario } from './scenario';
import type { ComputeEvent, World } from './world';

/** Plays the timed parts of a scenario; each happens once. */
export interface Player {
  /** Sets the scenario, for the deployments that run and those to come. `{}` ends it. */
  play(scenario: Scenario): void;
  /** Sees what happens in the simulation. */
  see(event: ComputeEvent): void;
}

/** What can happen to a deployment under either controller. */
interface Victim {
  readonly id: string;
  readonly createdAt: number;
  isOver(): boolean;
  stop(rollback: boolean): void;
  replace(): void;
}

export function createPlayer(world: World): Player {
  return {
    play(scenario) {
      world.scenario = scenario;
      world.changes.notify();
      for (const victim of victims(world)) arm(world, victim);
    },
    see(event) {
      if (event.type === 'deployment' && (event.status === 'Created' || event.status === 'PENDING')) {
        const victim = victims(world).find(({ id }) => id === event.id);
        if (victim) arm(world, victim);
      }
      const { alarmAt } = world.scenario;
      const isTheEvent = alarmAt && 'event' in alarmAt && event.type === 'lifecycle' && alarmAt.event === event.event;
      if (isTheEvent && event.status === 'InProgress') world.clock.after(0, () => sound(world, alarmAt));
    },
  };
}

const victims = (world: World): Victim[] => [
  ...world.state.deployments.map((deployment) => victimOf(world, deployment)),
  ...[...world.state.services.values()].flatMap(({ serviceDeployments }) =>
    serviceDeployments.map((record) => ecsVictimOf(world, record)),
  ),
];

const ecsVictimOf = (world: World, record: ServiceDeploymentRecord): Victim => ({
  id: record.arn,
  createdAt: record.createdAt.getTime(),
  isOver: () => isOver(record),
  stop: (rollback) => (rollback ? rollBackByUser : stopByUser)(world, record),
  replace: () => {
    const before = record.source?.fleet.definition ?? record.target.fleet.definition;
    startServiceDeployment(world, record.service, before);
  },
});

const victimOf = (world: World, deployment: DeploymentRecord): Victim => ({
  id: deployment.id,
  createdAt: deployment.createTime.getTime(),
  isOver: () => isFinal(deployment.status),
  stop: (rollback) => endDeployment(world, deployment, byHand(rollback)),
  replace: () => {
    endDeployment(world, deployment, byHand(false));
    startCompetitor(world, deployment.group);
  },
});

/** Somebody else's deployment of the service, to what it runs already. */
export function startCompetitor(world: World, group: DeploymentRecord['group']): DeploymentRecord {
  const name = group.ecsServices?.[0]?.serviceName;
  const service = [...world.state.services.values()].find((one) => one.name === name);
  const primary = service?.fleets.find((fleet) => fleet.status === 'PRIMARY');
  const config = world.state.deploymentConfigs.get(group.deploymentConfigName ?? '');
  if (!service || !primary || !config) throw new Error(`cannot start a competing deployment: ${name} is not seeded`);
  const revision = revisionOf(service, primary.definition.taskDefinitionArn ?? '');
  const competitor = addDeployment(world, group, {
    config,
    revision,
    appSpec: readAppSpec(revision.appSpecContent?.content ?? ''),
    description: 'Somebody else',
    autoRollback: undefined,
    overrideAlarms: undefined,
    creator: 'user',
  });
  startDeployment(world, competitor);
  return competitor;
}

/** Sets the clock for what is to happen to a deployment so long after its creation. */
function arm(world: World, victim: Victim): void {
  if (victim.isOver()) return;
  const { alarmAt, stopBySomebody, competingAt } = world.scenario;
  if (alarmAt && 'ms' in alarmAt) at(world, victim, alarmAt.ms, () => sound(world, alarmAt));
  if (stopBySomebody !== undefined) {
    const { ms, rollback } =
      typeof stopBySomebody === 'number' ? { ms: stopBySomebody, rollback: false } : stopBySomebody;
    at(world, victim, ms, () => once(world, 'stopBySomebody', stopBySomebody, () => victim.stop(rollback)));
  }
  if (competingAt !== undefined) {
    at(world, victim, competingAt, () => once(world, 'competingAt', competingAt, () => victim.replace()));
  }
}

function at(world: World, victim: Victim, ms: number, happen: () => void): void {
  world.clock.after(victim.createdAt + ms - world.clock.now(), () => {
    if (!victim.isOver()) happen();
  });
}

function sound(world: World, alarm: NonNullable<Scenario['alarmAt']>): void {
  once(world, 'alarmAt', alarm, () => raiseAlarm(world, alarm.name));
}

/** Lets a part of the scenario happen, unless it did or another scenario plays by now. */
function once<K extends keyof Scenario>(world: World, key: K, part: Scenario[K], happen: () => void): void {
  if (world.scenario[key] !== part) return;
  const { [key]: _played, ...rest } = world.scenario;
  world.scenario = rest;
  happen();
}

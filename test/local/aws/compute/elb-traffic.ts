import type { Fleet, ListenerRecord, RuleRecord, TargetState, TaskRecord } from './state';
import { dateOf, type World } from './world';

/** What a listener does with a request at this moment. */
export interface TrafficShare {
  readonly targetGroupArn: string;
  readonly weight: number;
  /** `blue` is what carried the traffic before the last deployment to the service, `green` what came with it. */
  readonly taskSet: 'blue' | 'green';
  readonly targets: readonly TrafficTarget[];
}

export interface TrafficTarget {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly health: TargetState['state'];
}

/** The target groups behind a listener's default rule (or the rule of that ARN), with weights and targets. */
export function trafficOf(world: World, listenerArn: string): readonly TrafficShare[] {
  const rule = findRule(world, listenerArn);
  return (rule?.forwards ?? []).map(({ targetGroupArn, weight }) => {
    const targets = targetsOf(world, targetGroupArn).map(toTarget);
    return { targetGroupArn, weight, taskSet: labelOf(world, targetGroupArn), targets };
  });
}

/** The label of a target group in the newest deployment that has to do with it. */
function labelOf(world: World, targetGroupArn: string): TrafficShare['taskSet'] {
  const ofEcs = [...world.state.services.values()].flatMap(({ serviceDeployments }) =>
    serviceDeployments.map(({ source, target }) => ({ blue: source?.fleet, green: target.fleet })),
  );
  const deployments = [...ofEcs, ...[...world.state.deployments].reverse()];
  const newest = deployments.find(({ blue, green }) =>
    [blue, green].some((one) => one?.targetGroupArn === targetGroupArn),
  );
  const isBlue = !newest?.blue || newest.blue.targetGroupArn === targetGroupArn;
  return isBlue ? 'blue' : 'green';
}

const toTarget = (task: TaskRecord): TrafficTarget => ({
  id: task.id,
  host: task.address?.host ?? task.privateIp,
  port: task.address?.port ?? portOf(task.fleet),
  health: task.target?.state ?? 'initial',
});

/** The port of the container behind the fleet's target group. */
export const portOf = (fleet: Fleet): number => fleet.service.loadBalancers[0]?.containerPort ?? 80;

/** The registered targets of a target group. */
export const targetsOf = (world: World, targetGroupArn: string): TaskRecord[] =>
  world.state.tasks.filter((task) => task.target && task.fleet.targetGroupArn === targetGroupArn);

/** A rule by its own ARN, or a listener's default rule by the listener's. */
function findRule(world: World, arn: string): RuleRecord | undefined {
  const listener = world.state.listeners.get(arn);
  if (listener) return listener.rules[0];
  return allRules(world).find((rule) => rule.arn === arn);
}

const allRules = (world: World): RuleRecord[] => listenersOf(world).flatMap((listener) => listener.rules);
export const listenersOf = (world: World): ListenerRecord[] => [...world.state.listeners.values()];

/** Divides a listener's (or rule's) traffic between target groups; weights are percentages. */
export function shiftTraffic(world: World, arn: string, forwards: RuleRecord['forwards']): void {
  const rule = findRule(world, arn);
  if (!rule) return;
  rule.forwards = forwards;
  world.emit({ type: 'traffic', at: world.clock.now(), listenerArn: arn, weights: forwards });
}

/** The percentage of a rule's traffic that reaches a target group. */
export const weightOf = (world: World, arn: string, targetGroupArn: string | undefined): number =>
  findRule(world, arn)?.forwards.find((forward) => forward.targetGroupArn === targetGroupArn)?.weight ?? 0;

/** Records a target's health and says so. */
export function setHealth(world: World, task: TaskRecord, target: TargetState | undefined): void {
  task.target = target;
  task.fleet.updatedAt = dateOf(world);
  world.changes.notify();
  world.emit({ type: 'target', at: world.clock.now(), taskArn: task.arn, state: target?.state ?? 'unused' });
}

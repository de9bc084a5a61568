import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfiguration, DeploymentStrategy, Service } from '@aws-sdk/client-ecs';
import type { Inputs } from '../definition';
import type { Request } from '../inputs';
import { oneName } from '../text';
import { alarmsAsked } from './alarms';
import { canarySteps, linearSteps, type TrafficPlan } from './traffic';

export type Strategy = NonNullable<Inputs['strategy']>;

const words: Readonly<Record<DeploymentStrategy, Strategy>> = {
  ROLLING: 'rolling',
  BLUE_GREEN: 'blue-green',
  CANARY: 'canary',
  LINEAR: 'linear',
};
const names: Readonly<Record<Strategy, DeploymentStrategy>> = {
  rolling: 'ROLLING',
  'blue-green': 'BLUE_GREEN',
  canary: 'CANARY',
  linear: 'LINEAR',
};

/** The strategy of a deployment configuration, in the words of the input; undefined for one that is newer than this version. */
export const strategyOf = ({ strategy = 'ROLLING' }: DeploymentConfiguration = {}): Strategy | undefined =>
  Object.hasOwn(words, strategy) ? words[strategy] : undefined;

/**
 * The deployment configuration to send: what the service has, with what the user asked for in its place. Undefined where
 * nothing else was asked for.
 */
export function settingsFor(request: Request, service: Service): DeploymentConfiguration | undefined {
  const { strategy, 'bake-time-minutes': bake, 'rollback-on': rollbackOn } = request.inputs;
  const { shift } = request;
  const current = service.deploymentConfiguration ?? {};
  const alarms = alarmSettings(request, current);
  const addsRollback = rollbackOn?.includes('failure') === true && !(rollsBack(current) && alarmsRollBack(current));
  if (strategy === undefined && bake === undefined && shift === undefined && !addsRollback && !alarms) return undefined;
  // Steps of another strategy are refused by ECS.
  const { canaryConfiguration: canary, linearConfiguration: linear, ...kept } = current;
  const goal = strategy ?? strategyOf(current);
  const desired: DeploymentConfiguration = {
    ...kept,
    ...(strategy !== undefined && { strategy: names[strategy] }),
    ...(bake !== undefined && { bakeTimeInMinutes: bake }),
    ...(goal === 'canary' && stepsAsked('canaryConfiguration', shift && canaryOf(shift), canary)),
    ...(goal === 'linear' && stepsAsked('linearConfiguration', shift && linearOf(shift), linear)),
    ...(addsRollback && withRollback(current)),
    ...(alarms && { alarms }),
  };
  return isDeepStrictEqual({ ...implied, ...desired }, { ...implied, ...current }) ? undefined : desired;
}

/** The alarms that `rollback-on` names, in place of those of the service; off keeps their names for the deployments to come. */
function alarmSettings(
  request: Pick<Request, 'inputs'>,
  { alarms }: DeploymentConfiguration,
): DeploymentConfiguration['alarms'] {
  const asked = alarmsAsked(request);
  if (!asked || (asked.length === 0 && !alarms?.enable)) return undefined;
  if (asked.length === 0) return { alarmNames: [], rollback: false, ...alarms, enable: false };
  return { alarmNames: [...asked], enable: true, rollback: true };
}

/** What a service has that was never configured otherwise. */
const implied: DeploymentConfiguration = { strategy: 'ROLLING' };

type Shift = NonNullable<Request['shift']>;

const canaryOf = ({ percent, minutes }: Shift) => ({ canaryPercent: percent, canaryBakeTimeInMinutes: minutes });
const linearOf = ({ percent, minutes }: Shift) => ({ stepPercent: percent, stepBakeTimeInMinutes: minutes });

const stepsAsked = <K extends string, T>(key: K, asked: T | undefined, current: T | undefined) =>
  (asked ?? current) === undefined ? {} : { [key]: asked ?? current };

/** Whether a deployment that fails is rolled back by the circuit breaker. */
export const rollsBack = ({ deploymentCircuitBreaker: breaker }: DeploymentConfiguration): boolean =>
  breaker?.enable === true && breaker.rollback === true;

/** Whether the alarms that it watches, if any, roll it back. */
export const alarmsRollBack = ({ alarms }: DeploymentConfiguration): boolean =>
  !alarms?.enable || alarms.rollback === true;

/** With the circuit breaker on, and with alarms that roll back where the service watches some. */
const withRollback = ({ deploymentCircuitBreaker: breaker, alarms }: DeploymentConfiguration) => ({
  deploymentCircuitBreaker: { ...breaker, enable: true, rollback: true },
  ...(alarms?.enable && { alarms: { ...alarms, rollback: true } }),
});

/** How the traffic moves and how long both revisions stay, with the defaults of ECS. */
export function serviceTraffic(configuration: DeploymentConfiguration): TrafficPlan {
  const strategy = strategyOf(configuration);
  const { canaryConfiguration: canary, linearConfiguration: linear, bakeTimeInMinutes: bake = 0 } = configuration;
  if (strategy === undefined) {
    return { config: oneName(configuration.strategy), steps: undefined, readyWait: 0, terminationWait: bake };
  }
  const steps = {
    rolling: () => [],
    'blue-green': () => [{ percent: 100, minute: 0 }],
    canary: () => canarySteps(canary?.canaryPercent ?? 5, canary?.canaryBakeTimeInMinutes ?? 10),
    linear: () => linearSteps(linear?.stepPercent ?? 10, linear?.stepBakeTimeInMinutes ?? 6),
  }[strategy]();
  return { config: strategy, steps, readyWait: 0, terminationWait: bake };
}

/** What happens when a deployment fails, in one line. */
export function failureText({ deploymentCircuitBreaker: breaker, alarms }: DeploymentConfiguration): string {
  const watched = alarms?.enable ? (alarms.alarmNames ?? []).join(', ') : '';
  const byAlarm = watched ? `; alarms (${watched}) ${alarms?.rollback ? 'roll it back' : 'stop it'}` : '';
  if (!breaker?.enable) {
    return `the service has no circuit breaker: tasks that fail are started again and again (rollback-on: failure turns it on)${byAlarm}`;
  }
  return `the circuit breaker ${breaker.rollback ? 'rolls it back' : 'stops it, without a rollback'}${byAlarm}`;
}

import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { parseTrafficShift } from '../../../actions/ecs-bluegreen-deploy/src/input-forms';
import { readInputs } from '../../../actions/ecs-bluegreen-deploy/src/inputs';
import { configName } from '../../../actions/ecs-bluegreen-deploy/src/plan/deployment-config';
import { failureText, serviceTraffic, settingsFor } from '../../../actions/ecs-bluegreen-deploy/src/plan/ecs-settings';

const settings = (values: Record<string, string>, current: DeploymentConfiguration) => {
  const all: Record<string, string> = { service: 'web', 'task-definition': 'task.json', ...values };
  const { request } = readInputs({
    raw: (name) => all[name],
    env: { AWS_REGION: 'us-west-2' },
    host: 'shell',
    clock: { now: () => 0 },
  });
  return settingsFor(request, { deploymentConfiguration: current });
};

describe('a traffic shift', () => {
  it.each([
    ['10% 5m', { kind: 'canary', percent: 10, minutes: 5 }],
    ['10%5m', { kind: 'canary', percent: 10, minutes: 5 }],
    [' 0.5 %  2h ', { kind: 'canary', percent: 0.5, minutes: 120 }],
    ['10% every 3m', { kind: 'linear', percent: 10, minutes: 3 }],
    ['25% Every 1 minute', { kind: 'linear', percent: 25, minutes: 1 }],
    ['10%', undefined],
    ['5m 10%', undefined],
    ['10% 5s', undefined],
    ['-10% 5m', undefined],
    ['10% 5m and more', undefined],
    ['', undefined],
  ])('%j', (text, shift) => {
    expect(parseTrafficShift(text)).toEqual(shift);
  });

  it.each([
    ['10% 15m', 'CodeDeployDefault.ECSCanary10Percent15Minutes'],
    ['10% every 3m', 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes'],
    ['10% every 2m', 'ECSLinear10PercentEvery2Minutes'],
    ['5% 15m', 'ECSCanary5Percent15Minutes'],
  ])('%s is configuration %s', (text, name) => {
    expect(configName(parseTrafficShift(text)!)).toBe(name);
  });
});

describe('the settings that are sent', () => {
  const current: DeploymentConfiguration = {
    strategy: 'CANARY',
    maximumPercent: 150,
    bakeTimeInMinutes: 5,
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
    deploymentCircuitBreaker: { enable: false, rollback: false },
    alarms: { alarmNames: ['Errors'], enable: true, rollback: false },
  };
  const { canaryConfiguration: _, ...withoutSteps } = current;

  it.each<[Record<string, string>, DeploymentConfiguration | undefined]>([
    [{}, undefined],
    [{ 'rollback-on': 'timeout, interrupt' }, undefined],
    [{ 'bake-time-minutes': '0' }, { ...current, bakeTimeInMinutes: 0 }],
    [
      { 'traffic-shift': '20% 1h' },
      { ...current, canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 60 } },
    ],
    [{ strategy: 'canary' }, undefined],
    [
      { strategy: 'canary', 'bake-time-minutes': '7' },
      { ...current, bakeTimeInMinutes: 7 },
    ],
    [{ strategy: 'rolling' }, { ...withoutSteps, strategy: 'ROLLING' }],
    [
      { strategy: 'linear', 'traffic-shift': '20% every 4m' },
      { ...withoutSteps, strategy: 'LINEAR', linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 4 } },
    ],
    [
      { 'rollback-on': 'failure' },
      {
        ...current,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { alarmNames: ['Errors'], enable: true, rollback: true },
      },
    ],
  ])('for %j', (inputs, sent) => {
    expect(settings(inputs, current)).toEqual(sent);
  });

  it('leave a circuit breaker that rolls back as it is', () => {
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
    expect(settings({ 'rollback-on': 'failure' }, breaker)).toBeUndefined();
  });
});

describe('the traffic of a service', () => {
  it.each<[DeploymentConfiguration, number[][]]>([
    [{}, []],
    [{ strategy: 'BLUE_GREEN' }, [[100, 0]]],
    [
      { strategy: 'CANARY' },
      [
        [5, 0],
        [100, 10],
      ],
    ],
    [
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 2 } },
      [
        [40, 0],
        [80, 2],
        [100, 4],
      ],
    ],
  ])('of %j', (configuration, steps) => {
    expect(serviceTraffic(configuration).steps?.map(({ percent, minute }) => [percent, minute])).toEqual(steps);
  });
});

describe('what happens on failure', () => {
  const alarms = { alarmNames: ['Errors'], enable: true, rollback: true };

  it.each<[DeploymentConfiguration, string]>([
    [{}, 'the service has no circuit breaker'],
    [{ alarms }, 'alarms (Errors) roll it back'],
    [{ deploymentCircuitBreaker: { enable: true, rollback: true } }, 'the circuit breaker rolls it back'],
    [
      { deploymentCircuitBreaker: { enable: true, rollback: false } },
      'the circuit breaker stops it, without a rollback',
    ],
  ])('of %j', (configuration, text) => {
    expect(failureText(configuration)).toContain(text);
  });
});

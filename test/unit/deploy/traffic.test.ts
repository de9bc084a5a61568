import { describe, expect, it } from '@jest/globals';
import { expectedMinutes, trafficPlan } from '../../../actions/ecs-bluegreen-deploy/src/plan/traffic';
import { waitPlan } from '../../../actions/ecs-bluegreen-deploy/src/plan/wait';
import { formatMinutes } from '../../../actions/ecs-bluegreen-deploy/src/text';

const group = (readyWait?: number, terminationWait?: number) => ({
  blueGreenDeploymentConfiguration: {
    deploymentReadyOption:
      readyWait === undefined
        ? { actionOnTimeout: 'CONTINUE_DEPLOYMENT' as const }
        : { actionOnTimeout: 'STOP_DEPLOYMENT' as const, waitTimeInMinutes: readyWait },
    terminateBlueInstancesOnDeploymentSuccess: {
      action: 'TERMINATE' as const,
      ...(terminationWait !== undefined && { terminationWaitTimeInMinutes: terminationWait }),
    },
  },
});

describe('the traffic', () => {
  it.each([
    ['CodeDeployDefault.ECSAllAtOnce', [[100, 0]]],
    [
      'CodeDeployDefault.ECSCanary10Percent15Minutes',
      [
        [10, 0],
        [100, 15],
      ],
    ],
    [
      'CodeDeployDefault.ECSLinear10PercentEvery3Minutes',
      Array.from({ length: 10 }, (_, at) => [10 * (at + 1), 3 * at]),
    ],
    ['MyOwn', undefined],
  ])('of %s is known by its name', (name, steps) => {
    expect(trafficPlan({}, undefined, name).steps?.map(({ percent, minute }) => [percent, minute])).toEqual(steps);
  });

  it.each([
    [
      { type: 'TimeBasedCanary' as const, timeBasedCanary: { canaryPercentage: 25, canaryInterval: 7 } },
      [
        [25, 0],
        [100, 7],
      ],
    ],
    [
      { type: 'TimeBasedLinear' as const, timeBasedLinear: { linearPercentage: 40, linearInterval: 2 } },
      [
        [40, 0],
        [80, 2],
        [100, 4],
      ],
    ],
    [{ type: 'AllAtOnce' as const }, [[100, 0]]],
    [{ type: 'TimeBasedLinear' as const, timeBasedLinear: { linearPercentage: 0, linearInterval: 2 } }, undefined],
  ])('of %j is read', (trafficRoutingConfig, steps) => {
    const plan = trafficPlan({}, { trafficRoutingConfig }, 'MyOwn');
    expect(plan.steps?.map(({ percent, minute }) => [percent, minute])).toEqual(steps);
  });
});

describe('the expected time', () => {
  it.each([
    ['no settings at all', {}, 0],
    ['absent waits', group(), 0],
    ['a termination wait', group(undefined, 60), 60],
    ['a ready wait', group(10, 60), 70],
    [
      'old tasks that are kept',
      {
        blueGreenDeploymentConfiguration: {
          terminateBlueInstancesOnDeploymentSuccess: {
            action: 'KEEP_ALIVE' as const,
            terminationWaitTimeInMinutes: 60,
          },
        },
      },
      0,
    ],
  ])('with %s', (_, info, minutes) => {
    expect(expectedMinutes(trafficPlan(info, undefined, 'CodeDeployDefault.ECSAllAtOnce'))).toBe(minutes);
  });
});

describe('what is waited for', () => {
  const until = (termination: number, allowed: number, credentials?: number) =>
    waitPlan('auto', trafficPlan(group(undefined, termination), undefined, undefined), { wait: allowed, credentials })
      .until;

  it.each([
    [0, 55, 'completed'],
    [50, 55, 'completed'],
    [51, 55, 'traffic-shifted'],
    [1380, 360, 'traffic-shifted'],
    [0, 0.5, 'completed'],
    [9, 10, 'completed'],
    [10, 10, 'traffic-shifted'],
  ])('with a termination wait of %d minutes and %d allowed is %s', (termination, allowed, expected) => {
    expect(until(termination, allowed)).toBe(expected);
  });

  it('fits the life of the credentials', () => {
    expect([until(40, 360, 50), until(60, 360, 50), until(0, 360, 0)]).toEqual([
      'completed',
      'traffic-shifted',
      'completed',
    ]);
  });

  it('is what was asked for', () => {
    expect(
      waitPlan('completed', trafficPlan(group(undefined, 600), undefined, undefined), { wait: 55, credentials: 1 }),
    ).toEqual({
      until: 'completed',
      why: undefined,
    });
  });
});

describe('minutes', () => {
  it.each([
    [0, '0 minutes'],
    [0.5, '30 seconds'],
    [1, '1 minute'],
    [55, '55 minutes'],
    [360, '6 hours'],
  ])('%d are said as %s', (minutes, text) => {
    expect(formatMinutes(minutes)).toBe(text);
  });
});

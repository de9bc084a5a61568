import { describe, expect, it } from '@jest/globals';
import { onService, type StrategyCase, shifting, strategies } from './deploy-ecs-stage';
import { on, serviceOf } from './deploy-stage';
import { commonRules, isFound, type Rule } from './preflight';

const rules: readonly Rule[] = [
  ...commonRules,
  {
    name: 'a deployment configuration of CodeDeploy',
    inputs: { 'codedeploy-deployment-config': 'CodeDeployDefault.ECSAllAtOnce' },
    problem: 'codedeploy-deployment-config: is for CodeDeploy, but the service is under the ECS controller',
  },
  {
    name: 'an AppSpec that was asked for',
    inputs: { 'codedeploy-appspec': 'appspec.yaml' },
    given: (stage) => stage.write('appspec.yaml', 'version: 0.0'),
    problem: 'codedeploy-appspec: is for CodeDeploy, but the service is under the ECS controller',
  },
  {
    name: 'a bake time that is too long',
    inputs: { 'bake-time-minutes': '1441' },
    problem: 'bake-time-minutes: must be a whole number from 0 to 1440, got "1441"',
  },
  {
    name: 'traffic in no known form',
    inputs: { 'traffic-shift': 'slowly' },
    problem: 'traffic-shift: must be of the form 10% 5m (canary) or 10% every 3m (linear), got "slowly"',
  },
];

describe.each(strategies)('before a $name deployment', (strategy) => {
  it.each(rules)('$name is found', (rule) => onService(strategy, {}, isFound(rule))());
});

const wrongForms: Readonly<Record<StrategyCase['name'], readonly [form: string, kind: string]>> = {
  rolling: ['10% 5m', 'canary'],
  'blue-green': ['10% every 3m', 'linear'],
  canary: ['10% every 3m', 'linear'],
  linear: ['10% 5m', 'canary'],
};

it.each(strategies)('traffic that does not fit a $name service is found', (strategy) => {
  const [form, kind] = wrongForms[strategy.name];
  const problem = `traffic-shift: "${form}" is the form of ${kind}, but the strategy of the service is ${strategy.name}`;
  return onService(strategy, {}, isFound({ inputs: { 'traffic-shift': form }, problem }))();
});

it.each([
  ['canary', '0.01% 5m', 'a canary step must be from 0.1% to 100%'],
  ['canary', '101% 5m', 'a canary step must be from 0.1% to 100%'],
  ['canary', '10% 25h', 'minutes must be from 0 to 1440, got "10% 25h"'],
  ['linear', '2% every 5m', 'a linear step must be from 3% to 100%, in tenths of a percent, got "2% every 5m"'],
])('a %s shift of %s is found', (strategy, shift, problem) =>
  onService(strategies[1], {}, isFound({ inputs: { strategy, 'traffic-shift': shift }, problem }))(),
);

describe.each(shifting)('$name without the settings that it needs', ({ name }) => {
  it(
    'is found',
    onService(
      strategies[0],
      {},
      isFound({
        inputs: { strategy: name, 'bake-time-minutes': '1' },
        problem: `strategy: ${name} needs a load balancer with advancedConfiguration`,
      }),
    ),
  );
});

it(
  'blue/green without a bake time is found',
  onService(
    strategies[0],
    {},
    isFound({
      inputs: { strategy: 'blue-green' },
      problem: 'bake-time-minutes: must be set for blue-green: the service has none yet',
    }),
  ),
);

it.each([
  ['a rolling deployment', strategies[0], undefined],
  ['a service without a test listener', strategies[1], { testListener: false }],
] as const)('test traffic that never comes to %s is found', (_, strategy, ecs) =>
  onService(
    strategy,
    ecs ? { ecs } : {},
    isFound({ inputs: { 'wait-until': 'test-traffic' }, problem: 'wait-until: test-traffic never comes' }),
  )(),
);

it(
  'what merely is there for CodeDeploy is no error, and said to be unused',
  onService(strategies[0], {}, async (stage) => {
    stage.write('appspec.yaml', 'version: 0.0');
    const { status, log } = await stage.deploy({ inputs: { 'codedeploy-application': 'tutorial-bluegreen-app' } });
    expect(status).toBe(0);
    expect(log).toContain(
      'Note: not used, because the service is under the ECS controller: codedeploy-application, appspec.yaml',
    );
  }),
);

describe('a service under the CODE_DEPLOY controller', () => {
  it.each([
    [{ strategy: 'canary' }, 'strategy: is for services under the ECS controller, but this one is under CODE_DEPLOY'],
    [{ 'bake-time-minutes': '5' }, 'bake-time-minutes: is for services under the ECS controller'],
    [{ 'traffic-shift': '10.5% 5m' }, 'traffic-shift: CodeDeploy moves whole percents from 1 to 99'],
    [
      { 'traffic-shift': '10% 0m' },
      'traffic-shift: CodeDeploy moves whole percents from 1 to 99, with at least a minute',
    ],
    [
      { 'traffic-shift': '10% 5m', 'codedeploy-deployment-config': 'CodeDeployDefault.ECSAllAtOnce' },
      'traffic-shift: cannot be combined with codedeploy-deployment-config; set only one of them',
    ],
  ])('cannot have %j', (inputs, problem) => on({}, isFound({ inputs: inputs as Record<string, string>, problem }))());

  it.each([
    ['10% 5m', 'CodeDeployDefault.ECSCanary10Percent5Minutes', []],
    ['10% every 1m', 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes', []],
    ['20% 7m', 'ECSCanary20Percent7Minutes', ['CreateDeploymentConfig']],
    ['25% every 2m', 'ECSLinear25PercentEvery2Minutes', ['CreateDeploymentConfig']],
  ])('moves its traffic by %s with %s', (shift, config, created) =>
    on({}, async (stage) => {
      const { status, changes, log } = await stage.deploy({ inputs: { 'traffic-shift': shift } });
      expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', ...created, 'CreateDeployment']]);
      expect(log).toContain(`traffic          ${config}: `);
      expect(stage.aws.compute.state.deployments[0]?.config.deploymentConfigName).toBe(config);
      const again = await stage.deploy({ inputs: { 'traffic-shift': shift, 'force-new-deployment': 'true' } });
      expect([again.status, again.changes]).toEqual([0, ['CreateDeployment']]);
    })(),
  );

  it(
    'can have another number of tasks',
    on({}, async (stage) => {
      const { status, changes } = await stage.deploy({ inputs: { 'desired-count': '3' } });
      expect([status, changes]).toEqual([0, ['RegisterTaskDefinition', 'UpdateService', 'CreateDeployment']]);
      expect(serviceOf(stage).desiredCount).toBe(3);
    }),
  );
});

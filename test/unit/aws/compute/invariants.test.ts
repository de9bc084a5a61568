import { describe, expect, it } from '@jest/globals';
import type { Scenario } from '../../../local/aws/compute';
import { fc, tries } from '../../../support/properties';
import { tutorial } from './bench';

type Bench = Awaited<ReturnType<typeof tutorial>>;

const moments = fc.integer({ min: 1, max: 400 });
const scenarios: fc.Arbitrary<Scenario> = fc.oneof(
  fc.constant({}),
  fc
    .constantFrom('AfterInstall', 'AfterAllowTestTraffic', 'AfterAllowTraffic')
    .map((event) => ({ failHook: { event } }) as Scenario),
  moments.map((seconds) => ({ alarmAt: { name: 'errors', ms: seconds * 1_000 } })),
  fc.tuple(moments, fc.boolean()).map(([seconds, rollback]) => ({ stopBySomebody: { ms: seconds * 1_000, rollback } })),
  moments.map((seconds) => ({ competingAt: seconds * 1_000 })),
  moments.map((seconds) => ({ crashTasks: { afterMs: seconds * 1_000 } })),
);

/** What is true of a service under CodeDeploy at every moment. */
function checkAlways({ compute, weights }: Bench): void {
  const [service] = [...compute.state.services.values()];
  const primary = service?.fleets.filter(({ status }) => status === 'PRIMARY') ?? [];
  expect(primary).toHaveLength(1);
  expect(weights()[0] + weights()[1]).toBe(100);
  const active = compute.state.deployments.filter(({ status }) => !['Succeeded', 'Failed', 'Stopped'].includes(status));
  expect(active.length).toBeLessThanOrEqual(1);
  for (const { status, completeTime } of compute.state.deployments) {
    expect(completeTime !== undefined).toBe(['Succeeded', 'Failed', 'Stopped'].includes(status));
  }
}

/** Every deployment comes to an end, and then the traffic goes to the primary task set, which has all its tasks. */
async function checkEnd(bench: Bench): Promise<void> {
  const service = await bench.service();
  const primary = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  expect(primary).toMatchObject({ runningCount: 2, stabilityStatus: 'STEADY_STATE' });
  expect(bench.compute.state.deployments.every(({ completeTime }) => completeTime !== undefined)).toBe(true);
  const primaryGroup = primary?.loadBalancers?.[0]?.targetGroupArn;
  const shares = bench.compute.traffic(bench.seeded.productionListenerArn);
  const whole = shares.find(({ targetGroupArn }) => targetGroupArn === primaryGroup)?.weight === 100;
  // Only a deployment that was stopped for good leaves the traffic where it was.
  expect(whole || bench.compute.state.deployments.at(-1)?.status !== 'Succeeded').toBe(true);
}

describe('whatever happens to a deployment', () => {
  it('keeps one primary task set, whole traffic and one active deployment, and ends', async () => {
    const deploymentConfigs = fc.constantFrom(
      'CodeDeployDefault.ECSAllAtOnce',
      'CodeDeployDefault.ECSCanary10Percent5Minutes',
      'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
    );
    const runs = fc.asyncProperty(
      deploymentConfigs,
      fc.array(scenarios, { minLength: 1, maxLength: 3 }),
      async (deploymentConfig, plays) => {
        const bench = await tutorial({
          deploymentConfig,
          terminationWait: 1,
          alarms: ['errors'],
          rollbackOn: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
        });
        bench.compute.onEvent(() => checkAlways(bench));
        for (const scenario of plays) {
          bench.compute.state.alarms.clear();
          bench.compute.play(scenario);
          await bench.deploy();
          await bench.minutes(90);
          bench.compute.play({});
          await bench.minutes(20);
          await checkEnd(bench);
        }
      },
    );
    await fc.assert(runs, tries(40));
  });
});

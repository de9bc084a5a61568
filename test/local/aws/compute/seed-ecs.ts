import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { addServiceDeployment } from './ecs/start-service-deployment';
import { type Seeded, type ServiceOptions, seedService } from './seed-service';
import { dateOf, roleArnOf, type World } from './world';

/** What a seeded service under the ECS controller looks like; everything has a default. */
export interface EcsServiceOptions extends ServiceOptions {
  /** Strategy, circuit breaker, bake time, canary or linear steps, hooks. Alarms of the options are added to it. */
  readonly deployment?: DeploymentConfiguration;
}

/** A service under the ECS controller whose first service deployment has succeeded. */
export async function seedEcsService(world: World, options: EcsServiceOptions = {}): Promise<Seeded> {
  const seeded = await seedService(world, { ...options, controller: 'ECS' });
  const service = world.state.services.get(seeded.serviceArn);
  const fleet = service?.fleets[0];
  if (!service || !fleet) throw new Error('cannot seed a service: it has no tasks');
  service.deploymentConfiguration = configurationOf(world, options);
  if ((service.deploymentConfiguration.strategy ?? 'ROLLING') !== 'ROLLING') addAlternate(world, seeded);
  fleet.rollout = { state: 'COMPLETED', reason: `ECS deployment ${fleet.id} completed.` };
  const record = addServiceDeployment(world, service, undefined, fleet);
  const at = dateOf(world);
  Object.assign(record, { status: 'SUCCESSFUL', startedAt: at, finishedAt: at });
  Object.assign(record.target, { productionWeight: 100 });
  return seeded;
}

function configurationOf(world: World, { deployment = {}, alarms = [] }: EcsServiceOptions): DeploymentConfiguration {
  for (const name of alarms) world.state.alarms.set(name, { name, state: 'OK' });
  return {
    strategy: 'ROLLING',
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: false, rollback: false },
    ...(alarms.length > 0 ? { alarms: { alarmNames: [...alarms], enable: true, rollback: true } } : {}),
    ...deployment,
  };
}

/** The second target group and the listener rules, between which blue/green moves the traffic. */
function addAlternate(world: World, seeded: Seeded): void {
  const service = world.state.services.get(seeded.serviceArn);
  const ruleOf = (arn: string | undefined) => arn && world.state.listeners.get(arn)?.rules[0]?.arn;
  const test = ruleOf(seeded.testListenerArn);
  const advancedConfiguration = {
    alternateTargetGroupArn: seeded.greenTargetGroupArn,
    productionListenerRule: ruleOf(seeded.productionListenerArn) ?? '',
    ...(test ? { testListenerRule: test } : {}),
    roleArn: roleArnOf(world, 'iam', 'role/ecsInfrastructureRole'),
  };
  if (!service) return;
  service.loadBalancers = service.loadBalancers.map((one) => ({ ...one, advancedConfiguration }));
}

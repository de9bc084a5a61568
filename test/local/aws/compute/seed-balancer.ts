import type { ListenerRecord } from './state';
import { arnOf, type World } from './world';

/** ARNs of a seeded load balancer. */
export interface SeededBalancer {
  readonly loadBalancerArn: string;
  readonly productionListenerArn: string;
  readonly testListenerArn: string | undefined;
  readonly blueTargetGroupArn: string;
  readonly greenTargetGroupArn: string;
}

/** Adds a load balancer of a service with two target groups; the first has all traffic of every listener. */
export function addBalancer(world: World, service: string, hasTestListener: boolean): SeededBalancer {
  const blueTargetGroupArn = addTargetGroup(world, service, 1);
  const greenTargetGroupArn = addTargetGroup(world, service, 2);
  const loadBalancerArn = arnOf(world, 'elasticloadbalancing', `loadbalancer/app/${service}/${world.ids.hex(16)}`);
  const listen = (port: number) => addListener(world, loadBalancerArn, port, blueTargetGroupArn).arn;
  return {
    loadBalancerArn,
    productionListenerArn: listen(80),
    testListenerArn: hasTestListener ? listen(8080) : undefined,
    blueTargetGroupArn,
    greenTargetGroupArn,
  };
}

function addTargetGroup(world: World, service: string, number: number): string {
  const name = targetGroupName(service, number);
  const arn = arnOf(world, 'elasticloadbalancing', `targetgroup/${name}/${world.ids.hex(16)}`);
  world.state.targetGroups.set(arn, {
    TargetGroupArn: arn,
    TargetGroupName: name,
    Protocol: 'HTTP',
    Port: 80,
    TargetType: 'ip',
    HealthCheckEnabled: true,
    HealthCheckPath: '/',
    HealthCheckPort: 'traffic-port',
    HealthCheckProtocol: 'HTTP',
    HealthCheckIntervalSeconds: 5,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: '200' },
  });
  return arn;
}

function addListener(world: World, loadBalancerArn: string, port: number, targetGroupArn: string): ListenerRecord {
  const arn = `${loadBalancerArn.replace(':loadbalancer/', ':listener/')}/${world.ids.hex(16)}`;
  const rule = {
    arn: `${arn.replace(':listener/', ':listener-rule/')}/${world.ids.hex(16)}`,
    priority: 'default',
    forwards: [{ targetGroupArn, weight: 100 }],
  };
  const listener = { arn, loadBalancerArn, port, rules: [rule] };
  world.state.listeners.set(arn, listener);
  return listener;
}

/** Names of target groups have at most 32 characters. */
export const targetGroupName = (service: string, number: number): string => `${service}-tg${number}`.slice(-32);

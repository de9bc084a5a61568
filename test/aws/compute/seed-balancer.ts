import type { ListenerRecord } from './state';
import { arnOf, type World } from './world';

/** Adds a target group of a service; its ARN. */
export function addTargetGroup(world: World, service: string, number: number): string {
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

/** Adds a listener that forwards everything to one target group. */
export function addListener(
  world: World,
  loadBalancerArn: string,
  port: number,
  targetGroupArn: string,
): ListenerRecord {
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

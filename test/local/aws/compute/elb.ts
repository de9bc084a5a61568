import type {
  Action,
  DescribeListenersInput,
  DescribeListenersOutput,
  DescribeRulesInput,
  DescribeRulesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import * as schemas from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsRefusal, type Service } from '../service';
import { listenersOf, portOf, targetsOf } from './elb-traffic';
import type { ListenerRecord, RuleRecord, TaskRecord } from './state';
import type { World } from './world';

/** Elastic Load Balancing v2: what can be read of target groups, listeners and rules. */
export const createElb = (world: World): Service => ({
  name: 'elasticloadbalancing',
  protocol: { query: { version: '2015-12-01' } },
  schemas,
  operations: {
    DescribeListeners: (input: DescribeListenersInput) => describeListeners(world, input),
    DescribeRules: (input: DescribeRulesInput) => describeRules(world, input),
    DescribeTargetGroups: (input: DescribeTargetGroupsInput) => describeTargetGroups(world, input),
    DescribeTargetHealth: (input: DescribeTargetHealthInput) => describeTargetHealth(world, input),
  },
});

function describeTargetGroups(world: World, input: DescribeTargetGroupsInput): DescribeTargetGroupsOutput {
  const all = [...world.state.targetGroups.values()];
  const found = all.filter(
    ({ TargetGroupArn = '', TargetGroupName = '', LoadBalancerArns = [] }) =>
      (!input.TargetGroupArns || input.TargetGroupArns.includes(TargetGroupArn)) &&
      (!input.Names || input.Names.includes(TargetGroupName)) &&
      (!input.LoadBalancerArn || LoadBalancerArns.includes(input.LoadBalancerArn)),
  );
  if (found.length < (input.TargetGroupArns ?? input.Names ?? []).length) refuseTargetGroup();
  return { TargetGroups: found };
}

function refuseTargetGroup(): never {
  throw new AwsRefusal('TargetGroupNotFound', 'One or more target groups not found');
}

function describeTargetHealth(world: World, input: DescribeTargetHealthInput): DescribeTargetHealthOutput {
  const arn = input.TargetGroupArn ?? '';
  if (!world.state.targetGroups.has(arn)) refuseTargetGroup();
  return { TargetHealthDescriptions: targetsOf(world, arn).map(toHealth) };
}

function toHealth(task: TaskRecord): TargetHealthDescription {
  const { state, reason, description } = task.target ?? { state: 'unused', reason: undefined, description: undefined };
  return {
    Target: { Id: task.privateIp, Port: portOf(task.fleet), AvailabilityZone: 'all' },
    HealthCheckPort: String(portOf(task.fleet)),
    TargetHealth: {
      State: state,
      ...(reason ? { Reason: reason as NonNullable<TargetHealthDescription['TargetHealth']>['Reason'] } : {}),
      ...(description ? { Description: description } : {}),
    },
  };
}

function describeListeners(world: World, input: DescribeListenersInput): DescribeListenersOutput {
  const found = listenersOf(world).filter(
    ({ arn, loadBalancerArn }) =>
      (!input.ListenerArns || input.ListenerArns.includes(arn)) &&
      (!input.LoadBalancerArn || input.LoadBalancerArn === loadBalancerArn),
  );
  if (found.length < (input.ListenerArns ?? []).length) {
    throw new AwsRefusal('ListenerNotFound', 'One or more listeners not found');
  }
  return {
    Listeners: found.map((listener) => ({
      ListenerArn: listener.arn,
      LoadBalancerArn: listener.loadBalancerArn,
      Port: listener.port,
      Protocol: 'HTTP',
      DefaultActions: listener.rules[0] ? [toAction(listener.rules[0])] : [],
    })),
  };
}

const toAction = ({ forwards }: RuleRecord): Action => ({
  Type: 'forward',
  ...(forwards.length === 1 ? { TargetGroupArn: forwards[0]?.targetGroupArn } : {}),
  ForwardConfig: {
    TargetGroups: forwards.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight })),
    TargetGroupStickinessConfig: { Enabled: false },
  },
});

function describeRules(world: World, input: DescribeRulesInput): DescribeRulesOutput {
  const ofListener = ({ arn }: ListenerRecord) => !input.ListenerArn || arn === input.ListenerArn;
  const rules = listenersOf(world)
    .filter(ofListener)
    .flatMap((listener) => listener.rules)
    .filter(({ arn }) => !input.RuleArns || input.RuleArns.includes(arn));
  if (rules.length < (input.RuleArns ?? []).length) throw new AwsRefusal('RuleNotFound', 'One or more rules not found');
  return {
    Rules: rules.map((rule) => ({
      RuleArn: rule.arn,
      Priority: rule.priority,
      Conditions: [],
      Actions: [toAction(rule)],
      IsDefault: rule.priority === 'default',
    })),
  };
}

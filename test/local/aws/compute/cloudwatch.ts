import type { DescribeAlarmsInput, DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import * as schemas from '@aws-sdk/client-cloudwatch';
import type { Service } from '../service';
import { arnOf, type World } from './world';

/** CloudWatch: the alarms that watch deployments, all of metrics. */
export const createCloudWatch = (world: World): Service => ({
  name: 'cloudwatch',
  protocol: { json: { target: 'GraniteServiceVersion20100801' } },
  schemas,
  operations: {
    DescribeAlarms: (input: DescribeAlarmsInput) => describeAlarms(world, input),
  },
});

function describeAlarms(
  world: World,
  { AlarmNames, AlarmTypes = ['MetricAlarm'] }: DescribeAlarmsInput,
): DescribeAlarmsOutput {
  const found = [...world.state.alarms.values()].filter(({ name }) => !AlarmNames || AlarmNames.includes(name));
  const alarms = AlarmTypes.includes('MetricAlarm') ? found : [];
  return {
    CompositeAlarms: [],
    MetricAlarms: alarms.map(({ name, state }) => ({
      AlarmName: name,
      AlarmArn: arnOf(world, 'cloudwatch', `alarm:${name}`),
      StateValue: state,
    })),
  };
}

import type { AlarmType, DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../../../../shared/aws/clients';
import type { AlarmState, ReadResult } from '../plan/current-state';
import { readIfAllowed, readPages } from './reads';

/** Kinds of alarms; without them, only those of metrics are listed (API model). What a region may not know yet is asked for last. */
const usual: readonly AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
const newer = 'LogAlarm' as AlarmType;

/** The alarms of these names that exist, with their states. */
export const readAlarms = (aws: Aws, names: readonly string[]): Promise<ReadResult<readonly AlarmState[]>> =>
  readIfAllowed(async () => {
    const cloudwatch = await aws.cloudwatch();
    const read = (which: readonly string[], types: readonly AlarmType[]) =>
      readPages(which.length, async (NextToken) => {
        const query = { AlarmNames: [...which], AlarmTypes: [...types], NextToken };
        const answer = await cloudwatch.describeAlarms(query);
        return { items: statesIn(answer), nextToken: answer.NextToken };
      });
    const found = await read(names, usual);
    const missing = names.filter((name) => !found.some((alarm) => alarm.name === name));
    return missing.length === 0 ? found : [...found, ...(await read(missing, [newer]))];
  });

/** Those of every kind, one that is newer than the SDK included. */
const statesIn = ({ MetricAlarms = [], CompositeAlarms = [], ...rest }: DescribeAlarmsOutput): AlarmState[] => {
  const logAlarms = ((rest as { LogAlarms?: DescribeAlarmsOutput['MetricAlarms'] }).LogAlarms ?? []) as {
    AlarmName?: string;
    StateValue?: string;
  }[];
  return [...MetricAlarms, ...CompositeAlarms, ...logAlarms].map(
    ({ AlarmName: name = '', StateValue: state = '' }) => ({ name, state }),
  );
};

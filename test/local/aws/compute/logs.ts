import type {
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import * as schemas from '@aws-sdk/client-cloudwatch-logs';
import { AwsRefusal, type Service } from '../service';
import { servingContainer } from './ecs/serving-container';
import { runtimeIdOf } from './ecs/tasks';
import type { LogEvent, TaskRecord } from './state';
import { arnOf, type World } from './world';

/** CloudWatch Logs: what the containers with the awslogs driver wrote. */
export const createLogs = (world: World): Service => ({
  name: 'logs',
  protocol: { json: { target: 'Logs_20140328' } },
  schemas,
  operations: {
    DescribeLogStreams: (input: DescribeLogStreamsRequest) => describeStreams(world, input),
    FilterLogEvents: (input: FilterLogEventsRequest) => filterEvents(world, input),
    GetLogEvents: (input: GetLogEventsRequest) => getEvents(world, input),
  },
});

/** Writes a line of a task's container, the serving one where none is named, if it logs with awslogs. */
export function writeLog(world: World, task: TaskRecord, message: string, name?: string): void {
  const container = task.definition.containerDefinitions?.find((one) => one.name === name) ?? servingContainer(task);
  const options = container?.logConfiguration?.options ?? {};
  const group = options['awslogs-group'];
  if (container?.logConfiguration?.logDriver !== 'awslogs' || !group) return;
  const prefix = options['awslogs-stream-prefix'];
  // Docker's log driver names a stream after the container when nothing else is asked of it.
  const stream = prefix ? `${prefix}/${container.name}/${task.id}` : runtimeIdOf(task, container.name);
  const streams = world.state.logGroups.get(group) ?? new Map<string, LogEvent[]>();
  world.state.logGroups.set(group, streams);
  streams.set(stream, [...(streams.get(stream) ?? []), { at: world.clock.now(), message }]);
}

function streamsOf(
  world: World,
  input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
) {
  const name = input.logGroupName ?? input.logGroupIdentifier?.split(':log-group:')[1]?.replace(/:\*$/, '') ?? '';
  const streams = world.state.logGroups.get(name);
  if (!streams) throw new AwsRefusal('ResourceNotFoundException', 'The specified log group does not exist.');
  return { name, streams };
}

function describeStreams(world: World, input: DescribeLogStreamsRequest): DescribeLogStreamsResponse {
  const { name, streams } = streamsOf(world, input);
  const found = [...streams].filter(([stream]) => stream.startsWith(input.logStreamNamePrefix ?? ''));
  const key = ([stream, events]: [string, LogEvent[]]) =>
    input.orderBy === 'LastEventTime' ? String(events.at(-1)?.at ?? 0).padStart(15, '0') : stream;
  found.sort((a, b) => (key(a) < key(b) ? -1 : 1) * (input.descending ? -1 : 1));
  const logStreams = found.slice(0, input.limit ?? 50).map(([stream, events]) => ({
    logStreamName: stream,
    arn: arnOf(world, 'logs', `log-group:${name}:log-stream:${stream}`),
    creationTime: events[0]?.at,
    firstEventTimestamp: events[0]?.at,
    lastEventTimestamp: events.at(-1)?.at,
    lastIngestionTime: events.at(-1)?.at,
  }));
  return { logStreams };
}

function getEvents(world: World, input: GetLogEventsRequest): GetLogEventsResponse {
  const events = streamsOf(world, input).streams.get(input.logStreamName ?? '');
  if (!events) throw new AwsRefusal('ResourceNotFoundException', 'The specified log stream does not exist.');
  // A page may be empty although others are not (API model), and here the first one always is.
  if (!input.nextToken) return { events: [], nextForwardToken: 'f/end', nextBackwardToken: 'b/end' };
  const limit = input.limit ?? 10_000;
  const inRange = events.filter(within(input));
  const chosen = input.startFromHead ? inRange.slice(0, limit) : inRange.slice(-limit);
  return {
    events: chosen.map(({ at, message }) => ({ timestamp: at, ingestionTime: at, message })),
    nextForwardToken: `f/${chosen.at(-1)?.at ?? 0}`,
    nextBackwardToken: `b/${chosen[0]?.at ?? 0}`,
  };
}

const within =
  ({
    startTime = 0,
    endTime = Number.POSITIVE_INFINITY,
  }: {
    startTime?: number | undefined;
    endTime?: number | undefined;
  }) =>
  (event: LogEvent): boolean =>
    event.at >= startTime && event.at < endTime;

function filterEvents(world: World, input: FilterLogEventsRequest): FilterLogEventsResponse {
  const { streams } = streamsOf(world, input);
  const wanted = [...streams].filter(
    ([stream]) =>
      (!input.logStreamNames || input.logStreamNames.includes(stream)) &&
      stream.startsWith(input.logStreamNamePrefix ?? ''),
  );
  const pattern = input.filterPattern?.replace(/^"(.*)"$/, '$1') ?? '';
  const events = wanted.flatMap(([logStreamName, all]) =>
    all
      .filter((event) => within(input)(event) && event.message.includes(pattern))
      .map(({ at, message }, index) => ({
        logStreamName,
        timestamp: at,
        ingestionTime: at,
        message,
        eventId: `${at}${index}`,
      })),
  );
  events.sort((a, b) => a.timestamp - b.timestamp);
  return { events: events.slice(0, input.limit ?? 10_000), searchedLogStreams: [] };
}

import type { CloudWatchLogs, OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { Task } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { excerpt } from '../../../../shared/excerpt';
import { redactValues, secretValuesOf } from '../../../../shared/task-definition/redact';
import { foundIn } from '../plan/current-state';
import type { Plan } from '../plan/plan';
import { oneName } from '../text';
import { readRevision } from './ecs-revisions';
import { failedContainer } from './ecs-tasks';

/** Lines of a log that are shown, and characters of each. */
const mostLines = 15;
const longestLine = 300;
/** Characters at the end of an event that are read; CloudWatch Logs accepts events of up to 1 MiB. */
const longestTail = 20_000;

/** The last lines that a container of a task, else the one that failed, wrote to CloudWatch Logs. */
export async function readLogTail(aws: Aws, plan: Pick<Plan, 'revision'>, task: Task, of?: string): Promise<string[]> {
  const container = task.containers?.find(({ name }) => of !== undefined && name === of) ?? failedContainer(task);
  const definition = (await containersOf(aws, plan, task)).find(({ name }) => name === container?.name);
  const { logDriver, options = {} } = definition?.logConfiguration ?? {};
  if (!container || !definition) return [];
  if (logDriver !== 'awslogs') return [`container ${oneName(container.name)} does not log to CloudWatch Logs`];
  const group = options['awslogs-group'];
  const prefix = options['awslogs-stream-prefix'];
  // Without a prefix the stream has the id that only the container engine knows.
  const stream = prefix ? `${prefix}/${container.name}/${task.taskArn!.replace(/^.*\//, '')}` : container.runtimeId;
  if (!group || !stream) return [];
  const region = options['awslogs-region'];
  if (region && region !== aws.region) return [`in region ${region}: log group ${group}, stream ${stream}`];
  const lines = await readStream(aws, group, stream);
  // Secrets are hidden before the cut, which would leave a part of one.
  const hide = redactValues(secretValuesOf(definition));
  return lines.slice(-mostLines).map((line) => excerpt(hide(line), longestLine));
}

async function containersOf(aws: Aws, { revision }: Pick<Plan, 'revision'>, task: Task) {
  if (revision.kind === 'register') return revision.request.containerDefinitions ?? [];
  const registered = foundIn(await readRevision(aws, task.taskDefinitionArn!));
  return registered?.taskDefinition.containerDefinitions ?? [];
}

async function readStream(aws: Aws, logGroupName: string, logStreamName: string): Promise<string[]> {
  const logs = await aws.logs();
  try {
    const events = await readLastEvents(logs, { logGroupName, logStreamName, limit: mostLines });
    if (events.length === 0) return ['it wrote nothing'];
    return events.slice(-mostLines).flatMap(({ message = '' }) => message.slice(-longestTail).trimEnd().split(/\r?\n/));
  } catch (error) {
    if ((error as Error)?.name === 'ResourceNotFoundException') return ['it wrote nothing'];
    throw error;
  }
}

/**
 * A page may be empty although others are not (API model, GetLogEvents); this many are read. Not by the SDK's paginator, which reads
 * forward only.
 */
const mostPages = 5;

async function readLastEvents(
  logs: CloudWatchLogs,
  query: { readonly logGroupName: string; readonly logStreamName: string; readonly limit: number },
): Promise<readonly OutputLogEvent[]> {
  let nextToken: string | undefined;
  for (let page = 1; page <= mostPages; page++) {
    const request = { ...query, startFromHead: false, ...(nextToken && { nextToken }) };
    const { events = [], nextBackwardToken } = await logs.getLogEvents(request);
    if (events.length > 0 || !nextBackwardToken || nextBackwardToken === nextToken) return events;
    nextToken = nextBackwardToken;
  }
  return [];
}

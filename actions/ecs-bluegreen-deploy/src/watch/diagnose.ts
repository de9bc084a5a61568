import type { Task } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { readStoppedTasks, whyStopped } from '../aws/ecs-tasks';
import type { Effects } from '../aws/effects';
import { readUnhealthyTargets } from '../aws/elb';
import { readLogTail } from '../aws/logs';
import { whyUnread } from '../aws/reads';
import { readServiceEvents } from '../aws/service-events';
import { oneName } from '../text';
import type { Delivery, Section } from './deployment-run';
import { grouped } from './group';

/**
 * Looks for what may have made a deployment fail, and tells it. Best effort: each call is made once, in at most ten
 * seconds, about eight of them side by side. What cannot be read is told in one line. Done once for a delivery.
 */
export async function explain(delivery: Delivery, { aws, log }: Effects): Promise<void> {
  if (delivery.explanation.length > 0 || !delivery.deployment) return;
  const single = aws.once();
  const sections = await Promise.all([
    explainTasks(single, delivery),
    section('Targets', () => readUnhealthyTargets(single, delivery.state?.last?.green?.targetGroup)),
    section('Service events', () => troubles(single, delivery)),
  ]);
  delivery.explanation.push(...alarms(delivery), ...sections.flat().filter(({ lines }) => lines.length > 0));
  for (const { title, lines } of delivery.explanation) {
    log.info(`${title}:`);
    for (const line of lines) log.info(`  ${line}`);
  }
}

/** A section, or the line that says why it is missing. */
async function section(title: string, read: () => Promise<readonly string[]>): Promise<Section[]> {
  try {
    return [{ title, lines: await read() }];
  } catch (error) {
    return [{ title, lines: [`not known: ${whyUnread(error)}`] }];
  }
}

/** The stopped tasks, and the last lines of the log of the newest of them. */
async function explainTasks(aws: Aws, delivery: Delivery): Promise<Section[]> {
  const { plan, arn } = delivery;
  let tasks: Task[] = [];
  const stopped = await section('Stopped tasks', async () => {
    tasks = await readStoppedTasks(aws, { ...plan.request, revision: arn!, since: since(delivery) });
    return grouped(tasks.map(whyStopped));
  });
  // A task that could not start has written nothing.
  const [newest] = tasks
    .filter(({ stopCode }) => stopCode !== 'TaskFailedToStart')
    .sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0));
  if (!newest) return stopped;
  return [...stopped, ...(await section('Log of the newest of them', () => readLogTail(aws, plan, newest)))];
}

/** Events of every deployment, which explain nothing. */
const ordinary =
  /has reached a steady state|has started \d+ tasks?|has stopped \d+ running tasks|registered \d+ targets? in|has begun draining/;

async function troubles(aws: Aws, delivery: Delivery): Promise<string[]> {
  const events = await readServiceEvents(aws, delivery.plan.request, since(delivery));
  // Ids would make every event look different.
  const messages = events.map(({ message }) => message.replace(/\((task|port) [^)]*\)/g, '($1)'));
  return grouped(messages.filter((message) => !ordinary.test(message)));
}

/** When the deployment began, by the clock of AWS where it is known. */
const since = ({ state, deployment }: Delivery) => state?.last?.createdAt ?? deployment?.createdAt ?? 0;

/** Alarms that are named; CodeDeploy and ECS take 10. */
const mostAlarms = 50;

/** The alarms that watch the deployment, where one of them ended it. */
function alarms({ plan, state }: Delivery): Section[] {
  if (!state?.last?.alarmed) return [];
  if (plan.controller === 'ECS') {
    return [
      {
        title: 'Alarms of the service',
        lines: (plan.service.deploymentConfiguration?.alarms?.alarmNames ?? []).slice(0, mostAlarms).map(oneName),
      },
    ];
  }
  const names = (plan.group.info.alarmConfiguration?.alarms ?? [])
    .slice(0, mostAlarms)
    .map(({ name }) => oneName(name));
  return [{ title: 'Alarms of the deployment group', lines: names }];
}

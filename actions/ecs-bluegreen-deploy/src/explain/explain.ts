import type { Task } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import type { Delivery, Section } from '../delivery';
import type { Effects } from '../effects';
import { foundIn, whyUnread } from '../observe/look';
import { readService } from '../observe/service';
import { readLogTail } from './logs';
import { readStoppedTasks, whyStopped } from './stopped-tasks';
import { readUnhealthyTargets } from './targets';

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
    section('Service events', () => readServiceEvents(single, delivery)),
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
async function explainTasks(aws: Aws, { plan, arn, deployment }: Delivery): Promise<Section[]> {
  let tasks: Task[] = [];
  const stopped = await section('Stopped tasks', async () => {
    tasks = await readStoppedTasks(aws, { ...plan.request, revision: arn!, since: deployment!.createdAt });
    return grouped(tasks.map(whyStopped));
  });
  const [newest] = [...tasks].sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0));
  if (!newest) return stopped;
  return [...stopped, ...(await section('Log of the newest of them', () => readLogTail(aws, plan, newest)))];
}

const mostLines = 5;

/** Equal lines become one with a count; the commonest come first. Pure. */
export function grouped(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, mostLines).map(([line, count]) => (count > 1 ? `${count} × ${line}` : line));
  const rest = sorted.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more reasons`] : shown;
}

async function readServiceEvents(aws: Aws, { plan, deployment }: Delivery): Promise<string[]> {
  const service = foundIn(await readService(aws, plan.request));
  const messages = (service?.events ?? [])
    .filter(({ createdAt }) => (createdAt?.getTime() ?? 0) >= deployment!.createdAt)
    .map(({ message = '' }) => message.replace(/\((task|port) [^)]*\)/g, '($1)'));
  return grouped(messages.filter((message) => !message.includes('has reached a steady state')));
}

/** The alarms that the group watches, where one of them ended the deployment. */
function alarms({ plan, state }: Delivery): Section[] {
  if (state?.last?.error?.code !== 'ALARM_ACTIVE') return [];
  const names = (plan.group.info.alarmConfiguration?.alarms ?? []).map(({ name }) => name ?? '');
  return [{ title: 'Alarms of the deployment group', lines: names }];
}

import type { Task } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { readServiceEvents } from '../aws/ecs-service';
import { readNewestTask, readStoppedTasks, whyStopped } from '../aws/ecs-tasks';
import type { Effects } from '../aws/effects';
import { readUnhealthyTargets } from '../aws/elb';
import { readLogTail } from '../aws/logs';
import { whyUnread } from '../aws/reads';
import { grouped } from '../text';
import type { Controller } from './controller';
import type { DeploymentRun, Section } from './model';

/**
 * Looks for what may have made a deployment fail, and reports it. Best effort: each call is made once, in at most ten
 * seconds, about eight of them side by side. What cannot be read is reported in one line. Done once for a run.
 */
export async function diagnose(run: DeploymentRun, controller: Controller, { aws, log }: Effects): Promise<void> {
  if (run.diagnostics.length > 0 || !run.deployment) return;
  const single = aws.once();
  const sections = await Promise.all([
    diagnoseTasks(single, run),
    section('Targets', () => readUnhealthyTargets(single, run.state?.last?.green?.targetGroup)),
    section('Service events', () => troubles(single, run)),
  ]);
  run.diagnostics.push(
    ...(run.state?.last?.alarmed ? [controller.alarms()] : []),
    ...sections.flat().filter(({ lines }) => lines.length > 0),
  );
  for (const { title, lines } of run.diagnostics) {
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
async function diagnoseTasks(aws: Aws, run: DeploymentRun): Promise<Section[]> {
  const { plan, arn } = run;
  const query = { ...plan.request, revision: arn!, since: since(run) };
  let tasks: Task[] = [];
  const stopped = await section('Stopped tasks', async () => {
    tasks = await readStoppedTasks(aws, query);
    run.stopped = tasks.map(whyStopped);
    return grouped(run.stopped);
  });
  // No task has failed, and yet an alarm went off: what they write may say why.
  const liveLog = async () => {
    const task = await readNewestTask(aws, query);
    return task ? readLogTail(aws, plan, task, plan.service.loadBalancers?.[0]?.containerName) : [];
  };
  // A task that could not start has written nothing.
  const [newest] = tasks
    .filter(({ stopCode }) => stopCode !== 'TaskFailedToStart')
    .sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0));
  if (!newest && run.state?.last?.alarmed) return [...stopped, ...(await section('Log of a new task', liveLog))];
  if (!newest) return stopped;
  return [...stopped, ...(await section('Log of the newest of them', () => readLogTail(aws, plan, newest)))];
}

/** Events of every deployment, which explain nothing. */
const ordinary =
  /has reached a steady state|has started \d+ tasks?|has stopped \d+ running tasks|registered \d+ targets? in|has begun draining/;

async function troubles(aws: Aws, run: DeploymentRun): Promise<string[]> {
  const events = await readServiceEvents(aws, run.plan.request, since(run));
  // Ids would make every event different.
  const messages = events.map(({ message }) => message.replace(/\((task|port) [^)]*\)/g, '($1)'));
  return grouped(messages.filter((message) => !ordinary.test(message)));
}

/** When the deployment began, by the clock of AWS where it is known. */
const since = ({ state, deployment }: DeploymentRun) => state?.last?.createdAt ?? deployment?.createdAt ?? 0;

import type { DeploymentInfo, ECSTarget } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../shared/aws/clients';
import { isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import { readStoppedTasks, type TaskQuery, whyStopped } from '../explain/stopped-tasks';
import { type GroupNames, readSince } from '../observe/deployments';
import { foundIn, whyUnread } from '../observe/look';
import { readServiceEvents } from '../observe/service-events';
import { type Observation, observed } from './observation';
import type { State } from './state';

/** What is looked at, besides the deployment itself. */
export interface Subject extends Omit<TaskQuery, 'since'> {
  readonly group: GroupNames;
}

/** The memory of one who looks again and again. */
export interface Looker {
  /** Each look makes at most four calls. @throws errors of AWS, without having tried again */
  look(state: State): Promise<{ readonly observation: Observation; readonly calls: number }>;
}

/** Milliseconds between two looks at the same side of the service. */
const sideLooks = 20_000;

/** Looks at a deployment; what the role may not read is told once and then left out. */
export function createLooker(aws: Aws, subject: Subject, now: () => number, tell: (line: string) => void): Looker {
  const single = aws.once();
  const refused = new Set<string>();
  let calls = 0;
  let stopped: Observation['stopped'] = [];
  let serviceEvents: Observation['serviceEvents'] = [];
  let lastSide = { at: now(), tasks: false };

  /** A best-effort read: refused once, it is not asked for again. */
  async function optionally<T>(what: string, cost: number, read: () => Promise<T>): Promise<T | undefined> {
    if (refused.has(what)) return undefined;
    calls += cost;
    try {
      return await read();
    } catch (error) {
      if (isThrottling(error) || isLostAnswer(error)) throw error;
      refused.add(what);
      tell(`${what} cannot be shown: ${whyUnread(error)}`);
      return undefined;
    }
  }

  async function deployment(id: string): Promise<DeploymentInfo> {
    calls += 1;
    const codedeploy = await single.codedeploy();
    return (await codedeploy.getDeployment({ deploymentId: id })).deploymentInfo!;
  }

  const target = (id: string) => optionally('Lifecycle events and traffic', 1, () => readTarget(single, id, subject));

  /** Tasks and service events by turns, so that no look makes many calls. */
  async function lookAside(seen: Observation): Promise<void> {
    if (now() - lastSide.at < sideLooks / 2) return;
    lastSide = { at: now(), tasks: !lastSide.tasks };
    const installing = !seen.green || seen.green.running < seen.green.desired;
    if (lastSide.tasks && installing) {
      const query = { ...subject, since: seen.createdAt };
      const tasks = await optionally('Stopped tasks', 2, () => readStoppedTasks(single, query));
      stopped = tasks?.map((task) => ({ id: task.taskArn ?? '', reason: whyStopped(task) })) ?? stopped;
    } else {
      serviceEvents =
        (await optionally('Service events', 1, () => readServiceEvents(single, subject, seen.createdAt))) ??
        serviceEvents;
    }
  }

  return {
    async look(state) {
      calls = 0;
      const info = await deployment(state.id);
      const seen = observed(info, await target(state.id));
      if (info.status === 'InProgress' && !state.closing) await lookAside(seen);
      const { rollback } = seen;
      const its = rollback && (await deployment(rollback.id));
      const isLonely = info.status === 'Stopped' && !rollback;
      const successor = isLonely && (await findSuccessor(single, info, subject.group, () => calls++));
      return {
        calls,
        observation: {
          ...seen,
          ...(its && { rollback: { id: rollback.id, status: its.status, error: its.errorInformation?.message } }),
          ...(successor && { successor }),
          stopped,
          serviceEvents,
        },
      };
    },
  };
}

/** Errors that say that there is nothing to see yet. */
const notYet = new Set(['DeploymentNotStartedException', 'DeploymentTargetDoesNotExistException']);

async function readTarget(
  aws: Aws,
  deploymentId: string,
  { cluster, service }: Subject,
): Promise<ECSTarget | undefined> {
  const codedeploy = await aws.codedeploy();
  try {
    const targetIds = [`${cluster}:${service}`];
    const { deploymentTargets = [] } = await codedeploy.batchGetDeploymentTargets({ deploymentId, targetIds });
    return deploymentTargets[0]?.ecsTarget;
  } catch (error) {
    if (notYet.has((error as Error)?.name)) return undefined;
    throw error;
  }
}

/** The deployment that replaced a stopped one: the first that was created after it and is not a rollback. */
async function findSuccessor(aws: Aws, info: DeploymentInfo, group: GroupNames, count: () => void) {
  count();
  const created = info.createTime?.getTime() ?? 0;
  const later = foundIn(await readSince(aws, group, created)) ?? [];
  const [successor] = later
    .filter(({ deploymentId, creator }) => deploymentId !== info.deploymentId && creator !== 'codeDeployRollback')
    .filter(({ createTime }) => (createTime?.getTime() ?? 0) >= created)
    .sort((a, b) => a.createTime!.getTime() - b.createTime!.getTime());
  return { id: successor?.deploymentId };
}

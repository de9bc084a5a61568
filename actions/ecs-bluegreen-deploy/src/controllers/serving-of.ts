import type { Service } from '@aws-sdk/client-ecs';
import { unusableAnswer } from '../../../../shared/aws/call';
import type { Aws } from '../../../../shared/aws/clients';
import { isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import { readService } from '../aws/ecs-service';
import { readTargets } from '../aws/elb';
import { whyUnread } from '../aws/reads';
import { foundIn, type ServiceNames } from '../plan/current-state';
import type { Serving, TargetGroup } from '../plan/serving';

/** The new tasks and the ARNs of their target groups; for the groups there is a reason instead, where they are not known. */
export interface NewTasks {
  readonly tasks: Serving['tasks'];
  readonly targetGroups: readonly string[] | { readonly unread: string };
}

/** What AWS counts of tasks. @throws the error of an answer that cannot be used where it leaves that out: it does not mean none */
export function countsOf(
  running: number | undefined,
  desired: number | undefined,
): { running: number; desired: number } {
  if (running !== undefined && desired !== undefined) return { running, desired };
  throw unusableAnswer({ service: 'ecs', operation: 'DescribeServices' }, 'the service has no counts of its tasks');
}

/**
 * What is seen of the new tasks of a service that is to be read; `newTasks` finds them. A service that is not there, or is on its way
 * out, runs nothing, whatever its last deployment says.
 *
 * @throws errors of AWS that may pass: throttling, lost answers
 */
export async function servingOf(
  aws: Aws,
  names: ServiceNames,
  newTasks: (service: Service) => NewTasks | Promise<NewTasks>,
): Promise<Serving> {
  const result = await readService(aws, names);
  if ('missing' in result) return gone(result.missing);
  const service = foundIn(result) ?? {};
  if (service.status === 'DRAINING' || service.status === 'INACTIVE') {
    return gone(`service ${names.service} is ${service.status}`);
  }
  return servingIn(aws, service, await newTasks(service));
}

const gone = (why: string): Serving => ({ gone: why, tasks: undefined, groups: [], grace: 0, unread: [] });

async function servingIn(aws: Aws, service: Service, { tasks, targetGroups }: NewTasks): Promise<Serving> {
  const grace = (service.healthCheckGracePeriodSeconds ?? 0) * 1_000;
  if (!tasks || tasks.desired === 0) return { tasks, groups: [], grace, unread: [] };
  if (!('length' in targetGroups)) return { tasks, groups: [], grace, unread: [targetGroups.unread] };
  let groups: readonly TargetGroup[] = [];
  const why = await unreadable(async () => {
    groups = await readTargets(aws, targetGroups);
  });
  return { tasks, groups, grace, unread: why === undefined ? [] : [`whether their targets are healthy: ${why}`] };
}

/** Why a read gives nothing, where that lasts. @throws errors of AWS that may pass */
export async function unreadable(read: () => Promise<void>): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (isThrottling(error) || isLostAnswer(error)) throw error;
    return whyUnread(error);
  }
}

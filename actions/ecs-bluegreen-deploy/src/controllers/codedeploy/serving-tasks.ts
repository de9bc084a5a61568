import type { Service } from '@aws-sdk/client-ecs';
import type { NewTasks } from '../serving-of';

/** The tasks of a deployment: those of the task set that it has made, else of the primary one with its revision. */
export function newTasksOf({ taskSets = [] }: Service, deploymentId: string | undefined, revision: string): NewTasks {
  const set =
    taskSets.find(({ externalId }) => externalId !== undefined && externalId === deploymentId) ??
    taskSets.find(({ status, taskDefinition }) => status === 'PRIMARY' && taskDefinition === revision);
  if (!set) return { tasks: undefined, targetGroups: [] };
  return {
    tasks: { running: set.runningCount ?? 0, desired: set.computedDesiredCount ?? 0 },
    targetGroups: (set.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
  };
}

import type { TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { Finding } from '../../../../shared/errors';
import { cut, someOf } from '../../../../shared/excerpt';
import type { Request } from '../inputs';
import type { TaskSettings } from '../run-task-inputs';
import { type CurrentState, desiredTaskDefinition } from './current-state';

/** A task of the new revision that runs once, before the deployment. */
export interface OneOffTask {
  /** The input that asks for it. */
  readonly input: 'pre-deploy-command' | 'run-task';
  /** The container whose exit code decides, and whose log is shown. */
  readonly container: string;
  readonly overrides: TaskOverride;
  /** What differs from how the service runs. */
  readonly settings: TaskSettings;
  /** A name that the user gave; another run may have the same. */
  readonly startedBy: string | undefined;
  /** Whether its end is waited for. */
  readonly waits: boolean;
  /** It is asked for in every run, also where nothing is deployed, or an earlier run has done it already. */
  readonly always: boolean;
}

/** The one-off task that is asked for. */
export function oneOffTask(
  { preDeploy, runTask }: Pick<Request, 'preDeploy' | 'runTask'>,
  taskDefinition: Pick<TaskDefinition, 'containerDefinitions'> | undefined,
): OneOffTask | undefined {
  if (runTask) {
    return {
      ...runTask,
      input: 'run-task',
      container: decisiveContainer(runTask.overrides, taskDefinition),
      always: true,
    };
  }
  return (
    preDeploy && {
      input: 'pre-deploy-command',
      container: preDeploy.container,
      overrides: { containerOverrides: [{ name: preDeploy.container, command: [...preDeploy.command] }] },
      settings: {},
      startedBy: undefined,
      waits: true,
      always: false,
    }
  );
}

/** The one that is given a command, else another override, else the first essential one: when it ends, so does the task. */
function decisiveContainer(
  { containerOverrides = [] }: TaskOverride,
  taskDefinition: Pick<TaskDefinition, 'containerDefinitions'> | undefined,
): string {
  const containers = taskDefinition?.containerDefinitions ?? [];
  const given = containerOverrides.find(({ command }) => command !== undefined) ?? containerOverrides[0];
  return (given ?? containers.find(({ essential }) => essential !== false) ?? containers[0])?.name ?? '';
}

/** Checks that the task definition has the container. */
export function checkOneOffTask({ desired }: Pick<CurrentState, 'desired'>, request: Request): Finding[] {
  const taskDefinition =
    desired.kind === 'file' && desired.errors.length > 0 ? undefined : desiredTaskDefinition(desired);
  const task = oneOffTask(request, taskDefinition);
  if (!task || !taskDefinition) return [];
  const names = (taskDefinition.containerDefinitions ?? []).map(({ name }) => name);
  const asked = [task.container, ...(task.overrides.containerOverrides ?? []).map(({ name = '' }) => name)];
  return [...new Set(asked)]
    .filter((name) => !names.includes(name))
    .map((name) => ({
      where: task.input,
      problem: `container ${cut(name, 100)} is not in the task definition; it has ${someOf(names) || 'none'}`,
    }));
}

/**
 * A task without a service, whose settings are all in the inputs. It runs on Fargate unless they or the task definition say
 * otherwise, as in amazon-ecs-deploy-task-definition.
 */
export function withoutService(task: OneOffTask, taskDefinition: TaskDefinitionFacts | undefined): OneOffTask {
  const { launchType, capacityProviderStrategy } = task.settings;
  const { requiresCompatibilities: fits = [] } = taskDefinition ?? {};
  if (launchType || capacityProviderStrategy) return task;
  const isForEc2 = fits.length > 0 && !fits.includes('FARGATE');
  return { ...task, settings: { ...task.settings, launchType: isForEc2 ? fits[0]! : 'FARGATE' } };
}

type TaskDefinitionFacts = Pick<TaskDefinition, 'networkMode' | 'requiresCompatibilities'>;

/** Checks that the inputs say all that a service would: ECS refuses a task in a network of its own without subnets. */
export function checkWithoutService(
  { settings }: OneOffTask,
  taskDefinition: TaskDefinitionFacts | undefined,
): Finding[] {
  if (taskDefinition?.networkMode !== 'awsvpc' || settings.subnets) return [];
  const problem = 'is required without a service, as the task definition has network mode awsvpc; specify its subnets';
  return [{ where: 'run-task-subnets', problem }];
}

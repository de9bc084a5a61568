import type {
  CapacityProviderStrategyItem,
  ContainerOverride,
  RunTaskRequest,
  Tag,
  TaskOverride,
} from '@aws-sdk/client-ecs';
import type { Finding } from '../../../shared/errors';
import type { Inputs } from './definition';
import { droppedFields, misspelt, unusedVolume, type VolumeInputs, volumeOf, volumeProblems } from './volume-inputs';

/** A one-off task as amazon-ecs-deploy-task-definition is asked for one. */
export interface RunTask {
  readonly overrides: TaskOverride;
  /** What differs from how the service runs. */
  readonly settings: TaskSettings;
  readonly startedBy: string | undefined;
  /** Whether its end is waited for, and its exit code decides. */
  readonly waits: boolean;
}

/** How a one-off task runs, where that is given. */
export type TaskSettings = Pick<
  RunTaskRequest,
  'capacityProviderStrategy' | 'enableECSManagedTags' | 'launchType' | 'tags' | 'volumeConfigurations'
> & {
  readonly subnets?: string[];
  readonly securityGroups?: string[];
  readonly assignPublicIp?: 'ENABLED' | 'DISABLED';
};

/** Every setting of the task, without the switch itself. */
const settingInputs = [
  'run-task-container-overrides',
  'run-task-subnets',
  'run-task-security-groups',
  'run-task-assign-public-IP',
  'run-task-launch-type',
  'run-task-capacity-provider-strategy',
  'run-task-started-by',
  'run-task-tags',
  'run-task-managed-ebs-volume-name',
  'run-task-managed-ebs-volume',
  'wait-for-task-stopped',
] as const satisfies readonly (keyof Inputs)[];

/** The task that the inputs ask for; undefined where they ask for none. */
export function runTaskIn(inputs: Inputs): RunTask | undefined {
  if (!inputs['run-task']) return undefined;
  const overrides: readonly unknown[] = inputs['run-task-container-overrides'] ?? [];
  return {
    overrides: { containerOverrides: overrides as ContainerOverride[] },
    settings: settingsIn(inputs),
    startedBy: inputs['run-task-started-by'],
    waits: inputs['wait-for-task-stopped'] ?? false,
  };
}

function settingsIn(inputs: Inputs): TaskSettings {
  const strategy: readonly unknown[] = inputs['run-task-capacity-provider-strategy'] ?? [];
  const volume = volumeOf(taskVolume(inputs)) as NonNullable<RunTaskRequest['volumeConfigurations']>[number];
  const settings = {
    subnets: listOf(inputs['run-task-subnets']),
    securityGroups: listOf(inputs['run-task-security-groups']),
    assignPublicIp: inputs['run-task-assign-public-IP'],
    launchType: inputs['run-task-launch-type'],
    capacityProviderStrategy: strategy.length > 0 ? (strategy as CapacityProviderStrategyItem[]) : undefined,
    tags: inputs['run-task-tags'] as unknown as Tag[] | undefined,
    enableECSManagedTags: inputs['enable-ecs-managed-tags'],
    volumeConfigurations: volume && [volume],
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as TaskSettings;
}

const listOf = (items: readonly string[] | undefined) => (items && items.length > 0 ? [...items] : undefined);

const taskVolume = (inputs: Inputs): VolumeInputs => ({
  where: 'run-task-managed-ebs-volume',
  name: inputs['run-task-managed-ebs-volume-name'],
  settings: inputs['run-task-managed-ebs-volume'],
});

/** Fields in the model of ECS, the required one first: the SDK would drop what it does not know. */
const fields = {
  'run-task-container-overrides': [
    'name',
    'command',
    'environment',
    'environmentFiles',
    'cpu',
    'memory',
    'memoryReservation',
    'resourceRequirements',
  ],
  'run-task-capacity-provider-strategy': ['capacityProvider', 'weight', 'base'],
  'run-task-tags': ['key', 'value'],
} as const satisfies { [Name in keyof Inputs]?: readonly string[] };

const listInputs = Object.keys(fields) as (keyof typeof fields)[];

const givenFields = (inputs: Inputs, where: keyof typeof fields) => (inputs[where] ?? []).flatMap(Object.keys);

function fieldProblems(inputs: Inputs): Finding[] {
  return listInputs.flatMap((where) => {
    const [required, ...others] = fields[where];
    const known: readonly string[] = [required, ...others];
    const items = inputs[where] ?? [];
    const strangers = new Set(givenFields(inputs, where).filter((field) => !known.includes(field)));
    const problems = [...strangers].flatMap((field) => misspelt(field, known));
    if (items.some((item) => typeof item[required] !== 'string'))
      problems.push(`each must have a ${required}, a string`);
    return problems.map((problem) => ({ where, problem }));
  });
}

/** What is wrong with these inputs, each by itself and in combination. */
export function runTaskProblems(inputs: Inputs): Finding[] {
  if (!inputs['run-task']) return [];
  const findings = [...fieldProblems(inputs), ...volumeProblems(taskVolume(inputs))];
  if (inputs['pre-deploy-command'] !== undefined) {
    const problem = 'cannot be combined with pre-deploy-command, which runs a task too; keep one of them';
    findings.push({ where: 'run-task', problem });
  }
  return findings;
}

/** Lines about settings that do nothing. */
export function unusedTaskInputs(inputs: Inputs): string[] {
  if (inputs['run-task']) {
    const dropped = listInputs.flatMap((where) => droppedFields(where, givenFields(inputs, where), fields[where]));
    return [...unusedVolume(taskVolume(inputs)), ...dropped];
  }
  const given = settingInputs.filter((name) => inputs[name] !== undefined);
  return given.length > 0 ? [`not used, because run-task is not true: ${given.join(', ')}`] : [];
}

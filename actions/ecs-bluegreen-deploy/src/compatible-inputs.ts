import type {
  CapacityProviderStrategyItem,
  ContainerOverride,
  RunTaskRequest,
  ServiceVolumeConfiguration,
  Tag,
  TaskOverride,
} from '@aws-sdk/client-ecs';
import type { Finding } from '../../../shared/errors';
import { cut } from '../../../shared/excerpt';
import type { JsonRecord } from '../../../shared/manifest/types';
import { suggestion } from '../../../shared/nearest';
import type { Inputs } from './definition';

/**
 * The inputs with those of aws-actions/amazon-ecs-deploy-task-definition in the words of this action. What was set here
 * itself wins, as far as it can be told from a manifest's default.
 */
export function withCompatible(inputs: Inputs): Inputs {
  const { 'wait-until': until, 'wait-for-service-stability': waits, 'wait-max-delay-seconds': longest } = inputs;
  return {
    ...inputs,
    'wait-until': until === 'auto' && waits === false ? 'none' : until,
    // 0 asks for nothing, as in the peer; faster than once a second nothing is polled.
    'poll-interval-seconds': longest
      ? Math.min(inputs['poll-interval-seconds'], Math.max(longest, 1))
      : inputs['poll-interval-seconds'],
  };
}

/** Fewer than usual would only fail sooner. */
const usualAttempts = 6;

/** Attempts for a request, where more than usual are asked for. */
export const attemptsOf = ({ 'max-retries': asked = 0 }: Inputs): number | undefined =>
  asked > usualAttempts ? asked : undefined;

/** What is wrong with these inputs, or with their company. */
export function compatibleProblems(inputs: Inputs): Finding[] {
  const findings = volumeProblems({
    where: 'service-managed-ebs-volume',
    name: inputs['service-managed-ebs-volume-name'],
    settings: inputs['service-managed-ebs-volume'],
  });
  if (inputs['register-only'] && inputs.service !== '') {
    const problem = 'cannot be combined with service, which would not be deployed; leave one of them out';
    findings.push({ where: 'register-only', problem });
  }
  if (inputs['register-only'] && inputs['if-deploying'] === 'rollback') {
    const problem = 'cannot be combined with if-deploying: rollback, which registers nothing; leave one of them out';
    findings.push({ where: 'register-only', problem });
  }
  if (inputs['register-only'] && inputs['pre-deploy-command'] !== undefined) {
    const problem = 'cannot be combined with register-only, as nothing is deployed after it; use run-task';
    findings.push({ where: 'pre-deploy-command', problem });
  }
  return [...findings, ...runTaskProblems(inputs)];
}

/** The inputs of a volume that is configured at launch: its name in the task definition, and what it is to be. */
export interface VolumeInputs {
  readonly where: 'service-managed-ebs-volume' | 'run-task-managed-ebs-volume';
  readonly name: string | undefined;
  readonly settings: JsonRecord | undefined;
}

/** Fields of ServiceManagedEBSVolumeConfiguration and TaskManagedEBSVolumeConfiguration in the model of ECS. */
const commonFields: Readonly<Record<string, 'string' | 'number' | 'boolean' | 'object'>> = {
  roleArn: 'string',
  encrypted: 'boolean',
  kmsKeyId: 'string',
  volumeType: 'string',
  sizeInGiB: 'number',
  snapshotId: 'string',
  volumeInitializationRate: 'number',
  iops: 'number',
  throughput: 'number',
  tagSpecifications: 'object',
  filesystemType: 'string',
};

const fieldsOf = (where: VolumeInputs['where']): typeof commonFields =>
  where === 'run-task-managed-ebs-volume' ? { ...commonFields, terminationPolicy: 'object' } : commonFields;

/** Settings of no use are no problem: without a name, or empty, the peer leaves them out too. */
const isVolumeUsed = ({ name, settings = {} }: VolumeInputs): boolean =>
  name !== undefined && Object.keys(settings).length > 0;

/** What is wrong with the settings. */
function volumeProblems(inputs: VolumeInputs): Finding[] {
  if (!isVolumeUsed(inputs)) return [];
  const { where, settings = {} } = inputs;
  const fields = fieldsOf(where);
  const problems = Object.entries(settings).flatMap(([field, value]) => {
    const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!type) return misspelt(field, Object.keys(fields));
    return typeof value === type ? [] : [`${field} must be a ${type === 'object' ? 'list or an object' : type}`];
  });
  if (settings['roleArn'] === undefined) problems.push('requires roleArn, the role by which ECS manages the volume');
  return problems.map((problem) => ({ where, problem }));
}

/** A field that is nearly a known one is a mistake: the SDK would drop it, and nothing would tell. */
function misspelt(field: string, known: readonly string[]): string[] {
  const like = suggestion(field, known);
  return like === '' ? [] : [`has no field ${cut(field, 60)}${like}`];
}

/** A line about fields that are like none that is known: they are newer than this version, or a note. The peer drops them too. */
function droppedFields(where: string, given: Iterable<string>, known: readonly string[]): string[] {
  const dropped = [...new Set(given)].filter((field) => !known.includes(field));
  if (dropped.length === 0) return [];
  return [
    `${where}: this version does not know ${dropped.map((field) => cut(field, 60)).join(', ')}, and leaves it out`,
  ];
}

/** The volume as ECS takes it; undefined where one of the two inputs is missing. */
export const volumeOf = (inputs: VolumeInputs): ServiceVolumeConfiguration | undefined =>
  isVolumeUsed(inputs) ? { name: inputs.name, managedEBSVolume: knownSettings(inputs) } : undefined;

const knownSettings = ({ where, settings = {} }: VolumeInputs) =>
  Object.fromEntries(
    Object.entries(settings).filter(([field]) => Object.hasOwn(fieldsOf(where), field)),
  ) as unknown as ServiceVolumeConfiguration['managedEBSVolume'];

/** Lines about what of the inputs of a volume has no effect. */
export function unusedVolume(inputs: VolumeInputs): string[] {
  const { where, name, settings } = inputs;
  if (isVolumeUsed(inputs)) return droppedFields(where, Object.keys(settings!), Object.keys(fieldsOf(where)));
  if (name !== undefined) return [`${where}-name is not used: ${where} is not set`];
  return settings === undefined ? [] : [`${where} is not used: ${where}-name is not set`];
}

/** A one-off task as amazon-ecs-deploy-task-definition is asked for one. */
export interface RunTask {
  readonly overrides: TaskOverride;
  /** What differs from how the service runs. */
  readonly settings: TaskSettings;
  readonly startedBy: string | undefined;
  /** Whether its end is waited for, and its exit code decides. */
  readonly waits: boolean;
}

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

/** What is wrong with these inputs, or with their company. */
function runTaskProblems(inputs: Inputs): Finding[] {
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

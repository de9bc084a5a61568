import type { ServiceVolumeConfiguration } from '@aws-sdk/client-ecs';
import type { Finding } from '../../../shared/errors';
import { cut } from '../../../shared/excerpt';
import type { JsonRecord } from '../../../shared/manifest/types';
import { suggestion } from '../../../shared/nearest';
import type { Inputs } from './definition';

/** The inputs of a volume that is configured at launch: its name in the task definition, and what it is to be. */
export interface VolumeInputs {
  readonly where: 'service-managed-ebs-volume' | 'run-task-managed-ebs-volume';
  readonly name: string | undefined;
  readonly settings: JsonRecord | undefined;
}

/** The inputs of the volume of the service. */
export const serviceVolume = (inputs: Inputs): VolumeInputs => ({
  where: 'service-managed-ebs-volume',
  name: inputs['service-managed-ebs-volume-name'],
  settings: inputs['service-managed-ebs-volume'],
});

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
export function volumeProblems(inputs: VolumeInputs): Finding[] {
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
export function misspelt(field: string, known: readonly string[]): string[] {
  const like = suggestion(field, known);
  return like === '' ? [] : [`has no field ${cut(field, 60)}${like}`];
}

/** A line about fields that are like none that is known: they are newer than this version, or a note. The peer drops them too. */
export function droppedFields(where: string, given: Iterable<string>, known: readonly string[]): string[] {
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

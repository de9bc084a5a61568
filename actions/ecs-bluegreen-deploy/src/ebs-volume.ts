import type { ServiceVolumeConfiguration } from '@aws-sdk/client-ecs';
import type { Finding } from '../../../shared/errors';
import { cut } from '../../../shared/excerpt';
import type { JsonRecord } from '../../../shared/manifest/types';
import { suggestion } from '../../../shared/nearest';

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

/** What is wrong with the settings: the SDK would drop what it does not know. Pure. */
export function volumeProblems({ where, settings }: VolumeInputs): Finding[] {
  if (!settings) return [];
  const fields = fieldsOf(where);
  const problems = Object.entries(settings).flatMap(([field, value]) => {
    const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!type) return [`has no field ${cut(field, 60)}${suggestion(field, Object.keys(fields))}`];
    return typeof value === type ? [] : [`${field} must be a ${type === 'object' ? 'list or an object' : type}`];
  });
  if (settings['roleArn'] === undefined) problems.push('requires roleArn, the role by which ECS manages the volume');
  return problems.map((problem) => ({ where, problem }));
}

/** The volume as ECS takes it; undefined where one of the two inputs is missing. Pure. */
export const volumeOf = ({ name, settings }: VolumeInputs): ServiceVolumeConfiguration | undefined =>
  name === undefined || settings === undefined
    ? undefined
    : { name, managedEBSVolume: settings as unknown as ServiceVolumeConfiguration['managedEBSVolume'] };

/** A line where only one of the two inputs is given, which says nothing. Pure. */
export function unusedVolume({ where, name, settings }: VolumeInputs): string[] {
  if ((name === undefined) === (settings === undefined)) return [];
  const [given, missing] = name === undefined ? [where, `${where}-name`] : [`${where}-name`, where];
  return [`${given} is not used: ${missing} is not given`];
}

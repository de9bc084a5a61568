import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../../service';
import { refusalOfContainers } from './containers';
import { refusalOfFargate } from './fargate';
import { refusalOfLogs } from './logs';
import { refusalOfModel } from './model';
import { first, type Refusal } from './refusal';

/**
 * Refuses what Amazon ECS is known to refuse to register, one thing at a time and in the words that users have quoted. What only
 * its documentation advises against, it registers.
 *
 * @throws AwsRefusal ClientException
 */
export function refuseUnsound(input: RegisterTaskDefinitionRequest): void {
  const message = first(
    refusalOfModel(input),
    refusalOfTask(input),
    refusalOfContainers(input),
    refusalOfVolumes(input),
    refusalOfLogs(input),
    refusalOfFargate(input),
  );
  if (message !== undefined) throw new AwsRefusal('ClientException', message);
}

const sizeForms = { cpu: /^(\d+|(\d+|\d*\.\d+)\s*vcpus?)$/i, memory: /^(\d+|(\d+|\d*\.\d+)\s*gb)$/i };

function refusalOfTask(input: RegisterTaskDefinitionRequest): Refusal {
  const { family = '', tags, containerDefinitions: containers = [], cpu, memory } = input;
  const length = Buffer.byteLength(JSON.stringify(input));
  return first(
    family === '' && 'Family should not be null or empty.',
    !/^[a-zA-Z0-9_.-]{1,255}$/.test(family) && 'Family contains invalid characters.',
    length > 65_536 && `Actual length: '${length}'. Max allowed length is '65536' bytes.`,
    containers.length === 0 && 'Container list cannot be empty.',
    containers.length > 10 && 'Too many containers.',
    tags?.length === 0 && 'Tags can not be empty.',
    [input.taskRoleArn, input.executionRoleArn].some((role) => role !== undefined && !isRole(role)) &&
      'Role is not valid',
    // The Developer Guide shows this text for a wrong memory, too.
    ((cpu !== undefined && !sizeForms.cpu.test(cpu.trim())) ||
      (memory !== undefined && !sizeForms.memory.test(memory.trim()))) &&
      "Invalid 'cpu' setting for task.",
  );
}

const isRole = (role: string) =>
  /^arn:aws[\w-]*:iam::\d{12}:role\/(?:[^/]+\/)*[\w+=,.@-]+$/.test(role) || /^[\w+=,.@-]+$/.test(role);

function refusalOfVolumes({ volumes = [], containerDefinitions = [] }: RegisterTaskDefinitionRequest): Refusal {
  const kindsOf = (volume: (typeof volumes)[number]) => [
    ...(volume.host?.sourcePath === undefined ? [] : ['host']),
    ...(
      ['dockerVolumeConfiguration', 'efsVolumeConfiguration', 'fsxWindowsFileServerVolumeConfiguration'] as const
    ).filter((kind) => volume[kind] !== undefined),
  ];
  const isNoRoot = (path: string | undefined) => path !== undefined && path !== '' && path !== '/';
  const mounted = containerDefinitions.flatMap(({ mountPoints = [] }) => mountPoints);
  const unknown = mounted.find(({ sourceVolume }) => !volumes.some(({ name }) => name === sourceVolume));
  return first(
    volumes.some(({ name = '' }) => !/^[a-zA-Z0-9_.-]{1,255}$/.test(name)) &&
      'volume.name contains invalid characters.',
    volumes.some((volume) => kindsOf(volume).length > 1) &&
      'When the volume parameter is specified, only one volume configuration type should be used.',
    volumes.some(
      ({ efsVolumeConfiguration: efs }) => efs?.authorizationConfig?.accessPointId && isNoRoot(efs.rootDirectory),
    ) && 'When using an EFS access point, the root directory must either be set to "/" or be omitted.',
    unknown && `Unknown volume '${unknown.sourceVolume}'.`,
  );
}

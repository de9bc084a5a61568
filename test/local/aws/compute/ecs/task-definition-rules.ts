import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../service';

const refuse = (message: string): never => {
  throw new AwsRefusal('ClientException', message);
};

/** Refuses what Amazon ECS refuses to register, one thing at a time and in its words. */
export function checkTaskDefinition(input: RegisterTaskDefinitionRequest): void {
  if (!input.family) refuse('Family should not be null or empty.');
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(input.family ?? '')) refuse('Family contains invalid characters.');
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) refuse('Container list cannot be empty.');
  for (const container of containers) checkContainer(input, container);
  checkNames(containers);
  if (!containers.some((container) => container.essential !== false)) {
    refuse('Task definition must have at least one essential container.');
  }
  if (input.tags?.length === 0) refuse('Tags can not be empty.');
  for (const role of [input.taskRoleArn, input.executionRoleArn]) checkRole(role);
  if (input.requiresCompatibilities?.includes('FARGATE')) checkFargate(input);
}

function checkContainer(input: RegisterTaskDefinitionRequest, container: ContainerDefinition): void {
  if (!container.name) refuse('Container.name should not be null or empty.');
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(container.name ?? '')) refuse('Container.name contains invalid characters.');
  if (!container.image) refuse('Container.image should not be null or empty.');
  if (/\s/.test(container.image ?? '')) refuse('Container.image contains invalid characters.');
  if (!input.memory && !container.memory && !container.memoryReservation) {
    const message = `Invalid setting for container '${container.name}'. At least one of 'memory' or 'memoryReservation'`;
    refuse(`${message} must be specified.`);
  }
  for (const mapping of container.portMappings ?? []) checkMapping(input, mapping);
  const secret = container.secrets?.find(({ name }) => container.environment?.some((one) => one.name === name));
  if (secret)
    refuse(
      `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${secret.name}'.`,
    );
  const mount = container.mountPoints?.find(
    ({ sourceVolume }) => !input.volumes?.some(({ name }) => name === sourceVolume),
  );
  if (mount) refuse(`Unknown volume '${mount.sourceVolume}'.`);
}

function checkMapping(
  { networkMode }: RegisterTaskDefinitionRequest,
  { hostPort, containerPort }: NonNullable<ContainerDefinition['portMappings']>[number],
): void {
  if (containerPort !== undefined && (containerPort < 1 || containerPort > 65_535)) {
    refuse(`Invalid container port '${containerPort}' in port mapping.`);
  }
  if (networkMode === 'awsvpc' && hostPort !== undefined && hostPort !== containerPort) {
    refuse('When networkMode=awsvpc, the host ports and container ports in port mappings must match.');
  }
}

function checkNames(containers: readonly ContainerDefinition[]): void {
  const names = containers.map(({ name }) => name ?? '');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`Container names must be unique within a task definition: '${twice}'.`);
  for (const { dependsOn = [] } of containers) {
    const unknown = dependsOn.find(({ containerName }) => !names.includes(containerName ?? ''));
    if (unknown) refuse(`Container dependency '${unknown.containerName}' does not exist in the task definition.`);
  }
}

function checkRole(role: string | undefined): void {
  if (role === undefined) return;
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(role) && !/^[\w+=,.@/-]+$/.test(role)) refuse('Role is not valid');
}

/** Fargate's CPU units, each with the least and the most memory and the step between, in MiB. */
const fargate: Readonly<Record<string, readonly number[]>> = {
  '256': [512, 1024, 2048],
  '512': steps(1024, 4096, 1024),
  '1024': steps(2048, 8192, 1024),
  '2048': steps(4096, 16_384, 1024),
  '4096': steps(8192, 30_720, 1024),
  '8192': steps(16_384, 61_440, 4096),
  '16384': steps(32_768, 122_880, 8192),
};

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}

function checkFargate({
  networkMode,
  cpu,
  memory,
  executionRoleArn,
  containerDefinitions = [],
}: RegisterTaskDefinitionRequest) {
  if (networkMode !== 'awsvpc') refuse('Fargate only supports network mode ‘awsvpc’.');
  if (!cpu) refuse("Fargate requires that 'cpu' be defined at the task level.");
  if (!memory) refuse("Fargate requires that 'memory' be defined at the task level.");
  const [units, mebibytes] = [unitsOf(cpu ?? '', 1024, /vcpu$/i), unitsOf(memory ?? '', 1024, /gb$/i)];
  if (!fargate[units]?.includes(mebibytes)) {
    refuse(`No Fargate configuration exists for given values: ${units} CPU, ${mebibytes} memory.`);
  }
  if (
    !executionRoleArn &&
    containerDefinitions.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs')
  ) {
    refuse('Fargate requires task definition to have execution role ARN to support log driver awslogs.');
  }
}

/** `256`, `.25 vCPU`, `512`, `0.5 GB`. */
export function unitsOf(text: string, factor: number, unit: RegExp): number {
  const plain = text.trim().replace(/\s*(MiB|MB)$/i, '');
  return unit.test(plain) ? Number(plain.replace(unit, '').trim()) * factor : Number(plain);
}

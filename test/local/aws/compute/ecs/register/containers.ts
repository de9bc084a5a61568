import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { unitsOf } from '../units';
import { first, type Refusal } from './refusal';

export function refusalOfContainers(input: RegisterTaskDefinitionRequest): Refusal {
  const { containerDefinitions: containers = [], cpu, executionRoleArn } = input;
  const names = containers.map(({ name }) => name);
  const reserved = containers.reduce((sum, container) => sum + (container.cpu ?? 0), 0);
  return first(
    ...containers.map((container) => refusalOfContainer(input, container)),
    new Set(names).size < names.length && 'Container names must be unique within a Task Definition.',
    containers.every(({ essential }) => essential === false) && "Task definition doesn't have any essential container.",
    hasCycle(containers) && 'Container links should not have a cycle',
    containers.some((container) => waitsForEssential(container, containers)) &&
      'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
    cpu !== undefined &&
      reserved > unitsOf(cpu, 1024, /vcpus?$/i) &&
      "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    containers.some(({ secrets = [] }) => secrets.length > 0) &&
      !executionRoleArn &&
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  );
}

function refusalOfContainer(input: RegisterTaskDefinitionRequest, container: ContainerDefinition): Refusal {
  const { name = '', image = '', memory, memoryReservation } = container;
  const most = input.memory === undefined ? Number.POSITIVE_INFINITY : unitsOf(input.memory, 1024, /gb$/i);
  return first(
    name === '' && 'Container.name should not be null or empty.',
    !/^[a-zA-Z0-9_.-]{1,255}$/.test(name) && 'Container.name contains invalid characters.',
    image === '' && 'Container.image should not be null or empty.',
    /[^\w:./#@-]/.test(image) && 'Container.image contains invalid characters.',
    !input.memory &&
      memory === undefined &&
      memoryReservation === undefined &&
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    (memory ?? 0) > most && `The 'memory' setting for container '${name}' is greater than for the task.`,
    ...refusalsOfVariables(container),
    ...refusalsOfNetwork(input, container),
  );
}

const unique = 'The secret name must be unique and not shared with any new or existing environment variables';

function refusalsOfVariables({
  environment = [],
  environmentFiles = [],
  secrets = [],
}: ContainerDefinition): Refusal[] {
  const names = secrets.map(({ name }) => name);
  const shared = names.find((name, at) => names.indexOf(name) !== at || environment.some((one) => one.name === name));
  const odd = secrets.find(
    ({ valueFrom = '' }) => valueFrom.startsWith('arn:') && !/^arn:[^:]+:(?:ssm|secretsmanager):/.test(valueFrom),
  );
  return [
    environment.some(({ name = '' }) => name.trim() === '') && 'Environment variable name cannot be null or blank.',
    shared !== undefined && `${unique} set on the container, such as '${shared}'.`,
    odd && `The Systems Manager parameter name specified for secret ${odd.name} is invalid.`,
    environmentFiles.some(({ value = '' }) => !/^arn:[^:]+:s3:::./.test(value)) && 'Invalid arn syntax',
  ];
}

function refusalsOfNetwork({ networkMode }: RegisterTaskDefinitionRequest, container: ContainerDefinition): Refusal[] {
  const { portMappings = [], links = [], hostname } = container;
  const isAwsvpc = networkMode === 'awsvpc';
  const port = portMappings.map(({ containerPort }) => containerPort ?? 1).find((one) => one < 1 || one > 65_535);
  return [
    port !== undefined && `Invalid container port '${port}' in port mapping.`,
    isAwsvpc &&
      portMappings.some(({ hostPort, containerPort }) => hostPort && hostPort !== containerPort) &&
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    isAwsvpc && links.length > 0 && 'Links are not supported when networkMode=awsvpc.',
    isAwsvpc && hostname && 'hostname is not supported on container when networkMode=awsvpc.',
  ];
}

function waitsForEssential(
  { dependsOn = [] }: ContainerDefinition,
  containers: readonly ContainerDefinition[],
): boolean {
  const isEssential = (name: string | undefined) =>
    containers.some((one) => one.name === name && one.essential !== false);
  return dependsOn.some(
    ({ condition, containerName }) => /^(?:SUCCESS|COMPLETE)$/.test(condition ?? '') && isEssential(containerName),
  );
}

/** Whether a container can be reached from itself, along what it waits for. */
function hasCycle(containers: readonly ContainerDefinition[]): boolean {
  const awaitedBy = (name: string) =>
    containers
      .filter((container) => container.name === name)
      .flatMap(({ dependsOn = [], links = [] }) => [
        ...dependsOn.map(({ containerName = '' }) => containerName),
        ...links.map((link) => link.split(':')[0] ?? ''),
      ]);
  return containers.some(({ name = '' }) => {
    const reached = new Set(awaitedBy(name));
    for (const one of reached) for (const next of awaitedBy(one)) reached.add(next);
    return reached.has(name);
  });
}

import type {
  ContainerDefinition,
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
  Volume,
} from '@aws-sdk/client-ecs';
import { parseArn } from '../../../../../shared/aws/arn';
import { AwsRefusal } from '../../service';
import { page } from '../paging';
import type { TaskDefinitionRecord } from '../state';
import { arnOf, dateOf, roleArnOf, type World } from '../world';
import { refuseUnsound } from './register/refuse';
import { unitsOf } from './units';

export const taskDefinitionOperations = (world: World) => ({
  RegisterTaskDefinition: (input: RegisterTaskDefinitionRequest): RegisterTaskDefinitionResponse => {
    const { definition, tags } = registerTaskDefinition(world, input);
    return { taskDefinition: definition, ...(tags.length > 0 ? { tags: [...tags] } : {}) };
  },
  DescribeTaskDefinition: (input: DescribeTaskDefinitionRequest): DescribeTaskDefinitionResponse => {
    const { definition, tags } = requireTaskDefinition(world, input.taskDefinition ?? '');
    return { taskDefinition: definition, ...(input.include?.includes('TAGS') ? { tags: [...tags] } : {}) };
  },
  DeregisterTaskDefinition: (input: DeregisterTaskDefinitionRequest): DeregisterTaskDefinitionResponse => {
    const { definition } = requireTaskDefinition(world, input.taskDefinition ?? '');
    Object.assign(definition, { status: 'INACTIVE', deregisteredAt: dateOf(world) });
    return { taskDefinition: definition };
  },
  ListTaskDefinitions: (input: ListTaskDefinitionsRequest) => listTaskDefinitions(world, input),
});

/** A revision by ARN or `family:revision`, or the newest active one of a family. */
export function findTaskDefinition(world: World, name: string): TaskDefinitionRecord | undefined {
  const short = parseArn(name)?.resource.replace(/^task-definition\//, '') ?? name;
  const { taskDefinitions } = world.state;
  const newestFirst = [...taskDefinitions].reverse();
  return newestFirst.find(({ definition: { family, revision, status } }) =>
    short.includes(':') ? `${family}:${revision}` === short : family === short && status === 'ACTIVE',
  );
}

/** The same; throws ClientException where there is none. */
export function requireTaskDefinition(world: World, name: string): TaskDefinitionRecord {
  const found = findTaskDefinition(world, name);
  if (found) return found;
  throw new AwsRefusal('ClientException', 'Unable to describe task definition.');
}

/** Registers a revision with what ECS itself fills in. Throws ClientException. */
export function registerTaskDefinition(world: World, input: RegisterTaskDefinitionRequest): TaskDefinitionRecord {
  refuseUnsound(input);
  const { tags = [], ...given } = input;
  const revisions = world.state.taskDefinitions.filter(({ definition }) => definition.family === given.family);
  const revision = revisions.length + 1;
  const definition: TaskDefinition = {
    ...given,
    ...sizesOf(given),
    taskDefinitionArn: arnOf(world, 'ecs', `task-definition/${given.family}:${revision}`),
    containerDefinitions: (given.containerDefinitions ?? []).map((container) => fillContainer(given, container)),
    revision,
    volumes: (given.volumes ?? []).map(fillVolume),
    status: 'ACTIVE',
    requiresAttributes: attributesOf(given).map((name) => ({ name })),
    placementConstraints: given.placementConstraints ?? [],
    compatibilities: given.networkMode === 'awsvpc' ? ['EC2', 'FARGATE'] : ['EXTERNAL', 'EC2'],
    registeredAt: dateOf(world),
    registeredBy: roleArnOf(world, 'sts', 'assumed-role/DeployRole/session'),
  };
  const record = { definition, tags };
  world.state.taskDefinitions.push(record);
  return record;
}

/** ECS writes down that the root of the file system is mounted. */
const fillVolume = (volume: Volume): Volume => {
  const { efsVolumeConfiguration: efs } = volume;
  return efs ? { ...volume, efsVolumeConfiguration: { rootDirectory: '/', ...efs } } : volume;
};

/** ECS answers `.25 vCPU` and `0.5 GB` in units. */
function sizesOf({ cpu, memory }: RegisterTaskDefinitionRequest): { cpu?: string; memory?: string } {
  return {
    ...(cpu ? { cpu: String(unitsOf(cpu, 1024, /vcpus?$/i)) } : {}),
    ...(memory ? { memory: String(unitsOf(memory, 1024, /gb$/i)) } : {}),
  };
}

function fillContainer(
  { networkMode }: RegisterTaskDefinitionRequest,
  container: ContainerDefinition,
): ContainerDefinition {
  const isAwsvpc = networkMode === 'awsvpc' || networkMode === 'host';
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      ...mapping,
      hostPort: mapping.hostPort ?? (isAwsvpc ? mapping.containerPort : 0),
      protocol: mapping.protocol ?? 'tcp',
    })),
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
  };
}

function attributesOf({
  networkMode,
  executionRoleArn,
  taskRoleArn,
  containerDefinitions = [],
}: RegisterTaskDefinitionRequest) {
  const logs = containerDefinitions.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs');
  const ecr = containerDefinitions.some(({ image }) => image?.includes('.dkr.ecr.'));
  return [
    'com.amazonaws.ecs.capability.docker-remote-api.1.18',
    ...(networkMode === 'awsvpc' ? ['ecs.capability.task-eni'] : []),
    ...(ecr ? ['com.amazonaws.ecs.capability.ecr-auth'] : []),
    ...(ecr && executionRoleArn ? ['ecs.capability.execution-role-ecr-pull'] : []),
    ...(logs ? ['com.amazonaws.ecs.capability.logging-driver.awslogs'] : []),
    ...(taskRoleArn ? ['com.amazonaws.ecs.capability.task-iam-role'] : []),
  ];
}

function listTaskDefinitions(world: World, input: ListTaskDefinitionsRequest): ListTaskDefinitionsResponse {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
  const found = world.state.taskDefinitions
    .map(({ definition }) => definition)
    .filter((one) => one.status === status && (!familyPrefix || one.family === familyPrefix))
    .sort((a, b) => (a.family ?? '').localeCompare(b.family ?? '') || (a.revision ?? 0) - (b.revision ?? 0));
  const arns = found.map(({ taskDefinitionArn = '' }) => taskDefinitionArn);
  const { items, nextToken } = page(sort === 'DESC' ? arns.reverse() : arns, input.nextToken, input.maxResults ?? 100);
  return { taskDefinitionArns: items, nextToken };
}

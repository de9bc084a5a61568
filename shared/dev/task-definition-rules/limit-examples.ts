import type { JsonObject } from '../../task-definition/document';
import { counts, ranges } from '../../task-definition/limits';
import { withContainer } from './example-tasks';

const part = (name: string, value: object) => withContainer({ [name]: value });
const item = (name: string, value: object) => withContainer({ [name]: [value] });
const volume = (value: object) => withContainer({}, { volumes: [{ name: 'data', ...value }] });
const health = (value: object) => part('healthCheck', { command: ['CMD', 'true'], ...value });
const linux = (value: object) => part('linuxParameters', value);
const port = (value: object) => item('portMappings', value);

/** One less than the least. */
const below = (field: keyof typeof ranges) => ranges[field]![0] - 1;
const many = (field: keyof typeof counts, make: (at: number) => unknown) =>
  Array.from({ length: counts[field]! + 1 }, (_, at) => make(at));

/** For each bounded field a task definition with a value out of its bounds. */
export const limitExamples: Readonly<Record<string, JsonObject>> = {
  names: withContainer({ name: 'my.app' }),
  environmentFile: item('environmentFiles', { type: 's3', value: 'arn:aws:s3:::bucket/app.txt' }),
  'PortMapping.containerPort': port({ containerPort: 70_000 }),
  'PortMapping.hostPort': port({ containerPort: 80, hostPort: 70_000 }),
  'EFSVolumeConfiguration.transitEncryptionPort': volume({
    efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED', transitEncryptionPort: 70_000 },
  }),
  'S3FilesVolumeConfiguration.transitEncryptionPort': volume({
    s3filesVolumeConfiguration: { fileSystemArn: 'fs', transitEncryptionPort: 70_000 },
  }),
  'HealthCheck.interval': health({ interval: below('HealthCheck.interval') }),
  'HealthCheck.timeout': health({ timeout: below('HealthCheck.timeout') }),
  'HealthCheck.retries': health({ retries: below('HealthCheck.retries') }),
  'HealthCheck.startPeriod': health({ startPeriod: 600 }),
  'ContainerRestartPolicy.restartAttemptPeriod': part('restartPolicy', { enabled: true, restartAttemptPeriod: 10 }),
  'EphemeralStorage.sizeInGiB': withContainer({}, { ephemeralStorage: { sizeInGiB: 20 } }),
  'LinuxParameters.swappiness': linux({ swappiness: 101 }),
  'LinuxParameters.maxSwap': linux({ maxSwap: -1 }),
  'LinuxParameters.sharedMemorySize': linux({ sharedMemorySize: 0 }),
  'Tmpfs.size': linux({ tmpfs: [{ containerPath: '/tmp', size: 0 }] }),
  'ContainerDefinition.cpu': withContainer({ cpu: -1 }),
  'ContainerDefinition.memory': withContainer({ memory: 2 }),
  'ContainerDefinition.memoryReservation': withContainer({ memoryReservation: 2 }),
  'ContainerDefinition.startTimeout': withContainer({ startTimeout: -1 }),
  'ContainerDefinition.stopTimeout': withContainer({ stopTimeout: -1 }),
  'RegisterTaskDefinitionRequest.family': withContainer({}, { family: 'my web' }),
  'ContainerDefinition.name': withContainer({ name: 'my app' }),
  'Volume.name': withContainer({}, { volumes: [{ name: 'my data' }] }),
  'PortMapping.name': port({ containerPort: 80, name: 'Web' }),
  'Tag.key': withContainer({}, { tags: [{ key: 'aws:team', value: '' }] }),
  'Tag.value': withContainer({}, { tags: [{ key: 'team', value: '#1' }] }),
  'EnvironmentFile.value': item('environmentFiles', { type: 's3', value: 's3://bucket/app.env' }),
  'SystemControl.namespace': item('systemControls', { namespace: 'vm.swappiness', value: '1' }),
  'ContainerDefinition.credentialSpecs': part('credentialSpecs', ['file://spec.json']),
  'RepositoryCredentials.credentialsParameter': part('repositoryCredentials', {
    credentialsParameter: 'arn:aws:ssm:us-west-2:111122223333:parameter/registry',
  }),
  'MountPoint.containerPath': withContainer(
    { mountPoints: [{ sourceVolume: 'data', containerPath: '' }] },
    { volumes: [{ name: 'data' }] },
  ),
  'KeyValuePair.name': item('environment', { name: ' ', value: '1' }),
  'Secret.name': withContainer({ secrets: [{ name: '', valueFrom: 'a' }] }, { executionRoleArn: 'exec' }),
  'KernelCapabilities.add': linux({ capabilities: { add: ['CAP_NET_ADMIN'] } }),
  'KernelCapabilities.drop': linux({ capabilities: { drop: ['NET_ADMINS'] } }),
  'Tmpfs.mountOptions': linux({ tmpfs: [{ containerPath: '/tmp', size: 1, mountOptions: ['no-exec'] }] }),
  'RegisterTaskDefinitionRequest.containerDefinitions': withContainer(
    {},
    {
      containerDefinitions: many('RegisterTaskDefinitionRequest.containerDefinitions', (at) => ({
        name: `c${at}`,
        image: 'app:1',
        memory: 64,
      })),
    },
  ),
  'RegisterTaskDefinitionRequest.placementConstraints': withContainer(
    {},
    {
      placementConstraints: many('RegisterTaskDefinitionRequest.placementConstraints', () => ({
        type: 'memberOf',
        expression: 'a',
      })),
    },
  ),
  'RegisterTaskDefinitionRequest.tags': withContainer(
    {},
    { tags: many('RegisterTaskDefinitionRequest.tags', (at) => ({ key: `k${at}`, value: '' })) },
  ),
  'ContainerDefinition.environmentFiles': withContainer({
    environmentFiles: many('ContainerDefinition.environmentFiles', (at) => ({
      type: 's3',
      value: `arn:aws:s3:::bucket/${at}.env`,
    })),
  }),
  'ContainerRestartPolicy.ignoredExitCodes': part('restartPolicy', {
    enabled: true,
    ignoredExitCodes: many('ContainerRestartPolicy.ignoredExitCodes', (at) => at),
  }),
};

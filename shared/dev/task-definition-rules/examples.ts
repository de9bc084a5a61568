/** A task definition for each rule that breaks it, for the page that lists the rules; tests check that each does. */
import type { JsonObject } from '../../task-definition/document';
import { ec2, fargate } from './example-tasks';
import { limitExamples } from './limit-examples';
import { loggingExamples } from './logging-examples';

type Parts = Record<string, unknown>;

const other = (parts: Parts = {}) => ({ name: 'db', image: 'db:1', memory: 64, ...parts });
const windows = { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } };
const ports = (...portMappings: Parts[]) => ({ portMappings });
const volume = (parts: Parts) => ({ volumes: [{ name: 'data', ...parts }] });
const efs = (parts: Parts) => volume({ efsVolumeConfiguration: { fileSystemId: 'fs-1', ...parts } });
const mount = { sourceVolume: 'data', containerPath: '/data' };
const secret = { name: 'A', valueFrom: 'a' };
const proxy = (parts: Parts) => ({ networkMode: 'awsvpc', proxyConfiguration: { containerName: 'app', ...parts } });

/** By topic and rule. */
export const ruleExamples: Readonly<Record<string, Readonly<Record<string, JsonObject>>>> = {
  Fields: {
    misspelt: ec2({}, { Image: 'app:1' }),
    newer: ec2({ brandNewSetting: true }),
    type: ec2({}, { cpu: '256' }),
    word: ec2({ networkMode: 'Bridge' }),
    newerWord: ec2({ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2031_CORE' } }),
    required: ec2({ family: undefined }),
    requiredByEcs: ec2({}, { image: undefined }),
    name: ec2({}, { dockerLabels: JSON.parse('{"__proto__":"x"}') as object }),
  },
  Limits: limitExamples,
  'The task': {
    tags: ec2({ tags: [] }),
    tagTwice: ec2({ tags: Array(2).fill({ key: 'team', value: 'shop' }) }),
    proxyContainer: ec2(proxy({ containerName: 'envoy' })),
    proxyProperties: ec2(proxy({ properties: [] })),
    placement: ec2({ placementConstraints: [{ type: 'memberOf' }] }),
    systemControls: ec2({ networkMode: 'host' }, { systemControls: [{ namespace: 'net.core.somaxconn', value: '1' }] }),
    size: ec2({}, { environment: [{ name: 'A', value: 'x'.repeat(70_000) }] }),
    retired: ec2({ inferenceAccelerators: [{ deviceName: 'a', deviceType: 'eia2.medium' }] }),
  },
  'CPU and memory': {
    cpuForm: ec2({ cpu: '1 core' }),
    memoryForm: ec2({ memory: '1 TB' }),
    required: fargate({ cpu: undefined }),
    fargate: fargate({ memory: '4096' }),
    windows: fargate(windows),
    bounds: ec2({ cpu: '64' }),
    ignored: ec2({ ...windows, cpu: '512' }),
  },
  Resources: {
    memory: ec2({}, { memory: undefined }),
    reservation: ec2({}, { memoryReservation: 256 }),
    scarce: ec2({}, { memory: 4 }),
    cpuSum: ec2({ cpu: '256' }, { cpu: 512 }),
    memoryOver: ec2({ memory: '64' }),
    memorySum: ec2({ memory: '128' }, {}, other()),
    ulimit: ec2({}, { ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: 1 }] }),
    device: ec2({}, { resourceRequirements: [{ type: 'GPU', value: '0' }] }),
  },
  Platforms: {
    fargate: fargate({}, { privileged: true }),
    fargatePath: fargate(volume({ host: { sourcePath: '/data' } }), { mountPoints: [mount] }),
    fargateIpc: fargate({ ipcMode: 'host' }),
    fargatePid: fargate({ pidMode: 'host' }),
    capability: fargate({}, { linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } }),
    ulimit: fargate({}, { ulimits: [{ name: 'core', softLimit: 1, hardLimit: 1 }] }),
    timeout: fargate({}, { stopTimeout: 600 }),
    device: fargate({}, { resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    windows: ec2(windows, { privileged: true }),
    windowsArm: ec2({ runtimePlatform: { ...windows.runtimePlatform, cpuArchitecture: 'ARM64' } }),
    external: ec2({ requiresCompatibilities: ['EXTERNAL'], networkMode: 'awsvpc' }),
  },
  Containers: {
    some: ec2({ containerDefinitions: [] }),
    essential: ec2({}, { essential: false }),
    unique: ec2({}, {}, other({ name: 'app' })),
    others: ec2({}, { dependsOn: [{ containerName: 'cache', condition: 'START' }] }),
    ends: ec2({}, { dependsOn: [{ containerName: 'db', condition: 'SUCCESS' }] }, other()),
    healthy: ec2({}, { dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] }, other()),
    cycle: ec2({}, { links: ['db'] }, other({ links: ['app'] })),
    healthCommand: ec2({}, { healthCheck: { command: ['CMD-SHELL, curl -f http://localhost/ || exit 1'] } }),
  },
  'Variables and secrets': {
    variables: ec2({}, { environment: Array(2).fill({ name: 'A', value: '1' }) }),
    secrets: ec2({ executionRoleArn: 'exec' }, { secrets: [secret, secret] }),
    crossed: ec2({ executionRoleArn: 'exec' }, { environment: [{ name: 'A', value: '1' }], secrets: [secret] }),
    reference: ec2({}, { secrets: [{ name: 'A', valueFrom: 'arn:aws:s3:::bucket/a' }] }),
    executionRole: ec2({}, { secrets: [secret] }),
    logRole: ec2({}, { logConfiguration: { logDriver: 'json-file', secretOptions: [secret] } }),
  },
  Network: {
    fargate: fargate({ networkMode: 'bridge' }),
    proxy: ec2({ ...proxy({}), networkMode: 'bridge' }),
    none: ec2({ networkMode: 'none' }, ports({ containerPort: 80 })),
    linksAwsvpc: ec2({ networkMode: 'awsvpc' }, { links: ['db'] }, other()),
    links: ec2({ networkMode: 'host' }, { links: ['db'] }, other()),
    hostname: ec2({ networkMode: 'awsvpc' }, { hostname: 'web' }),
    extraHosts: ec2({ networkMode: 'awsvpc' }, { extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.1' }] }),
    port: ec2({}, ports({ hostPort: 80 })),
    hostPort: ec2({ networkMode: 'awsvpc' }, ports({ containerPort: 80, hostPort: 8080 })),
    unnamed: ec2({}, ports({ containerPort: 80, appProtocol: 'http' })),
    range: ec2({}, ports({ containerPortRange: '8010-8000' })),
    overlap: ec2({}, ports({ containerPort: 8005 }, { containerPortRange: '8000-8010' })),
    conflict: ec2({}, ports({ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 80 })),
    names: ec2({}, ports({ containerPort: 80, name: 'web' }, { containerPort: 81, name: 'web' })),
  },
  Volumes: {
    unique: ec2({ volumes: [{ name: 'data' }, { name: 'data' }] }, { mountPoints: [mount] }),
    kind: ec2(volume({ host: { sourcePath: '/x' }, dockerVolumeConfiguration: { scope: 'task' } })),
    atLaunch: ec2({ volumes: ['a', 'b'].map((name) => ({ name, configuredAtLaunch: true })) }),
    transit: ec2(efs({ authorizationConfig: { iam: 'ENABLED' } })),
    root: ec2(
      efs({ rootDirectory: '/x', transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' } }),
    ),
    filesRoot: ec2(
      volume({ s3filesVolumeConfiguration: { fileSystemArn: 'fs', accessPointArn: 'ap', rootDirectory: '/x' } }),
    ),
    autoprovision: ec2(volume({ dockerVolumeConfiguration: { scope: 'task', autoprovision: true } })),
    known: ec2({}, { mountPoints: [mount] }),
    mounted: ec2(volume({}), { mountPoints: [mount, mount] }),
    unused: ec2(volume({})),
  },
  Logs: loggingExamples,
  References: {
    placeholder: ec2({}, { image: '<IMAGE1_NAME>' }),
    image: ec2({}, { image: 'app :1' }),
    reference: ec2({}, { image: 'App' }),
    digest: ec2({}, { image: `app@sha512:${'a'.repeat(128)}` }),
    imageLength: ec2({}, { image: `${'a'.repeat(254)}:1` }),
    role: ec2({ taskRoleArn: 'arn:aws:iam::1:role/x' }),
    partition: ec2({
      taskRoleArn: 'arn:aws:iam::111122223333:role/x',
      executionRoleArn: 'arn:aws-cn:iam::111122223333:role/y',
    }),
  },
};

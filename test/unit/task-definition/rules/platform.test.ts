import { app, ec2, fargate, type Parts, testRules } from './examples';

const mounted = { mountPoints: [{ sourceVolume: 'v', containerPath: '/v' }] };

const windows = { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } };
const efs = (parts: Parts) => ({
  volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1', ...parts } }],
});

testRules([
  [
    'privileged on Fargate',
    fargate({}, { privileged: true }),
    `warning: ${app}.privileged: is not supported on Fargate`,
    fargate({}, { privileged: false }),
  ],
  [
    'devices on Fargate',
    fargate({}, { linuxParameters: { devices: [{ hostPath: '/dev/x' }] } }),
    `warning: ${app}.linuxParameters.devices: is not supported on Fargate`,
    fargate({}, { linuxParameters: { devices: [] } }),
  ],
  [
    'host path on Fargate',
    fargate({ volumes: [{ name: 'v', host: { sourcePath: '/x' } }] }, mounted),
    'error: volumes[0].host.sourcePath: is not supported on Fargate',
    fargate({ volumes: [{ name: 'v', host: {} }] }, mounted),
  ],
  [
    'placement on Fargate',
    fargate({ placementConstraints: [{ type: 'memberOf', expression: 'x' }] }),
    'warning: placementConstraints: is not supported on Fargate',
    fargate({ placementConstraints: [] }),
  ],
  [
    'processes of the host on Fargate',
    fargate({ pidMode: 'host' }),
    'warning: pidMode: must be task on Fargate',
    fargate({ pidMode: 'task' }),
  ],
  [
    'capabilities on Fargate',
    fargate({}, { linuxParameters: { capabilities: { add: ['SYS_ADMIN'] } } }),
    `warning: ${app}.linuxParameters.capabilities.add: may only hold SYS_PTRACE`,
    fargate({}, { linuxParameters: { capabilities: { add: ['SYS_PTRACE'] } } }),
  ],
  [
    'ulimits on Fargate',
    fargate({}, { ulimits: [{ name: 'core', softLimit: 1, hardLimit: 1 }] }),
    `warning: ${app}.ulimits[0].name: only nofile has an effect on Fargate`,
    fargate({}, { ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 1 }] }),
  ],
  [
    'stop timeout on Fargate',
    fargate({}, { stopTimeout: 121 }),
    `warning: ${app}.stopTimeout: must be from 2 to 120 seconds on Fargate, got 121`,
    ec2({}, { stopTimeout: 121 }),
  ],
  [
    'short stop timeout on Fargate',
    fargate({}, { stopTimeout: 1 }),
    `warning: ${app}.stopTimeout: must be from 2 to 120 seconds on Fargate, got 1`,
    fargate({}, { stopTimeout: 2 }),
  ],
  [
    'start timeout on Fargate',
    fargate({}, { startTimeout: 121 }),
    `warning: ${app}.startTimeout: must be from 2 to 120 seconds on Fargate, got 121`,
    fargate({}, { startTimeout: 120 }),
  ],
  [
    'GPU on Fargate',
    fargate({}, { resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    `warning: ${app}.resourceRequirements: Fargate has no such device`,
    fargate({}, { resourceRequirements: [] }),
  ],
  [
    'Neuron device on Fargate',
    fargate({}, { resourceRequirements: [{ type: 'NeuronDevice', value: 'ALL' }] }),
    `warning: ${app}.resourceRequirements: Fargate has no such device`,
    ec2({}, { resourceRequirements: [{ type: 'NeuronDevice', value: 'ALL' }] }),
  ],
  [
    'Linux parameters on Windows',
    ec2(windows, { linuxParameters: { initProcessEnabled: true } }),
    `warning: ${app}.linuxParameters: is not supported for Windows`,
    ec2(windows, { linuxParameters: { initProcessEnabled: false, capabilities: {} } }),
  ],
  [
    'user on Windows',
    ec2(windows, { user: 'ContainerAdministrator' }),
    `warning: ${app}.user: is not supported for Windows containers`,
    ec2({}, { user: 'node' }),
  ],
  [
    'ARM Windows',
    ec2({ runtimePlatform: { ...windows.runtimePlatform, cpuArchitecture: 'ARM64' } }),
    'warning: runtimePlatform.cpuArchitecture: must be X86_64',
    ec2({ runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'ARM64' } }),
  ],
  [
    'awsvpc on external',
    ec2({ requiresCompatibilities: ['EXTERNAL'], networkMode: 'awsvpc' }),
    'warning: networkMode: must not be awsvpc for external',
    ec2({ requiresCompatibilities: ['EXTERNAL'], networkMode: 'host' }),
  ],
  [
    'EFS on external',
    ec2({ requiresCompatibilities: ['EXTERNAL'], ...efs({}) }, mounted),
    'warning: volumes[0].efsVolumeConfiguration: is not supported on external',
    ec2(efs({}), mounted),
  ],
]);

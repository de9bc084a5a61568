import { once } from '../../once';
import { isList } from '../document';
import { api, ecs, guide, type Rules } from '../evidence';
import type { FieldName } from '../fields';
import { broken, isIdle, type Problem, quote } from '../problem';
import type { Sound, Visit } from '../walk';
import { containersIn, isExternal, isFargate, isWindows, type Rule } from './rule';

/**
 * API_ContainerDefinition, API_LinuxParameters, API_Volume, API_RegisterTaskDefinition: "not supported on Fargate";
 * Developer Guide, "Task definition differences for Fargate".
 */
const notOnFargate = once(
  () =>
    new Set<FieldName>([
      'ContainerDefinition.privileged',
      'ContainerDefinition.dockerSecurityOptions',
      'ContainerDefinition.links',
      'ContainerDefinition.disableNetworking',
      'ContainerDefinition.dnsServers',
      'ContainerDefinition.dnsSearchDomains',
      'ContainerDefinition.extraHosts',
      'LinuxParameters.devices',
      'LinuxParameters.sharedMemorySize',
      'LinuxParameters.maxSwap',
      'LinuxParameters.swappiness',
      'HostVolumeProperties.sourcePath',
      'Volume.dockerVolumeConfiguration',
      'Volume.fsxWindowsFileServerVolumeConfiguration',
      'RegisterTaskDefinitionRequest.ipcMode',
      'RegisterTaskDefinitionRequest.placementConstraints',
    ]),
);

/** The same pages: "not supported for Windows containers". */
const notOnWindows = once(
  () =>
    new Set<FieldName>([
      'ContainerDefinition.linuxParameters',
      'ContainerDefinition.privileged',
      'ContainerDefinition.links',
      'ContainerDefinition.disableNetworking',
      'ContainerDefinition.dnsServers',
      'ContainerDefinition.dnsSearchDomains',
      'ContainerDefinition.extraHosts',
      'ContainerDefinition.readonlyRootFilesystem',
      'ContainerDefinition.systemControls',
      'ContainerDefinition.ulimits',
      'RegisterTaskDefinitionRequest.pidMode',
      'RegisterTaskDefinitionRequest.ipcMode',
    ]),
);

export const platformRules = once(
  () =>
    ({
      fargate: guide('A task for Fargate asks for what Fargate has.', 'fargate-tasks-services'),
      fargatePath: ecs(
        'A task for Fargate has no volume of a path of the host.',
        'host.sourcePath should not be set for volumes in Fargate.',
      ),
      fargateIpc: ecs(
        'A task for Fargate shares no IPC.',
        'Tasks using the Fargate launch type do not support ipcMode.',
      ),
      fargatePid: guide('A task for Fargate shares no processes of the host.', 'fargate-tasks-services'),
      capability: guide('On Fargate, a container adds no capability but SYS_PTRACE.', 'fargate-tasks-services'),
      ulimit: guide('On Fargate, of the limits only nofile is set.', 'fargate-tasks-services'),
      timeout: api('On Fargate, a container starts and stops within 2 to 120 seconds.', 'ContainerDefinition'),
      device: guide('On Fargate, a container has no GPU or Neuron device.', 'fargate-tasks-services'),
      windows: api('A Windows task asks for what Windows containers have.', 'ContainerDefinition'),
      windowsArm: api('A Windows task is of X86_64.', 'RuntimePlatform'),
      external: guide('A task for external instances has no awsvpc and no EFS.', 'ecs-anywhere'),
    }) satisfies Rules,
);

const fargateRule = (field: FieldName) =>
  field === 'HostVolumeProperties.sourcePath'
    ? platformRules().fargatePath
    : field === 'RegisterTaskDefinitionRequest.ipcMode'
      ? platformRules().fargateIpc
      : platformRules().fargate;

/** What the platform of the task does not have. */
export const checkPlatform: Rule = ({ sound, visits }) => [
  ...(isFargate(sound) ? checkFargate(sound, visits) : []),
  ...(isWindows(sound) ? checkWindows(sound, visits) : []),
  ...(isExternal(sound) ? checkExternal(sound, visits) : []),
];

const used = (visits: readonly Visit[], fields: ReadonlySet<FieldName>) =>
  visits.filter(({ field, value }) => fields.has(field) && !isIdle(value));

function checkFargate(task: Sound, visits: readonly Visit[]): Problem[] {
  const added = visits.filter(({ field }) => field === 'KernelCapabilities.add');
  const needless = visits.filter(({ field, value }) => field === 'Ulimit.name' && value !== 'nofile');
  return [
    ...used(visits, notOnFargate()).map(({ field, path }) =>
      broken(fargateRule(field), path, 'is not supported on Fargate; remove it'),
    ),
    ...(task.pidMode === 'host'
      ? [broken(platformRules().fargatePid, ['pidMode'], 'must be task on Fargate, got "host"')]
      : []),
    // Developer Guide, "Task definition differences for Fargate": of the capabilities, only SYS_PTRACE can be added.
    ...added.flatMap(({ path, value }) => {
      const others = (isList(value) ? value : []).filter((capability) => capability !== 'SYS_PTRACE');
      return others.length > 0
        ? [broken(platformRules().capability, path, `may only hold SYS_PTRACE on Fargate, got ${quote(others)}`)]
        : [];
    }),
    ...needless.map(({ path }) => broken(platformRules().ulimit, path, 'only nofile has an effect on Fargate')),
    ...containersIn(task).flatMap(([container, path]) => checkFargateContainer(container, path)),
  ];
}

/** API_ContainerDefinition: startTimeout and stopTimeout are 2 to 120 seconds on Fargate, and there are no GPUs. */
function checkFargateContainer(
  container: ReturnType<typeof containersIn>[number][0],
  path: (string | number)[],
): Problem[] {
  const timeouts = (['startTimeout', 'stopTimeout'] as const).flatMap((field) => {
    const seconds = container[field];
    const fits = seconds === undefined || (seconds >= 2 && seconds <= 120);
    return fits
      ? []
      : [broken(platformRules().timeout, [...path, field], `must be from 2 to 120 seconds on Fargate, got ${seconds}`)];
  });
  const devices = (container.resourceRequirements ?? []).some(({ type }) => type === 'GPU' || type === 'NeuronDevice');
  return devices
    ? [...timeouts, broken(platformRules().device, [...path, 'resourceRequirements'], 'Fargate has no such device')]
    : timeouts;
}

function checkWindows(task: Sound, visits: readonly Visit[]): Problem[] {
  const isArm = task.runtimePlatform?.cpuArchitecture === 'ARM64';
  return [
    ...used(visits, notOnWindows()).map(({ path }) =>
      broken(platformRules().windows, path, 'is not supported for Windows containers; remove it'),
    ),
    // The pages say so of this too, but names such as ContainerAdministrator are in use.
    ...used(visits, new Set<FieldName>(['ContainerDefinition.user'])).map(({ path }) =>
      broken(platformRules().windows, path, 'is not supported for Windows containers, by the documentation of ECS'),
    ),
    ...(isArm
      ? [
          broken(
            platformRules().windowsArm,
            ['runtimePlatform', 'cpuArchitecture'],
            'must be X86_64 for Windows containers',
          ),
        ]
      : []),
  ];
}

/** Developer Guide, "Amazon ECS clusters for external instances": no awsvpc and no EFS volumes there. */
function checkExternal(task: Sound, visits: readonly Visit[]): Problem[] {
  const volumes = used(visits, new Set<FieldName>(['Volume.efsVolumeConfiguration']));
  return [
    ...(task.networkMode === 'awsvpc'
      ? [broken(platformRules().external, ['networkMode'], 'must not be awsvpc for external instances')]
      : []),
    ...volumes.map(({ path }) =>
      broken(platformRules().external, path, 'is not supported on external instances; remove it'),
    ),
  ];
}

import { describe, expect, it } from '@jest/globals';
import { everything } from './everything';
import { app, ec2, fargate, found, type Parts } from './examples';
import { mounted } from './places';

const windows = { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } };
const fsx = {
  fileSystemId: 'fs-1',
  rootDirectory: '/x',
  authorizationConfig: { credentialsParameter: 'arn:aws:ssm:us-west-2:111122223333:parameter/x', domain: 'x' },
};

/** What is not supported, by its path; the parts of the task and of its container that use it. */
type Unsupported = readonly [path: string, task: Parts, container: Parts];

const ofContainer = (field: string, value: unknown): Unsupported => [`${app}.${field}`, {}, { [field]: value }];
const ofLinux = (field: string, value: unknown): Unsupported => [
  `${app}.linuxParameters.${field}`,
  {},
  { linuxParameters: { [field]: value } },
];
const ofVolume = (kind: string, value: unknown, within = ''): Unsupported => [
  `volumes[0].${kind}${within}`,
  { volumes: [{ name: 'v', [kind]: value }] },
  mounted,
];
const ofTask = (field: string, value: unknown): Unsupported => [field, { [field]: value }, {}];

const everywhere = [
  ofContainer('privileged', true),
  ofContainer('links', ['other']),
  ofContainer('disableNetworking', true),
  ofContainer('dnsServers', ['10.0.0.2']),
  ofContainer('dnsSearchDomains', ['example.com']),
  ofContainer('extraHosts', [{ hostname: 'x', ipAddress: '10.0.0.2' }]),
  ofTask('ipcMode', 'task'),
];
const onFargate = [
  ...everywhere,
  ofContainer('dockerSecurityOptions', ['no-new-privileges']),
  ofLinux('devices', [{ hostPath: '/dev/x' }]),
  ofLinux('sharedMemorySize', 64),
  ofLinux('maxSwap', 64),
  ofLinux('swappiness', 60),
  ofVolume('host', { sourcePath: '/x' }, '.sourcePath'),
  ofVolume('dockerVolumeConfiguration', { scope: 'task' }),
  ofVolume('fsxWindowsFileServerVolumeConfiguration', fsx),
  ofTask('placementConstraints', [{ type: 'memberOf', expression: 'x' }]),
];
const onWindows = [
  ...everywhere,
  ofContainer('linuxParameters', { initProcessEnabled: true }),
  ofContainer('readonlyRootFilesystem', true),
  ofContainer('systemControls', [{ namespace: 'net.core.somaxconn', value: '1' }]),
  ofContainer('ulimits', [{ name: 'nofile', softLimit: 1, hardLimit: 1 }]),
  ofTask('pidMode', 'task'),
];

const other = { name: 'other' };

/** What ECS is known to refuse on Fargate; of all else the documentation says so. */
const levelOf = (path: string) => (['ipcMode', 'volumes[0].host.sourcePath'].includes(path) ? 'error' : 'warning');

/** The paths of all that is told of in these words in a task that uses everything. */
const told = (task: Parts, words: string) =>
  found({ ...everything('x'), ...task }).flatMap((finding) => {
    const [, path, problem] = finding.split(': ');
    return problem === words ? [path] : [];
  });
const paths = (all: readonly Unsupported[]) => all.map(([path]) => path);

describe('what Fargate does not have', () => {
  const words = 'is not supported on Fargate; remove it';

  it.each(onFargate)('%s', (path, task, container) => {
    expect(found(fargate(task, container, other))).toContain(`${levelOf(path)}: ${path}: ${words}`);
    expect(found(ec2(task, container, other))).toEqual([]);
  });

  it('has an example each', () => {
    expect(told({ requiresCompatibilities: ['FARGATE'] }, words).sort()).toEqual(paths(onFargate).sort());
    expect(told({ requiresCompatibilities: ['EC2'] }, words)).toEqual([]);
  });
});

describe('what Windows containers do not have', () => {
  const words = 'is not supported for Windows containers; remove it';

  it.each(onWindows)('%s', (path, task, container) => {
    expect(found(ec2({ ...windows, ...task }, container, other))).toEqual([`warning: ${path}: ${words}`]);
    expect(found(ec2(task, container, other))).toEqual([]);
  });

  it('has an example each', () => {
    expect(told(windows, words).sort()).toEqual(paths(onWindows).sort());
    expect(told({ runtimePlatform: { operatingSystemFamily: 'LINUX' } }, words)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ranges } from '../../../../shared/task-definition/limits';
import { app, ec2, fargate, found } from './examples';
import { inContainer, inItem, inPart, inVolume, levelOf, type Place } from './places';

/** AWS's integers end here, so what is above is no whole number to it. */
const most = 2 ** 31 - 1;
const check = { command: ['CMD', 'x'] };
const efs = inVolume<number>('efsVolumeConfiguration', 'transitEncryptionPort', { fileSystemId: 'fs-1' });
const s3Files = inVolume<number>('s3filesVolumeConfiguration', 'transitEncryptionPort', {
  fileSystemArn: 'arn:aws:s3files:us-west-2:111122223333:file-system/fs-1',
});
const tmpfs: Place<number> = [
  `${app}.linuxParameters.tmpfs[0].size`,
  (size) => ec2({}, { linuxParameters: { tmpfs: [{ containerPath: '/t', size }] } }),
];
const storage: Place<number> = [
  'ephemeralStorage.sizeInGiB',
  (sizeInGiB) => fargate({ ephemeralStorage: { sizeInGiB } }),
];

const numbers: readonly [field: string, place: Place<number>, min: number, max: number, rule: string][] = [
  ['PortMapping.containerPort', inItem('portMappings', 'containerPort'), 1, 65_535, 'from 1 to 65535'],
  ['PortMapping.hostPort', inItem('portMappings', 'hostPort', { containerPort: 80 }), 0, 65_535, 'from 0 to 65535'],
  ['EFSVolumeConfiguration.transitEncryptionPort', efs, 1, 65_535, 'from 1 to 65535'],
  ['S3FilesVolumeConfiguration.transitEncryptionPort', s3Files, 1, 65_535, 'from 1 to 65535'],
  ['HealthCheck.interval', inPart('healthCheck', 'interval', check), 5, 300, 'from 5 to 300 seconds'],
  ['HealthCheck.timeout', inPart('healthCheck', 'timeout', check), 2, 60, 'from 2 to 60 seconds'],
  ['HealthCheck.retries', inPart('healthCheck', 'retries', check), 1, 10, 'from 1 to 10'],
  ['HealthCheck.startPeriod', inPart('healthCheck', 'startPeriod', check), 0, 300, 'from 0 to 300 seconds'],
  [
    'ContainerRestartPolicy.restartAttemptPeriod',
    inPart('restartPolicy', 'restartAttemptPeriod', { enabled: true }),
    60,
    1800,
    'from 60 to 1800 seconds',
  ],
  ['EphemeralStorage.sizeInGiB', storage, 21, 200, 'from 21 to 200 GiB'],
  ['LinuxParameters.swappiness', inPart('linuxParameters', 'swappiness'), 0, 100, 'from 0 to 100'],
  ['LinuxParameters.maxSwap', inPart('linuxParameters', 'maxSwap'), 0, most, 'at least 0 MiB'],
  ['LinuxParameters.sharedMemorySize', inPart('linuxParameters', 'sharedMemorySize'), 1, most, 'at least 1 MiB'],
  ['Tmpfs.size', tmpfs, 1, most, 'at least 1 MiB'],
  ['ContainerDefinition.cpu', inContainer('cpu'), 0, most, 'at least 0 CPU units'],
  ['ContainerDefinition.memory', inContainer('memory'), 4, most, 'at least 4 MiB'],
  [
    'ContainerDefinition.memoryReservation',
    inContainer('memoryReservation', { memory: most }),
    4,
    most,
    'at least 4 MiB',
  ],
  ['ContainerDefinition.startTimeout', inContainer('startTimeout'), 0, most, 'at least 0 seconds'],
  ['ContainerDefinition.stopTimeout', inContainer('stopTimeout'), 0, most, 'at least 0 seconds'],
];

describe('the range of a number', () => {
  it.each(numbers)('%s', (field, [path, task], min, max, rule) => {
    const bounds = (value: number) => found(task(value)).filter((finding) => finding.includes(': must be '));
    expect([min, max].flatMap(bounds)).toEqual([]);
    expect(bounds(min - 1)).toEqual([`${levelOf(field)}: ${path}: must be ${rule}, got ${min - 1}`]);
    const above = max === most ? 'a whole number, got a number' : `${rule}, got ${max + 1}`;
    const level = max === most ? 'error' : levelOf(field);
    expect(bounds(max + 1).join('\n')).toContain(`${level}: ${path}: must be ${above}`);
  });

  it('has an example for each number that has one', () => {
    expect(numbers.map(([field]) => field).sort()).toEqual(Object.keys(ranges).sort());
  });
});

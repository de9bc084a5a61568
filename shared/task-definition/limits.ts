import type { FieldName } from './fields';

/**
 * Bounds of single fields, by structure and field. Source of each, unless another is named: Amazon ECS API Reference, the
 * page of the structure.
 */

/** Lowest and highest number. */
export const ranges: Readonly<Partial<Record<FieldName, readonly [min: number, max: number, unit?: string]>>> = {
  'PortMapping.containerPort': [1, 65_535],
  // 0 asks for a dynamic port (bridge).
  'PortMapping.hostPort': [0, 65_535],
  'EFSVolumeConfiguration.transitEncryptionPort': [1, 65_535],
  'S3FilesVolumeConfiguration.transitEncryptionPort': [1, 65_535],
  'HealthCheck.interval': [5, 300, 'seconds'],
  'HealthCheck.timeout': [2, 60, 'seconds'],
  'HealthCheck.retries': [1, 10],
  'HealthCheck.startPeriod': [0, 300, 'seconds'],
  'ContainerRestartPolicy.restartAttemptPeriod': [60, 1800, 'seconds'],
  'EphemeralStorage.sizeInGiB': [21, 200, 'GiB'],
  'LinuxParameters.swappiness': [0, 100],
  'LinuxParameters.maxSwap': [0, 2 ** 31 - 1, 'MiB'],
  'LinuxParameters.sharedMemorySize': [1, 2 ** 31 - 1, 'MiB'],
  'Tmpfs.size': [1, 2 ** 31 - 1, 'MiB'],
  // "You can use CPU values below 2 or above 262144" (API_ContainerDefinition): Linux or Docker then bound them.
  'ContainerDefinition.cpu': [0, 2 ** 31 - 1, 'CPU units'],
  // Docker 19.03 and earlier reserve 4 MiB; less is refused.
  'ContainerDefinition.memory': [4, 2 ** 31 - 1, 'MiB'],
  'ContainerDefinition.memoryReservation': [4, 2 ** 31 - 1, 'MiB'],
  'ContainerDefinition.startTimeout': [0, 2 ** 31 - 1, 'seconds'],
  'ContainerDefinition.stopTimeout': [0, 2 ** 31 - 1, 'seconds'],
};

const name = 'must be 1 to 255 letters, digits, "_" and "-"';
const nameForm = /^[A-Za-z0-9_-]{1,255}$/;

/** The form of a text, and the rule in words. */
export const forms: Readonly<Partial<Record<FieldName, readonly [form: RegExp, rule: string]>>> = {
  'RegisterTaskDefinitionRequest.family': [nameForm, name],
  'ContainerDefinition.name': [nameForm, name],
  'Volume.name': [nameForm, name],
  'PortMapping.name': [
    /^[a-z0-9_][a-z0-9_-]{0,63}$/,
    'must be 1 to 64 lower-case letters, digits, "_" and "-", not beginning with "-"',
  ],
  // API_Tag: the characters, and the lengths in UTF-8 characters; "aws:" is reserved.
  'Tag.key': [
    /^(?![aA][wW][sS]:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
    'must be 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with "aws:"',
  ],
  'Tag.value': [
    /^(?![aA][wW][sS]:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
    'must be at most 256 letters, digits, spaces and _.:/=+-@, not beginning with "aws:"',
  ],
  // Developer Guide, "Pass environment variables to an Amazon ECS container": S3 objects whose names end in .env.
  'EnvironmentFile.value': [
    /^arn:[a-z-]+:s3:::[^/]+\/.*\.env$/,
    'must be the ARN of an S3 object that ends in .env, such as arn:aws:s3:::bucket/app.env',
  ],
  // The namespaced kernel parameters; others would be those of the whole machine.
  'SystemControl.namespace': [
    /^(?:net|fs\.mqueue)\.\S|^kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$/,
    'must be a parameter of net. or fs.mqueue., or one such as kernel.shmmax that has a namespace',
  ],
  'ContainerDefinition.credentialSpecs': [
    /^credentialspec(?:domainless)?:arn:\S/,
    'must be credentialspec: or credentialspecdomainless: with an ARN after it',
  ],
  'RepositoryCredentials.credentialsParameter': [
    /^(?!arn:)\S|^arn:[^:]*:secretsmanager:/,
    'must be the ARN or the name of a secret in Secrets Manager',
  ],
  'MountPoint.containerPath': [/^.+$/s, 'must not be empty'],
  'KeyValuePair.name': [/^.+$/s, 'must not be empty'],
  'Secret.name': [/^.+$/s, 'must not be empty'],
};

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const capabilities = words(`
  ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL
  LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID
  SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME
  SYS_TTY_CONFIG SYSLOG WAKE_ALARM
`);

/** The values that the texts of a list may have, where the pages give a set of them that the SDK's schemas do not know. */
export const choices: Readonly<Partial<Record<FieldName, readonly string[]>>> = {
  'KernelCapabilities.add': capabilities,
  'KernelCapabilities.drop': capabilities,
  // Some take a value, such as mode=1777.
  'Tmpfs.mountOptions': words(`
    defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime
    nodiratime bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime
    strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol
  `),
};

/** Most items of a list. */
export const counts: Readonly<Partial<Record<FieldName, number>>> = {
  // Developer Guide, "Amazon ECS endpoints and quotas": containers for each task definition.
  'RegisterTaskDefinitionRequest.containerDefinitions': 10,
  'RegisterTaskDefinitionRequest.placementConstraints': 10,
  'RegisterTaskDefinitionRequest.tags': 50,
  'ContainerDefinition.environmentFiles': 10,
  'ContainerDefinition.credentialSpecs': 1,
  'ContainerRestartPolicy.ignoredExitCodes': 50,
};
